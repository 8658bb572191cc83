"""The report: every line can be checked, and a screen's candidate learns no rubric."""

import json
import re
from pathlib import Path

import pytest
from held import LADDER, Held, Hold
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from test_graph import FULL, GREETING, at_first_question, play

from agent.events import Quote
from agent.examiner import Examination, Sheet
from agent.report import Report, as_markdown
from agent.scripted import Reply, ScriptedExaminer, adds, answers, says
from agent.syllabus import Syllabus

SCHEMA = Path(__file__).parents[2] / "docs" / "report.schema.json"
HOSTILE = """# Verdict: likely shown

<script>alert(1)</script> <img src=x onerror=alert(1)>
[click](javascript:alert(1)) ![x](http://evil.example/x.png)
| a | b |
|---|---|
</blockquote>
```
> # out of the quote\u2028# and out again\x0b# and again
---"""


async def played(hold: Hold, mode: str, text: str = "I keep the old row.") -> Held:
    """One strong, one weak and one skipped question, a bite, a question of the candidate."""
    held = await hold(core=4, mode=mode)
    await play(held, GREETING, "I ran Kafka.")
    await play(held, FULL[held.asked or ""], text)
    await play(held, Reply(("answer", "steering"), communicated=("gave a reason",)), text)
    while held.kind == "follow_up":
        await play(held, answers(), text)
    await held.press("skip")
    if held.kind == "core":
        await play(held, says("dont_know"), "no idea")
        await play(held, says("dont_know"), "none")
    await play(held, answers(), text)
    while held.kind == "money":
        await play(held, answers(), text)
    if held.kind == "unasked":
        await play(held, answers(), text)
    await play(held, says("candidate_question"), text)
    await play(held, answers(), "no")
    assert held.over
    return held


async def test_the_published_schema_is_the_models(hold: Hold) -> None:
    written = json.loads(SCHEMA.read_text())
    assert written == Report.model_json_schema(), (
        "write json.dumps(Report.model_json_schema(), indent=2) to docs/report.schema.json"
    )
    held = await played(hold, "practice")
    for audience in ("team", "candidate"):
        body = held.report(audience).model_dump(mode="json")
        Draft202012Validator(written).validate(body)
        assert Report.model_validate(body) == held.report(audience)


async def test_strong_weak_not_answered_and_skipped_are_told_apart(hold: Hold) -> None:
    report = (await played(hold, "practice")).report()
    outcomes = [question.outcome for question in report.questions]
    assert set(outcomes) == {"strong", "weak", "skipped", "not_answered"}
    scores = {question.outcome: question.score for question in report.questions}
    assert scores["not_answered"] == 0
    assert scores["skipped"] is None
    assert report.overall is not None
    assert report.overall.testlets == len(outcomes) - 1


async def test_what_could_not_be_graded_is_not_zero(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    while held.kind in {"core", "follow_up"}:
        await play(held, Reply(readable=False), "Ich würde die alte Zeile behalten.")
    report = held.report()
    (question,) = report.questions
    assert (question.outcome, question.score, question.anchor) == ("ungraded", None, "ungraded")
    assert report.verdict == "not enough evidence"
    assert any("could not be graded" in note for note in report.notes)


async def test_a_rung_does_not_hide_that_a_planned_question_was_not_put(hold: Hold) -> None:
    held = await hold(kit=LADDER, core=2, minutes=15)
    await play(held, answers(), "Hello there.")
    while held.kind in {"core", "follow_up"}:
        points = held.syllabus.rubric(held.asked or "").core
        await play(held, answers([point.id for point in points]), "All of it.", after=400)
    while not held.over:
        await play(held, answers(), "Nothing more.")
    assert [testlet["counts"] for testlet in held.state["testlets"]] == [True, False]
    assert any("Fewer questions were put than planned" in note for note in held.report().notes)


async def test_an_interview_that_is_not_over_has_a_report(hold: Hold) -> None:
    held = await at_first_question(hold, core=4)
    await play(held, FULL[held.asked or ""], "All of it.")
    report = held.report()
    assert (report.ended, report.provisional) == (None, True)
    assert report.not_asked == ()
    assert report.questions[-1].outcome == "unfinished"
    assert "not over" in as_markdown(report)


async def test_a_report_right_after_the_opening_says_that_nothing_was_reached(hold: Hold) -> None:
    report = (await hold()).report()
    assert report.verdict == "not enough evidence"
    assert report.overall is not None
    assert report.overall.level is None
    assert "No question was reached." in as_markdown(report)


def rubric_texts(syllabus: Syllabus) -> list[str]:
    return [atom.text for atom in syllabus.kit.of("point", "indicator", "flag", "level")]


async def test_the_candidates_report_of_a_screen_holds_no_rubric_and_no_verdict(hold: Hold) -> None:
    held = await played(hold, "screen")
    report = held.report("candidate")
    printed = [report.model_dump_json(), as_markdown(report)]
    for text in rubric_texts(held.syllabus):
        assert all(text.rstrip(".") not in form for form in printed)
    assert report.verdict == "with the team"
    assert all(q.score is None and q.anchor is None and not q.marks for q in report.questions)
    assert len({q.outcome for q in report.questions if q.answers}) == 1
    assert report.money.hits is None


async def test_practice_shows_the_candidate_the_rubric(hold: Hold) -> None:
    held = await played(hold, "practice")
    report = held.report("candidate")
    printed = as_markdown(report)
    assert any(text.rstrip(".") in printed for text in rubric_texts(held.syllabus))
    assert report.verdict == held.report("team").verdict


async def test_what_they_say_was_not_asked_stands_in_both_reports_of_a_screen(hold: Hold) -> None:
    held = await played(hold, "screen", "I am good at cost reviews.")
    for audience in ("team", "candidate"):
        report = held.report(audience)
        assert report.unasked == ("I am good at cost reviews.",)
        assert "## What was not asked" in as_markdown(report)


@pytest.mark.parametrize("mode", ["practice", "screen"])
async def test_flags_that_were_not_seen_are_for_the_team_alone(hold: Hold, mode: str) -> None:
    held = await played(hold, mode)
    team, own = held.report("team"), held.report("candidate")
    assert team.flags_not_seen + team.flags_never_asked
    assert own.flags_not_seen + own.flags_never_asked == ()
    lists = ("Came up and not seen", "Never came up")
    assert not any(each in as_markdown(own) for each in lists)


async def test_an_addition_stands_below_its_answer_without_what_was_asked_then(hold: Hold) -> None:
    held = await at_first_question(hold)
    await play(held, answers(), "Old rows.")
    while held.kind == "follow_up":
        await play(held, answers(), "With dates.")
    held.examiner._replies.append(adds())  # type: ignore[attr-defined]
    await held.say("And more of it.", action="amend")
    first, *_ = held.report().questions
    assert len({answer.question for answer in first.answers}) > 1
    printed = as_markdown(held.report())
    assert "> With dates.\n\n> And more of it. *(added later" in printed


async def test_every_met_marks_quote_is_in_the_answer_it_names(hold: Hold) -> None:
    held = await at_first_question(hold)
    await play(held, answers(quote="not to be found"), "Nothing much.")
    await held.press("hint")
    await play(held, FULL[held.state["testlets"][-1]["question"]], "Old rows, with dates.")
    held.examiner._replies.append(adds())  # type: ignore[attr-defined]
    await held.say("And more of it.", action="amend")
    quotes = 0
    for question in held.report().questions:
        for given in question.marks:
            if given.mark.verdict == "met":
                assert given.mark.quote
                quote, answer = given.mark.quote, question.answers[given.answer].text
                assert answer[quote.start : quote.end] == quote.text
                quotes += 1
    assert quotes == 2


async def test_a_flag_stands_with_its_quote_and_calls_a_person(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    text = "I edit rows of the production database by hand."
    await play(held, answers(["by-hand"]), text)
    (flag,) = held.report().flags
    assert (flag.critical, flag.quotes) == (True, (text,))
    assert "critical: a person should look at this" in as_markdown(held.report())


@pytest.mark.parametrize("mode", ["practice", "screen"])
async def test_hostile_answers_stay_inside_quotes(hold: Hold, mode: str) -> None:
    held = await played(hold, mode, HOSTILE)
    printed = as_markdown(held.report())
    depth = 0
    for token in MarkdownIt("commonmark").enable("table").parse(printed):
        depth += token.type == "blockquote_open"
        depth -= token.type == "blockquote_close"
        inline = {child.type for child in token.children or ()}
        assert not inline & {"html_inline", "link_open", "image"}, token.content
        assert token.type != "html_block", token.content
        if token.type == "heading_open":
            assert depth == 0 or token.level
        if not depth and token.type == "inline" and token.level == 1:
            assert "out again" not in token.content or token.content.startswith('"')
    headings = re.findall(r"^#+ .*$", printed, re.M)
    assert not [heading for heading in headings if "out again" in heading or "likely" in heading]


# What waits for a person.


class Thoughtful(ScriptedExaminer):
    """Takes "Instead" for another road, and what follows "because" for a reason."""

    async def examine(self, sheet: Sheet) -> Examination:
        read, text = await super().examine(sheet), sheet.message.text
        road = Quote(text=text, start=0, end=1) if text.startswith("Instead") else None
        reason = text[text.find("because") :] if "because" in text else None
        given = Quote(text=reason, start=0, end=1) if reason else None
        marks = tuple(mark.model_copy(update={"reason": given}) for mark in read.marks)
        return read.model_copy(update={"marks": marks, "other_road": road})


async def looked_at(hold: Hold, *, mode: str = "practice") -> Held:
    """One question goes another way, one disputes the kit, one is answered in full."""
    held = await hold(Thoughtful(), core=3, mode=mode)
    await play(held, answers(), "I have moved data.")
    number = 0
    while held.state["stage"] == "probes":
        (point, *_), number = held.syllabus.rubric(held.asked or "").core, number + 1
        if number == 1:
            await play(held, answers(), "Instead I recompute May from the raw files.")
        elif number == 2:
            reply = answers(contradicted=[point.id], quote="That is wrong")
            await play(held, reply, "That is wrong because the log is compacted.")
        else:
            await play(held, FULL[held.asked or ""], "All of it.")
        if held.kind == "follow_up":
            await held.press("skip")
    await play(held, answers(), "no")
    return held


async def test_what_a_person_has_to_look_at_is_named_and_counts_for_nothing(hold: Hold) -> None:
    held = await looked_at(hold)
    report = held.report()
    assert [q.review for q in report.questions[:2]] == ["needs_person", "disputed"]
    assert {q.outcome for q in report.questions[:2]} == {"answered"}
    counted = [q for q in report.questions if q.review is None]
    assert report.overall is not None
    assert report.overall.testlets == len(counted)
    printed = as_markdown(report)
    assert "**For a person: may be right by another road** (0.00 by the rubric)" in printed
    assert "**Disputed: gave a reason against the kit's answer**" in printed
    assert "2 questions wait for a person" in printed
    assert 'Reason given: "because the log is compacted."' in printed


async def test_nobody_is_told_to_study_what_they_dispute(hold: Hold) -> None:
    report = (await looked_at(hold)).report()
    disputed = report.questions[1]
    assert disputed.text not in {study.question for study in report.study}


async def test_the_candidate_of_a_screen_hears_nothing_of_it(hold: Hold) -> None:
    report = (await looked_at(hold, mode="screen")).report("candidate")
    assert all(question.review is None for question in report.questions)
    assert (report.waiting, report.model_use, report.notes) == (0, None, ())
    printed = as_markdown(report)
    assert "person: may be" not in printed
    assert "Disputed" not in printed


async def test_a_quote_that_was_aligned_says_so(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    await play(
        held,
        answers(["versions"], quote="I keep the old version of each single row"),
        "I keep the old versions of each single row.",
    )
    (met,) = [given for given in held.report().questions[0].marks if given.mark.quote]
    assert met.mark.quote is not None
    assert met.mark.quote.near
    assert "(quote aligned)" in as_markdown(held.report())
