"""The whole judgement of the interviewer on a folder of transcripts: `viva judge`.

Verify, re-grade, the interviewer's own rules, agreement with reference marks and the suites, each
into a folder of its own, and a dashboard over all of them. A part that fails does not stop the
others.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from evals.markdown import counted
from evals.replay.sources import named
from knowledge.errors import BadInput, VivaError

CORPUS = Path(__file__).parent / "transcripts"
MARKS = "marks.csv"
QUICK = 12
"""Transcripts of a quick judgement, evenly spread over the folder."""
TRIALS = {True: 60, False: 600}
"""Gradings, or attempts, of each suite, by whether it is quick."""
SUITES = ("invariance", "attacks", "leakage")
PAGE = "index.html"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What is to be judged; `marks` None: those beside the transcripts, if there are any."""

    folder: Path
    out: Path
    marks: Path | None = None
    workers: int = 0
    quick: bool = False


@dataclass
class Judgement:
    """What it came to, in words; `problems` is what failed or could not be judged."""

    found: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def judge(asked: Asked, tell: Tell = lambda line: None) -> Judgement:
    """Run every part and write the results folder with its dashboard.

    Raises:
        NotFound: the folder holds no transcripts.
        BadInput: the results cannot be written there.
    """
    from evals.dashboard.page import write

    names = _sample(asked)
    _begin(asked.out)
    done = Judgement()
    for name, part in PARTS.items():
        tell(f"{name} ...")
        try:
            done.found[name] = part(asked, names, done.problems, tell)
        except VivaError as error:
            done.problems.append(f"{name}: {error.message} {error.remedy}")
        except Exception as error:
            done.problems.append(f"{name} failed ({type(error).__name__}: {error}).")
        if name in done.found:
            tell(f"{name}: {done.found[name]}")
    _keep(asked, len(names), done)
    write(asked.out, asked.out / PAGE)
    return done


def _sample(asked: Asked) -> list[str]:
    every = [str(path) for path in named([str(asked.folder)])]
    if not asked.quick or len(every) <= QUICK:
        return every
    return [every[place * len(every) // QUICK] for place in range(QUICK)]


def _begin(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        strange = any(out.iterdir()) and not (out / "run.json").is_file()
        if not strange:
            (out / "run.json").write_text("{}", "utf-8")
    except OSError as error:
        raise BadInput(
            f"{out} cannot be written: {error.strerror}.", "Give another folder to --out."
        ) from None
    if strange:
        raise BadInput(f"{out} holds something else.", "Give another folder to --out.")


def _replayed(kind: str) -> "Part":
    def part(asked: Asked, names: Sequence[str], problems: list[str], tell: Tell) -> str:
        from api.settings import Settings
        from evals.replay.asking import Asked as Replay
        from evals.replay.fleet import Fleet
        from evals.replay.many import run

        examiner, embedder = ("local", Settings().embedder) if kind == "regrade" else (None, None)
        embedder = embedder or Settings().embedder
        replay = Replay(
            kind="regrade" if kind == "regrade" else "verify", examiner=examiner, embedder=embedder
        )
        progress = _progress(kind, tell)
        found = run(names, replay, asked.out / kind, Fleet(asked.workers), progress)
        states = [each.state for each in found]
        problems += (
            f"{kind}, {each.id}: {each.told}"
            for each in found
            if each.state in {"different", "failed"} or each.failed
        )
        counts = (f"{states.count(state)} {state}" for state in dict.fromkeys(states))
        return f"{counted(len(found), 'transcript')}: {', '.join(counts)}."

    return part


def _progress(what: str, tell: Tell) -> Callable[[int, int], None]:
    last = 0

    def told(done: int, of: int) -> None:
        nonlocal last
        if done == of or done - last >= max(of // 5, 1):
            last = done
            tell(f"  {what}: {done} of {of}")

    return told


def _scorecard(asked: Asked, names: Sequence[str], problems: list[str], tell: Tell) -> str:
    from evals.replay.sources import Unread, all_of
    from evals.results import write_rows
    from evals.scorecard.card import Card
    from evals.scorecard.cards import cards_of

    found = list(cards_of(all_of(names)))
    cards = [each for each in found if isinstance(each, Card)]
    unread = [each for each in found if isinstance(each, Unread)]
    problems += (f"scorecard, {each.id}: {each.why} {each.remedy}" for each in unread)
    versions = {card.figures.transcript: card.versions for card in cards}
    folder = asked.out / "scorecard"
    findings = [finding for card in cards for finding in card.findings]
    write_rows(folder / "conduct.parquet", findings, versions)
    write_rows(folder / "figures.parquet", [card.figures for card in cards], versions)
    faults = sum(card.faults for card in cards)
    told = counted(len(cards), "interview"), counted(faults, "fault")
    return f"{', '.join(told)}, {counted(len(findings) - faults, 'moment')} to look at."


def _agreement(asked: Asked, names: Sequence[str], problems: list[str], tell: Tell) -> str:
    from evals.agree import run

    marks = asked.marks or asked.folder / MARKS
    if asked.marks is None and not marks.is_file():
        return f"left out: there is no {MARKS} beside the transcripts."
    done = run.agree([str(asked.folder)], [marks])
    folder = asked.out / "agreement"
    folder.mkdir(exist_ok=True)
    run.keep(done, folder, 10)
    problems += (f"agreement: {problem}" for problem in done.problems)
    return f"{len(done.marks)} marks by people, {len(done.disagreements)} disagreements."


def _suite(name: str) -> "Part":
    def part(asked: Asked, names: Sequence[str], problems: list[str], tell: Tell) -> str:
        from evals.suites.running import Order, run

        order = Order(suite=name, most=TRIALS[asked.quick])  # type: ignore[arg-type]
        found = asyncio.run(run(order, asked.out / "suites"))
        missed = [aim.what for aim in found.aims if not aim.met]
        told = f"missed: {'; '.join(missed)}" if missed else "every aim met"
        return f"{found.cases} cases, {told}."

    return part


Part = Callable[[Asked, Sequence[str], list[str], Tell], str]
PARTS: dict[str, Part] = {
    "verify": _replayed("verify"),
    "regrade": _replayed("regrade"),
    "scorecard": _scorecard,
    "agreement": _agreement,
    **{f"suite {name}": _suite(name) for name in SUITES},
}


def _keep(asked: Asked, transcripts: int, done: Judgement) -> None:
    many = f"{transcripts} transcripts{', a sample' if asked.quick else ''}"
    run = {
        "kind": "judgement",
        "made": f"{many}, judged by Viva {version('viva')}",
        "asked": {key: str(value) for key, value in asdict(asked).items()},
        "transcripts": transcripts,
        "found": done.found,
        "problems": done.problems,
    }
    part = asked.out / "run.json.part"
    part.write_text(json.dumps(run, indent=2, ensure_ascii=False), "utf-8")
    part.replace(asked.out / "run.json")


def in_words(done: Judgement) -> Iterator[str]:
    """The judgement, a line for each part, then what is wrong."""
    yield from (f"{name}: {told}" for name, told in done.found.items())
    if done.problems:
        yield f"\n{counted(len(done.problems), 'problem')}:"
        yield from (f"  {problem}" for problem in done.problems)
