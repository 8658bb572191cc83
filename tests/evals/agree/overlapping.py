"""Interviews of the corpus, reference marks by overlap of words, and a stand-in model.

The model is a script behind a real endpoint. It marks by what the request shows it alone: rubric
and message between their tags, and how to mark from the prompt's own words.
"""

import csv
import json
import random
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from openai_endpoint import Request, prompt_of

from agent.wording import stems
from evals.agree.cases import Case, cases_of
from evals.agree.people import PersonMark
from evals.agree.sides import COMPETENCIES, MARKS, QUESTIONS, Side
from evals.marks import versions_of
from evals.replay.regrade import Regrading
from evals.replay.sources import all_of, path_of
from evals.results import write_rows

HOW_MANY = 12
SHARE = 0.3
"""Of a statement's words, from which it counts as made."""


def files() -> list[Path]:
    """Screens of the corpus that the local examiner held."""
    return sorted(path_of("transcripts").glob("screen-*.jsonl.gz"))[:HOW_MANY]


@cache
def cases() -> tuple[Case, ...]:
    """They, with their kit."""
    found, problems = cases_of(all_of(map(str, files())))
    assert not problems
    assert len(found) == HOW_MANY
    return tuple(found)


def says(text: str, message: str, least: float = SHARE) -> str | None:
    """The sentence of a message that makes a statement, by overlap of words."""
    wanted = stems(text)
    sentences = re.split(r"(?<=[.?!])\s+", message)
    best = max(sentences, key=lambda sentence: len(wanted & stems(sentence)))
    return best if len(wanted & stems(best)) >= max(least * len(wanted), 1) else None


def reference(case: Case, noise: float = 0.05, by: str = "Ann") -> Iterator[PersonMark]:
    """A careful reader who marks as the stand-in does with the whole rubric and answer before it,
    and now and then sees it otherwise."""
    rng = random.Random(f"{case.id}{by}")
    for question, topic in case.topics.items():
        if not topic.answers:
            continue
        for atom in case.rubric(question):
            found = next(filter(None, (says(atom.text, h.text) for h in topic.answers)), None)
            met = (found is not None and atom.polarity != "negative") != (rng.random() < noise)
            yield PersonMark(case.id, question, atom.id, "met" if met else "not_met", by, "person")


def write_marks(path: Path, marks: Iterable[PersonMark], *, extra: Iterable[str] = ()) -> Path:
    """The marks as CSV, and further lines."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow("transcript,question,atom,verdict,words,by,role,at".split(","))
        for m in marks:
            writer.writerow(
                (m.transcript, m.question, m.atom, m.verdict, m.words, m.by, m.role, m.at)
            )
        file.writelines(f"{line}\n" for line in extra)
    return path


def side(name: str, regraded: Iterable[Regrading]) -> Side:
    """What re-grading came to, as a side of a comparison."""
    found = Side(name)
    for each in regraded:
        found.marks += each.marks()
        found.questions += each.questions()
        found.competencies += each.competencies()
        found.versions[each.after.id] = versions_of(each.after)
    return found


def write_side(found: Side, folder: Path) -> Path:
    """A side as a results folder."""
    write_rows(folder / MARKS, found.marks, found.versions)
    write_rows(folder / QUESTIONS, found.questions, found.versions)
    write_rows(folder / COMPETENCIES, found.competencies, found.versions)
    return folder


def stand_in(request: Request) -> str:
    """The model's reply. It quotes only where it is told to copy, and takes a single word for a
    statement where nobody tells it that a bare keyword is not enough."""
    prompt = prompt_of(request)
    rubric, message = (_between(tag, prompt) for tag in ("rubric", "message"))
    strict = "not met by a bare keyword" in prompt.replace("Otherwise ", "").lower()
    copies = "copied letter by letter" in prompt
    marks = [
        _mark(short, what, text, message, strict=strict, copies=copies)
        for short, what, text in re.findall(r"^(\w+) \(([^)]*)\): (.*)$", rubric, re.M)
    ]
    return json.dumps({
        "readable": True, "intents": ["answer"], "mentions": [], "steering": "", "marks": marks,
        "communicated": [], "way_to_find_out": "", "other_road": "",
    })  # fmt: skip


def _mark(
    short: str, what: str, text: str, message: str, *, strict: bool, copies: bool
) -> dict[str, str]:
    found = (
        None if "negative" in what or "red" in what else says(text, message, SHARE if strict else 0)
    )
    quote = (found or "") if copies else " ".join(sorted(stems(found or "")))
    return {
        "id": short,
        "verdict": "met" if found else "not_met",
        "quote": quote,
        "reason": "",
        "certainty": "high",
    }


def _between(tag: str, prompt: str) -> str:
    whole = re.search(rf"<{tag} (\w{{16}})>\n(.*?)\n</{tag} \1>", prompt, re.S)
    assert whole is not None, f"the request shows no {tag}"
    return whole[2]
