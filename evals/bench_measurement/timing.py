"""How long the choice of the next question takes, for a kit of any size."""

import time
from statistics import median

from agent import choosing
from agent.policy import Policy
from agent.state import Interview, new_interview
from agent.syllabus import Syllabus
from agent.testlets import opened
from evals.bench_measurement import banks
from evals.markdown import table

TIMES = 5
CORE = 9


def report(questions: int = 200) -> str:
    """Milliseconds by question of an interview: the first run in a process, and later ones."""
    syllabus = banks.made_up(questions, ladders=6)
    runs = [_interview(syllabus, Policy(), seed) for seed in range(TIMES + 1)]
    cold, warm = runs[0], [median(run[n] for run in runs[1:]) for n in range(CORE)]
    worst = max(max(run) for run in runs[1:])
    rows = [[n + 1, f"{cold[n]:.2f}", f"{warm[n]:.2f}"] for n in range(CORE)]
    told = f"Longest of all warm choices: {worst:.2f} ms."
    return f"{table(('question', 'cold, ms', 'warm, ms'), rows)}\n\n{told}"


def _interview(syllabus: Syllabus, policy: Policy, seed: int) -> list[float]:
    """Milliseconds for each choice, what is settled included."""
    state = new_interview(
        mode="practice",
        level="mid",
        seed=seed,
        minutes=90,
        core=CORE,
        subjects=syllabus.subjects[: policy.most_subjects],
    )
    return [_choose(state, syllabus, policy) for _ in range(CORE)]


def _choose(state: Interview, syllabus: Syllabus, policy: Policy) -> float:
    before = time.thread_time()
    state["settled"] += choosing.newly_settled(state, syllabus, policy)
    choice = choosing.next_core(state, syllabus, policy, "model")
    took = (time.thread_time() - before) * 1000
    assert choice is not None
    testlet = opened(choice, choice.item.subject, counts=True)
    number = len(state["testlets"])
    score = (number + state["seed"]) % 5 / 4
    testlet |= {"graded": True, "outcome": "answered", "score": score, "by": "model"}
    state["testlets"].append(testlet)
    state["number"] += 1
    return took
