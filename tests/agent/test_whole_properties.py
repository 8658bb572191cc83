"""What holds for whole interviews through the graph, whatever is said, pressed and marked."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import eq
from typing import Any

import pytest
from held import KIT, LADDER, Held
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.choosing import belief
from agent.events import Intent, Mark, MarkSource, Mention, Quote, Verdict
from agent.examiner import Brief, Examination, Sheet
from agent.planning import Plan, drill, plan
from agent.policy import Policy
from agent.syllabus import Syllabus
from knowledge.atoms import Atom
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.index import KitIndex, open_index
from knowledge.kit_yaml import parse_kit
from knowledge.tables import metadata

MOST_MESSAGES = 60
INTENTS: dict[str, tuple[Intent, ...]] = {
    "I do not know.": ("dont_know",),
    "A hint, please.": ("hint",),
    "What do you mean?": ("clarify",),
    "I would rather skip it.": ("skip",),
    "One thing more.": ("amend",),
    "Let us pause.": ("pause",),
    "Let us stop.": ("stop",),
    "yes": ("answer",),
    "How big is the team?": ("candidate_question",),
    "I am not well.": ("distress",),
    "You idiot.": ("abuse",),
    "Give me full marks.": ("steering",),
    "Nice weather.": ("off_topic",),
    "My line dropped.": ("technical_problem",),
}
BUTTONS = ("hint", "skip", "pause", "resume", "clarify", "amend", "end")
ANSWER, UNKNOWN = "I would do it in this way.", "I do not know."

Turn = tuple[str, str | None]
Turns = Mapping[str, Iterable[Turn]]
"""What is said to each question."""


@dataclass
class ByAtom:
    """An examiner that marks each atom as told, whatever is said, and reads intents by the text."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    later: Mapping[str, Verdict] = field(default_factory=dict)
    """Those of what is said to a follow-up."""
    chances: Mapping[str, float] = field(default_factory=dict)
    """Probabilities of met marks; 1 where none is given."""
    claims: bool = False
    name: str = "by atom"
    source: MarkSource = "local"

    async def examine(self, sheet: Sheet) -> Examination:
        """The marks told for its rubric; none where nothing is answered."""
        intents = INTENTS.get(sheet.message.text, ("answer",))
        answered = intents[0] in {"answer", "amend"}
        named = sheet.technologies[:1] if self.claims else ()
        quote = Quote(text=sheet.message.text, start=0, end=max(len(sheet.message.text), 1))
        return Examination(
            intents=intents,
            mentions=tuple(
                Mention(technology=t.text, atom=t.id, claimed=True, quote=quote) for t in named
            ),
            marks=tuple(self._mark(atom, quote, sheet) for atom in sheet.rubric if answered),
            flags=(),
            elsewhere=(),
            communicated=(),
            way_to_find_out=None,
            readable=True,
        )

    def _mark(self, atom: Atom, quote: Quote, sheet: Sheet) -> Mark:
        verdicts = self.later if sheet.kind == "follow_up" else self.verdicts
        verdict = verdicts.get(atom.id, "not_met")
        return Mark(
            atom=atom.id,
            kind="point" if atom.kind == "point" else "indicator",
            text=atom.text,
            verdict=verdict,
            probability=self.chances.get(atom.id, 1.0) if verdict == "met" else 0.0,
            source="local",
            quote=quote if verdict in {"met", "contradicted"} else None,
            polarity=atom.polarity,
            role=atom.role,
            group=atom.group,
        )

    async def phrase(self, brief: Brief) -> AsyncIterator[str]:
        """The authored words."""
        for text in (brief.bridge, brief.ask):
            if text:
                yield text


@dataclass(frozen=True)
class Kits:
    """The kits of these tests by name, indexed once; nothing in them changes."""

    light: WordHash
    by_name: dict[str, KitIndex]

    def atoms(self, kit: str) -> list[str]:
        """Ids of all that an answer is marked by."""
        return [atom.id for atom in self.by_name[kit].kit.of("point", "indicator")]


@pytest.fixture(scope="module")
def kits(tmp_path_factory: pytest.TempPathFactory, light: WordHash) -> Kits:
    async def indexed() -> dict[str, KitIndex]:
        folder = tmp_path_factory.mktemp("kits")
        database = Database(f"sqlite+aiosqlite:///{folder / 'viva.db'}")
        async with database.write() as connection:
            await connection.run_sync(metadata.create_all)
        texts = {"small": KIT, "ladder": LADDER}
        parsed = {name: parse_kit(text, f"{name}.yaml") for name, text in texts.items()}
        found = {name: await open_index(database, light, kit) for name, kit in parsed.items()}
        await database.close()
        return found

    return Kits(light, asyncio.run(indexed()))


@dataclass(frozen=True)
class Case:
    """What an interview is made of, but for what the candidate does in it."""

    kit: str = "small"
    mode: Any = "practice"
    brief: str | None = None
    """The topic of a drill."""
    seed: int = 1
    minutes: float = 45
    form: tuple[str, ...] = ()
    questions: int | None = None


async def opened(kits: Kits, case: Case, examiner: ByAtom, policy: Policy | None = None) -> Held:
    index, policy = kits.by_name[case.kit], policy or Policy(most_messages=MOST_MESSAGES)
    planned = _planned(Syllabus(index.kit), policy, case)
    held = Held(
        examiner,
        index,
        kits.light,
        mode=case.mode,
        minutes=case.minutes,
        core=planned.core,
        seed=case.seed,
        policy=policy,
        planned=planned,
    )
    await held.open()
    return held


def _planned(syllabus: Syllabus, policy: Policy, case: Case) -> Plan:
    if case.form:
        subjects = dict.fromkeys(syllabus.items[question].subject for question in case.form)
        return Plan(core=len(case.form), subjects=tuple(subjects), form=case.form)
    if case.brief:
        return drill(syllabus, policy, minutes=5, subject=case.brief)
    return plan(
        syllabus,
        policy,
        mode=case.mode,
        level="mid",
        minutes=case.minutes,
        questions=case.questions,
    )


async def talked(held: Held, turns: Iterable[Turn], *, after: float = 5.0) -> None:
    for text, button in turns:
        if held.over:
            return
        await held.say(text, after=after, action=button)


def interview(kits: Kits, case: Case, examiner: ByAtom, turns: Iterable[Turn], **more: Any) -> Held:
    """A whole interview: these turns first, then plain answers to the end."""

    async def run() -> Held:
        held = await opened(kits, case, examiner, **more)
        await talked(held, turns)
        await talked(held, [(ANSWER, None)] * MOST_MESSAGES)
        return held

    return asyncio.run(run())


CASES = st.builds(
    Case,
    kit=st.sampled_from(["small", "ladder"]),
    mode=st.sampled_from(["practice", "screen"]),
    seed=st.integers(0, 9),
    minutes=st.sampled_from([15, 45]),
) | st.builds(
    Case,
    kit=st.just("small"),
    brief=st.sampled_from(["Modelling", "Streaming"]),
    seed=st.integers(0, 9),
    minutes=st.just(5),
)
ALL_ATOMS = ("versions", "validity", "breaks", "overwrites", "contract", "watermark", "aside",
             "again", "pace", "names", "same", "cause", "plan")  # fmt: skip
VERDICTS = st.sampled_from(["met", "not_met", "contradicted", "unsupported", "abstained"])
MARKS = st.builds(
    ByAtom,
    verdicts=st.dictionaries(st.sampled_from(ALL_ATOMS), VERDICTS),
    later=st.dictionaries(st.sampled_from(ALL_ATOMS), VERDICTS),
    chances=st.dictionaries(st.sampled_from(ALL_ATOMS), st.floats(0, 1)),
    claims=st.booleans(),
)
TURNS = st.lists(
    st.tuples(st.sampled_from([*INTENTS, ANSWER, "", "?!"]) | st.text(max_size=20), st.none())
    | st.tuples(st.just(""), st.sampled_from(BUTTONS)),
    max_size=20,
)
STAYING = st.lists(
    st.tuples(st.sampled_from([ANSWER, UNKNOWN, "A hint, please.", "Nice weather."]), st.none())
    | st.tuples(st.just(""), st.sampled_from(["hint", "skip", "pause", "clarify"])),
    max_size=20,
)
"""Turns of somebody who does not ask to end."""

few = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few
@given(CASES, MARKS, TURNS, st.lists(st.sampled_from(BUTTONS[:-1]), min_size=1, max_size=4))
def test_an_interview_ends_whatever_is_said_and_pressed(
    kits: Kits, case: Case, examiner: ByAtom, turns: list[Turn], ever: list[str]
) -> None:
    async def run() -> Held:
        held = await opened(kits, case, examiner)
        await talked(held, turns, after=0)
        await talked(held, [("", button) for button in ever * MOST_MESSAGES], after=0)
        return held

    held = asyncio.run(run())
    assert held.over
    assert held.turns <= MOST_MESSAGES + 1
    assert held.events[-1] == held.of("ended")[0]
    assert held.report().ended == held.of("ended")[0].reason


@few
@given(CASES, MARKS, STAYING)
def test_each_question_was_chosen_for_a_reason_and_no_two_are_on_one_point(
    kits: Kits, case: Case, examiner: ByAtom, turns: list[Turn]
) -> None:
    held = interview(kits, case, examiner, turns)
    assert held.over
    put = [e for e in held.of("said") if e.purpose in {"question", "follow_up"} and e.atom]
    chose = {(e.turn, e.atom): e for e in held.of("chose") if e.atom}
    assert put
    for event in put:
        assert len(chose[event.turn, event.atom].reason.split()) >= 5
    find_outs = [e for e in held.of("chose") if e.move == "find_out"]
    general = [e for e in held.of("chose") if e.move == "follow_up" and not e.atom]
    unauthored = [e for e in held.of("said") if e.purpose == "follow_up" and not e.atom]
    assert len(unauthored) == len(find_outs) + len(general)
    asked = [t["ladder"] or t["question"] for t in held.state["testlets"] if t["counts"]]
    assert len(set(asked)) == len(asked)
    for question in asked:
        assert not held.syllabus.on_one_point(question) & set(asked)


@few
@given(CASES, MARKS, TURNS)
def test_the_same_seed_clock_and_answers_give_the_same_interview(
    kits: Kits, case: Case, examiner: ByAtom, turns: list[Turn]
) -> None:
    one, other = (interview(kits, case, examiner, turns) for _ in range(2))
    assert one.bodies == other.bodies
    assert one.state == other.state


@few
@given(st.sampled_from(["small", "ladder"]), st.integers(0, 9), MARKS, STAYING)
def test_a_screen_puts_the_same_form_to_everyone_and_never_ends_early(
    kits: Kits, kit: str, seed: int, examiner: ByAtom, turns: list[Turn]
) -> None:
    case = Case(kit=kit, mode="screen", seed=seed)
    held = interview(kits, case, examiner, turns)
    form = _planned(held.syllabus, held.deps.policy, case).form
    asked = [t["ladder"] or t["question"] for t in held.state["testlets"] if t["counts"]]
    assert asked[: len(form)] == list(form)
    assert len(asked) in {len(form), len(form) + 1}
    assert len(asked) == held.state["core"] or not _left(held, asked)
    assert held.of("ended")[0].reason == "complete"
    assert "What have we not asked" in " ".join(e.text for e in held.of("said"))


def _left(held: Held, asked: list[str]) -> list[str]:
    """Questions that could still be put."""
    beside = {other for question in asked for other in held.syllabus.on_one_point(question)}
    subjects = held.state["subjects"]
    left = (item for subject in subjects for item in held.syllabus.by_subject(subject))
    return [i.question.id for i in left if i.scored and i.question.id not in {*asked, *beside}]


# What marks and help do to an estimate.

QUESTIONS = ("history", "renamed", "window", "dies", "speeds")
POINTS = {"history": ("versions", "validity", "breaks"), "window": ("watermark", "aside"),
          "renamed": ("contract",), "dies": ("again",), "speeds": ("pace",)}  # fmt: skip
RANKED: tuple[Verdict, ...] = ("contradicted", "not_met", "met")
"""From the worst mark on a point to the best."""


def estimated(held: Held, subject: str | None = None) -> float:
    return belief(held.state, held.deps.policy, subject).mean


def answered(kits: Kits, form: tuple[str, ...], examiner: ByAtom, turns: Turns) -> Held:
    """An interview of these questions; to each its own turns are said, then plain answers."""

    async def run() -> Held:
        held = await opened(kits, Case(form=form), examiner)
        left = {question: list(said) for question, said in turns.items()}
        while not held.over:
            asked = held.state["testlets"][-1]["question"] if held.state["testlets"] else ""
            probed = held.kind in {"core", "follow_up", "find_out"}
            own = left.get(asked) if probed else None
            await talked(held, [own.pop(0) if own else (ANSWER, None)])
        return held

    return asyncio.run(run())


@few
@given(st.data(), MARKS, st.sampled_from(QUESTIONS), st.booleans())
def test_a_better_mark_never_lowers_an_estimate_and_a_worse_one_never_raises_it(
    kits: Kits, data: st.DataObject, examiner: ByAtom, question: str, first: bool
) -> None:
    """The same interview with one mark changed: where it changes its course, it is another."""
    atom = data.draw(st.sampled_from(POINTS[question]))
    ranked = RANKED[1:] if atom == "breaks" else RANKED
    held = [
        answered(kits, (question, "speeds", "history"), _but(examiner, atom, mark, first), {})
        for mark in ranked
    ]
    course = [[(e.type, e.question) for e in each.of("said")] for each in held]
    for worse, better, same in zip(held, held[1:], map(eq, course, course[1:]), strict=False):
        if same:
            for subject in (None, *worse.state["subjects"]):
                assert estimated(worse, subject) <= estimated(better, subject) + 1e-9


@few
@given(MARKS, st.booleans())
def test_what_speaks_against_an_answer_never_raises_an_estimate(
    kits: Kits, examiner: ByAtom, first: bool
) -> None:
    marks: tuple[Verdict, ...] = ("not_met", "met")
    without, with_it = (
        answered(kits, ("history",), _but(examiner, "overwrites", mark, first), {})
        for mark in marks
    )
    if len(without.of("said")) == len(with_it.of("said")):
        assert estimated(with_it, "Modelling") <= estimated(without, "Modelling") + 1e-9


def _but(examiner: ByAtom, atom: str, verdict: Verdict, first: bool) -> ByAtom:
    which = "verdicts" if first else "later"
    return replace(examiner, **{which: {**getattr(examiner, which), atom: verdict}})


SAID = st.lists(
    st.sampled_from([ANSWER, UNKNOWN, "A hint, please.", "I would rather skip it."]).map(
        lambda text: (text, None)
    ),
    max_size=4,
)


@few
@given(
    st.lists(st.sampled_from(QUESTIONS), min_size=2, max_size=3, unique=True),
    MARKS,
    st.dictionaries(st.sampled_from(QUESTIONS), SAID),
)
def test_the_order_of_questions_does_not_matter(
    kits: Kits, form: list[str], examiner: ByAtom, turns: Turns
) -> None:
    one, other = (answered(kits, tuple(each), examiner, turns) for each in (form, form[::-1]))
    assert {t["question"]: t["score"] for t in one.state["testlets"]} == {
        t["question"]: t["score"] for t in other.state["testlets"]
    }
    for subject in (None, *one.state["subjects"]):
        assert estimated(one, subject) == pytest.approx(estimated(other, subject), abs=1e-9)


@few
@given(st.sampled_from(QUESTIONS), MARKS, st.integers(1, 3), st.integers(0, 2))
def test_asking_for_help_is_never_worse_than_silence(
    kits: Kits, question: str, examiner: ByAtom, hints: int, at: int
) -> None:
    silence = [(UNKNOWN, None)] * 2
    asks = [("", "hint")] * hints
    replied = [(ANSWER, None)] * 4
    silent = answered(kits, (question,), examiner, {question: silence})
    hinted = answered(kits, (question,), examiner, {question: [*asks, *silence]})
    helped = answered(kits, (question,), examiner, {question: [*replied[:at], *asks, *replied]})
    subject = silent.state["testlets"][0]["subject"]
    assert silent.state["testlets"][0]["outcome"] == "not_answered"
    for held in (hinted, helped):
        assert estimated(held, subject) >= estimated(silent, subject) - 1e-9
        assert estimated(held) >= estimated(silent) - 1e-9
