"""Interviews as one eval log of Inspect AI: `inspect view` opens them with marks and findings.

We write the JSON form of the format, version 2, ourselves; Inspect is no dependency of Viva. A
sample is an interview. Our events stand in its transcript as `info` events, a turn each in a
`span`; calls of a language model are `model` events, graded answers `score` events. A question
that could not be graded has no number anywhere: it is null among the questions' scores.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from statistics import fmean
from typing import Any

from agent.events import AnyEvent, Header, Heard, Marked, ModelCalled, Said, Took
from agent.report import Report, report
from evals.marks import questions_of
from evals.replay.sources import Unread
from evals.replay.transcript import Transcript
from evals.scorecard.card import Card
from evals.scorecard.cards import Cards
from evals.scorecard.finding import Finding
from knowledge.errors import BadInput

VERSION = 2
Json = dict[str, Any]
TASK = "viva interviews"


@dataclass(frozen=True)
class Judged:
    """An interview with its report and its scorecard."""

    transcript: Transcript
    report: Report
    card: Card

    @property
    def model(self) -> str:
        """What marked and spoke: the language model, or `viva/local`."""
        header = self.transcript.header
        return header.model or f"viva/{header.examiner}"


def write_log(transcripts: Iterable[Transcript], path: Path) -> list[Unread]:
    """Write a log of these interviews, whole or not at all.

    Returns:
        The interviews that were left out, for their kit is gone.

    Raises:
        BadInput: the name does not end in `.json`, two interviews have one id, or none is left.
    """
    if path.suffix != ".json":
        raise BadInput(f"{path.name} is no name for a log.", "Give one that ends in `.json`.")
    cards = Cards()
    found = [_judged(transcript, cards) for transcript in transcripts]
    judged = [each for each in found if isinstance(each, Judged)]
    _check_ids([each.transcript.id for each in judged])
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(log_of(judged), ensure_ascii=False, allow_nan=False), "utf-8")
    part.replace(path)
    return [each for each in found if isinstance(each, Unread)]


def _judged(transcript: Transcript, cards: Cards) -> Judged | Unread:
    card = cards.of(transcript)
    if isinstance(card, Unread):
        return card
    syllabus = cards.known(transcript).syllabus
    return Judged(transcript, report(transcript.id, transcript.events, syllabus), card)


def _check_ids(ids: Sequence[str]) -> None:
    if not ids:
        raise BadInput("There is no interview to write.", "Name transcripts whose kits are here.")
    twice = [id_ for id_, times in Counter(ids).items() if times > 1]
    if twice:
        raise BadInput(f"Two interviews are called {twice[0]}.", "Give one file a new name.")


def log_of(judged: Sequence[Judged]) -> Json:
    """The log as JSON-native values."""
    first = judged[0].transcript.header
    began, ended = _when(judged, min), _when(judged, max)
    models = sorted({each.model for each in judged})
    return {
        "version": VERSION,
        "status": "success",
        "eval": {
            "created": began,
            "task": TASK,
            "task_id": "viva-interviews",
            "eval_id": f"viva-{judged[0].transcript.id}-{len(judged)}",
            "run_id": f"viva-{len(judged)}",
            "dataset": {
                "name": "interviews",
                "samples": len(judged),
                "sample_ids": [each.transcript.id for each in judged],
                "shuffled": False,
            },
            "model": models[0] if len(models) == 1 else "several",
            "config": {},
            "packages": {"viva": first.viva},
            "metadata": {"models": models, "kits": sorted({_kit(each) for each in judged})},
        },
        "plan": {"name": "interview", "steps": [{"solver": "viva"}]},
        "results": _results(judged),
        "stats": {"started_at": began, "completed_at": ended, "model_usage": _all_usage(judged)},
        "samples": [_sample(each) for each in judged],
    }


def _kit(judged: Judged) -> str:
    header = judged.transcript.header
    return f"{header.kit}@{header.kit_version}"


def _when(judged: Sequence[Judged], choose: Any) -> str:
    """Of all events but headers, which are from before the clock."""
    times = [event.at for each in judged for event in each.transcript.events[1:]]
    return _iso(choose(times, default=0.0))


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _results(judged: Sequence[Judged]) -> Json:
    """Means over all interviews, of what is a number."""
    figures = [each.card.figures for each in judged]
    graded = [score for each in judged for score in _questions(each).values() if score is not None]
    means = {
        "faults": fmean(each.faults for each in figures),
        "looks": fmean(each.looks for each in figures),
        **({"question score": fmean(graded)} if graded else {}),
    }
    return {
        "total_samples": len(judged),
        "completed_samples": len(judged),
        "scores": [
            {"name": name, "scorer": "viva", "metrics": {"mean": {"name": "mean", "value": value}}}
            for name, value in means.items()
        ],
    }


def _sample(judged: Judged) -> Json:
    transcript, figures = judged.transcript, judged.card.figures
    header, messages = transcript.header, _messages(transcript)
    closing = next((m["content"] for m in reversed(messages) if m["role"] == "assistant"), "")
    return {
        "id": transcript.id,
        "epoch": 1,
        "input": f"{header.mode} for {header.role or header.kit} at {header.level}",
        "target": "",
        "messages": messages,
        "output": _output(judged.model, closing),
        "scores": _scores(judged),
        "metadata": {
            **asdict(judged.card.versions),
            "figures": asdict(figures),
            "findings": [asdict(finding) for finding in judged.card.findings],
        },
        "events": list(_events(judged)),
        "model_usage": _usage(judged),
        "started_at": _when([judged], min),
        "completed_at": _when([judged], max),
        "total_time": figures.machine_seconds or 0.0,
        "working_time": figures.machine_seconds or 0.0,
        "uuid": f"viva-{transcript.id}",
    }


def _messages(transcript: Transcript) -> list[Json]:
    """What was said and heard, in order; a button is told in brackets."""
    return [
        {
            "id": f"{transcript.id}-{event.seq}",
            "role": "assistant" if isinstance(event, Said) else "user",
            "content": _content(event),
        }
        for event in transcript.events
        if isinstance(event, Said | Heard)
    ]


def _content(event: Said | Heard) -> str:
    button = f"[{event.action}]" if isinstance(event, Heard) and event.action else ""
    return " ".join(filter(None, (button, event.text)))


def _output(model: str, text: str, usage: Json | None = None) -> Json:
    message = {"role": "assistant", "content": text}
    choice = {"message": message, "stop_reason": "stop"}
    return {"model": model, "choices": [choice], "completion": text, "usage": usage}


def _questions(judged: Judged) -> dict[str, float | None]:
    return {row.question: row.score for row in questions_of(judged.transcript)}


def _scores(judged: Judged) -> Json:
    """Verdict, conduct, competencies and questions; where nothing was asked, the first two."""
    rows = list(questions_of(judged.transcript))
    told = judged.report
    figures = judged.card.figures
    found = [f"{each.severity}: {each.rule}: {each.why}" for each in judged.card.findings]
    scores: Json = {
        "verdict": {"value": told.verdict},
        "conduct": {
            "value": {"faults": figures.faults, "looks": figures.looks},
            "explanation": "\n".join(f"- {each}" for each in found) or "Nothing was found.",
        },
        "competencies": {"value": {each.name: each.verdict for each in told.competencies}},
        "questions": {
            "value": _questions(judged),
            "explanation": "\n".join(
                f"- {row.competency}, {row.level}: {row.text} ({row.anchor or row.outcome})"
                for row in rows
            ),
            "metadata": {row.question: asdict(row) for row in rows},
        },
    }
    return {name: score for name, score in scores.items() if score["value"]}


def _usage(judged: Judged) -> Json:
    figures = judged.card.figures
    if not figures.calls:
        return {}
    return {
        judged.model: {
            "input_tokens": figures.tokens_in,
            "output_tokens": figures.tokens_out,
            "total_tokens": figures.tokens_in + figures.tokens_out,
            "total_cost": figures.cost,
        }
    }


def _all_usage(judged: Sequence[Judged]) -> Json:
    together: dict[str, Json] = {}
    for model, usage in (pair for each in judged for pair in _usage(each).items()):
        held = together.setdefault(model, dict.fromkeys(usage))
        for name, number in usage.items():
            if number is not None:
                held[name] = (held[name] or 0) + number
    return together


def _events(judged: Judged) -> Iterator[Json]:
    """The log, turn by turn; what the rules found stands where it was found."""
    transcript = judged.transcript
    found: dict[int, list[Finding]] = {}
    for finding in judged.card.findings:
        found.setdefault(finding.seq, []).append(finding)
    began = next((event.at for event in transcript.events[1:]), 0.0)
    for turn, group in groupby(transcript.events, lambda event: event.turn):
        events = [event for event in group if not isinstance(event, Took)]
        if not events:
            continue
        span = f"{transcript.id}-{events[0].seq}-turn"
        now = max(events[0].at, began)
        at: Json = {"timestamp": _iso(now), "span_id": span, "working_start": now - began}
        name = f"turn {turn}" if turn else "afterwards"
        yield {"event": "span_begin", "id": span, "name": name, **at}
        for event in events:
            yield {**_event(event, judged.model), **at, "uuid": f"{transcript.id}-{event.seq}"}
            for finding in found.get(event.seq, ()):
                yield {"event": "info", "source": "scorecard", "data": asdict(finding), **at}
        yield {"event": "span_end", "id": span, **at}


def _event(event: AnyEvent, model: str) -> Json:
    match event:
        case ModelCalled():
            return _model_event(event, model)
        case Marked() if event.score is not None:
            score = {
                "value": event.score,
                "explanation": f"{event.question}: {event.anchor}",
                "metadata": event.model_dump(mode="json", include={"marks", "aid", "review"}),
            }
            return {"event": "score", "score": score, "intermediate": True, "scorer": "questions"}
        case Said() | Heard():
            who = "Interviewer" if isinstance(event, Said) else "Candidate"
            return {"event": "info", "source": who, "data": _content(event)}
    kept = event.model_dump(mode="json", exclude={"seq", "turn", "at", "type"})
    source = "header" if isinstance(event, Header) else event.type
    return {"event": "info", "source": source, "data": kept}


def _model_event(event: ModelCalled, model: str) -> Json:
    """One call; its prompt is kept as a hash alone, so the input is empty."""
    tokens = (event.tokens_in or 0, event.tokens_out or 0)
    usage = {"input_tokens": tokens[0], "output_tokens": tokens[1], "total_tokens": sum(tokens)}
    return {
        "event": "model",
        "model": model,
        "role": event.purpose,
        "input": [],
        "tools": [],
        "tool_choice": "none",
        "config": {},
        "output": _output(model, event.reply or "", usage) | {"time": event.seconds},
        "retries": event.attempts - 1,
        "error": event.failure,
    }
