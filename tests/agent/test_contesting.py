"""Contests and rulings on a finished interview: what counts after them, and what stays readable."""

from dataclasses import replace
from typing import Any

import pytest
from held import Held, Hold
from test_graph import at_first_question, play

from agent.choosing import looks
from agent.contesting import MOST, Complaint, contestable, contested
from agent.events import Contested
from agent.regrading import regrade
from agent.report import as_markdown
from agent.report.ledger import fold
from agent.report.model import QuestionReport
from agent.ruling import Bench, Found, Revision, Ruling, left_out
from agent.scripted import ScriptedExaminer, answers, says
from agent.syllabus import Syllabus
from knowledge.atoms import Kit
from knowledge.errors import BadInput

SAID = "We overwrite the row, yet the old version stays in a history table with both dates."
KEPT = "the old version stays in a history table"
AGREED = Ruling(upholds=True, reason="It is said in other words.", by="Ada")


async def half_shown(hold: Hold, *, met: tuple[str, ...] = ("validity",), **more: Any) -> Held:
    """One question on history, answered once: some points met, `overwrites` and a flag against."""
    held = await at_first_question(hold, core=1, **more)
    reply = answers([*met, "overwrites", "by-hand"])
    await play(held, reply, f"{SAID} I edit rows of the production database by hand.")
    while held.kind in {"core", "follow_up"}:
        await play(held, answers(), "Nothing comes to mind.")
    return held


def contest(held: Held, **sent: Any) -> Contested:
    """Contest something of the first question, and keep it."""
    given = {"contest_id": "c-1", "question": 1, "reason": "I did say that."} | sent
    made = contested(fold(held.events), Complaint(**given), held.now)
    held.bodies.append(made.model_dump(mode="json"))
    return made


def bench(held: Held) -> Bench:
    syllabus = held.syllabus.without(fold(held.events).withdrawn)
    return Bench(syllabus, held.deps.policy, held.state, tuple(held.events), held.now)


def keep(held: Held, done: Revision) -> Revision:
    held.state = done.state
    held.bodies += [event.model_dump(mode="json") for event in done.events]
    return done


def decide(held: Held, made: Contested, ruling: Ruling = AGREED) -> Revision:
    return keep(held, bench(held).decide(made, ruling))


def first(held: Held) -> QuestionReport:
    return held.report().questions[0]


def mark_of(question: QuestionReport, atom: str) -> tuple[str, str]:
    """Verdict and source of the mark that counts."""
    marks = [given.mark for given in question.marks if given.mark.atom == atom]
    best = min(marks, key=lambda mark: mark.verdict != "met")
    return best.verdict, best.source


# What can be contested.


async def test_all_that_speaks_against_the_candidate_can_be_contested(hold: Hold) -> None:
    held = await half_shown(hold)
    found = [mark.atom for mark in contestable(fold(held.events).topics[0], held.deps.policy)]
    assert found == ["versions", "breaks", "overwrites", "by-hand"]


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"question": 2}, "There is no question 2"),
        ({"question": 0}, "There is no question 0"),
        ({"atom": "validity"}, "no such mark against you"),
        ({"atom": "contract"}, "no such mark against you"),
        ({"reason": "  "}, "A reason is missing"),
        ({"reason": "a" * 2_001}, "A reason is too long"),
        ({"words": "what nobody said"}, "do not stand in any answer"),
    ],
)
async def test_what_cannot_be_contested_is_told(
    hold: Hold, sent: dict[str, Any], error: str
) -> None:
    held = await half_shown(hold)
    with pytest.raises(BadInput, match=error):
        contest(held, **sent)


async def test_words_are_kept_as_they_stand_in_the_answer(hold: Hold) -> None:
    held = await half_shown(hold)
    made = contest(held, atom="versions", words="THE OLD  version stays in a history table")
    assert made.quote is not None
    assert made.quote.text == KEPT


async def test_a_mark_has_one_open_contest_and_another_after_its_decision(hold: Hold) -> None:
    held = await half_shown(hold)
    made = contest(held, atom="versions")
    with pytest.raises(BadInput, match=r"contested already \(number 1\)"):
        contest(held, contest_id="c-2", atom="versions")
    decide(held, made, Ruling(upholds=False, reason="It is not said.", by="Ada"))
    assert contest(held, contest_id="c-2", atom="versions").number == 2


async def test_an_interview_has_only_so_many_contests(hold: Hold) -> None:
    held = await half_shown(hold)
    no = Ruling(upholds=False, reason="No.", by="Ada")
    for number in range(MOST):
        decide(held, contest(held, contest_id=f"c-{number}"), no)
    with pytest.raises(BadInput, match=f"{MOST} contests already"):
        contest(held, contest_id="one-more")


async def test_in_a_screen_only_a_question_as_a_whole_can_be_contested(hold: Hold) -> None:
    held = await half_shown(hold, mode="screen")
    with pytest.raises(BadInput, match="as a whole"):
        contest(held, atom="versions")
    assert contest(held).text is None


# What a ruling changes.


async def test_a_refused_contest_changes_no_mark_and_keeps_both_reasons(hold: Hold) -> None:
    held = await half_shown(hold)
    before = first(held)
    done = decide(
        held, contest(held, atom="versions"), Ruling(False, "It says the opposite.", "Ada")
    )
    assert [event.type for event in done.events] == ["decided"]
    assert first(held) == before
    (told,) = held.report("candidate").contests
    assert (told.state, told.decision) == ("refused", "It says the opposite.")


async def test_an_upheld_point_is_met_by_the_candidates_words(hold: Hold) -> None:
    held = await half_shown(hold)
    before = first(held).score
    decide(held, contest(held, atom="versions", words=KEPT))
    assert mark_of(first(held), "versions") == ("met", "human")
    assert (first(held).score or 0) > (before or 0)
    assert held.state["testlets"][0]["score"] == first(held).score


async def test_a_person_can_give_the_words_instead(hold: Hold) -> None:
    held = await half_shown(hold)
    decide(held, contest(held, atom="versions"), replace(AGREED, words="stays in a history table"))
    assert mark_of(first(held), "versions") == ("met", "human")


async def test_a_point_without_words_is_not_upheld(hold: Hold) -> None:
    held = await half_shown(hold)
    made = contest(held, atom="versions")
    with pytest.raises(BadInput, match="shown by words of the answer"):
        decide(held, made)
    with pytest.raises(BadInput, match="stand in no answer"):
        decide(held, made, replace(AGREED, words="what nobody ever said"))
    assert held.report().contests[0].state == "open"


async def test_the_questions_own_words_make_no_point_for_a_person_either(hold: Hold) -> None:
    held = await at_first_question(hold, core=1)
    asked = "How do you keep last week's report right?"
    await play(held, answers(), f"{asked} I do not know.")
    while held.kind in {"core", "follow_up"}:
        await play(held, answers(), "Nothing comes to mind.")
    made = contest(held, atom="versions", words=asked)
    with pytest.raises(BadInput, match="only say the question back"):
        decide(held, made)


async def test_a_point_counted_for_less_by_an_unsure_examiner_is_contested_and_made_certain(
    hold: Hold,
) -> None:
    held = await half_shown(hold)
    for body in held.bodies:
        for mark in body.get("marks", ()):
            mark["probability"] = 0.5 if mark["atom"] == "validity" else mark["probability"]
    topic = fold(held.events).topics[0]
    assert "validity" in {mark.atom for mark in contestable(topic, held.deps.policy)}
    decide(held, contest(held, atom="validity"))
    (made,) = [g.mark for g in first(held).marks if g.mark.atom == "validity" and g.mark.quote]
    assert (made.verdict, made.source, made.probability) == ("met", "human", 1.0)
    line = next(each for each in first(held).earned if each.atom == "validity")
    assert line.credit == 1.0


async def test_a_sign_against_is_taken_back_without_words(hold: Hold) -> None:
    held = await half_shown(hold)
    before = first(held).score
    decide(held, contest(held, atom="overwrites"))
    assert mark_of(first(held), "overwrites") == ("not_met", "human")
    assert (first(held).score or 0) == pytest.approx((before or 0) + 0.25)


async def test_a_contradiction_is_taken_back_or_turned_into_a_met_point(hold: Hold) -> None:
    for words, verdict in ((None, "not_met"), (KEPT, "met")):
        held = await at_first_question(hold, core=1)
        await play(held, answers(["validity"], contradicted=["versions"]), SAID)
        while held.kind in {"core", "follow_up"}:
            await play(held, answers(), "Nothing comes to mind.")
        assert held.state["testlets"][0]["against"] == ["versions"]
        decide(held, contest(held, atom="versions", words=KEPT), replace(AGREED, words=words))
        assert held.state["testlets"][0]["against"] == []
        assert mark_of(first(held), "versions") == (verdict, "human")


async def test_a_flag_can_be_taken_back(hold: Hold) -> None:
    held = await half_shown(hold)
    assert held.report().flags
    decide(held, contest(held, atom="by-hand"))
    assert held.report().flags == ()
    assert "by-hand" in {mark.atom for mark in first(held).overruled}


async def test_a_flag_of_a_screen_is_taken_back_with_the_question_it_was_seen_at(
    hold: Hold,
) -> None:
    held = await half_shown(hold, mode="screen")
    assert held.report().flags
    before = first(held).score
    decide(held, contest(held), replace(AGREED, points=(Found("by-hand"),)))
    assert held.report().flags == ()
    assert first(held).score == before
    assert "by-hand" in left_out(held.events, held.syllabus.kit)


async def test_the_machines_mark_stays_beside_the_persons(hold: Hold) -> None:
    held = await half_shown(hold)
    decide(held, contest(held, atom="versions", words=KEPT))
    (overruled,) = first(held).overruled
    assert (overruled.atom, overruled.verdict, overruled.source) == ("versions", "not_met", "local")
    told = as_markdown(held.report())
    assert "Ruled on by a person; local had marked it *not shown*" in told
    assert "(point, human" in told


async def test_an_upheld_question_without_points_counts_for_nothing(hold: Hold) -> None:
    held = await half_shown(hold)
    assert held.report().overall is not None
    decide(held, contest(held))
    report = held.report()
    assert (first(held).review, first(held).outcome) == ("set_aside", "answered")
    assert report.overall is not None
    assert report.overall.testlets == 0
    assert report.contests[0].set_aside
    assert "wait for a person" not in " ".join(report.notes)


async def test_an_upheld_question_meets_the_points_a_person_finds(hold: Hold) -> None:
    held = await half_shown(hold, met=())
    found = (Found("versions", KEPT), Found("validity", "both dates"), Found("overwrites"))
    decide(held, contest(held), replace(AGREED, points=found))
    assert first(held).score == 1.0
    assert {mark_of(first(held), each.atom)[1] for each in found} == {"human"}


async def test_what_does_not_go_together_is_refused(hold: Hold) -> None:
    held = await half_shown(hold)
    mark = contest(held, atom="versions")
    whole = contest(held, contest_id="c-2")
    for made, ruling in (
        (mark, Ruling(False, "No.", "Ada", withdraws=True)),
        (mark, replace(AGREED, words=KEPT, withdraws=True)),
        (mark, replace(AGREED, points=(Found("validity"),))),
        (whole, replace(AGREED, words=KEPT)),
        (whole, replace(AGREED, points=(Found("contract", KEPT),))),
        (mark, replace(AGREED, by=" ")),
        (mark, replace(AGREED, reason="")),
    ):
        with pytest.raises(BadInput):
            decide(held, made, ruling)


# What is withdrawn.


async def test_a_withdrawn_question_that_nobody_could_answer_counts_for_nothing(hold: Hold) -> None:
    held = await at_first_question(hold, core=1, mode="screen")
    while held.kind in {"core", "find_out"}:
        await play(held, says("dont_know"), "I don't know.")
    assert (first(held).outcome, first(held).score) == ("not_answered", 0.0)
    decide(held, contest(held), replace(AGREED, withdraws=True))
    assert first(held).review == "set_aside"
    overall = held.report().overall
    assert overall is not None
    assert overall.testlets == len(looks(held.state)) == 0


async def test_what_was_wrong_counts_for_nothing_and_stays_readable(hold: Hold) -> None:
    held = await half_shown(hold)
    before = first(held).score or 0
    done = decide(held, contest(held, atom="versions"), replace(AGREED, withdraws=True))
    assert [atom.id for atom in done.withdrawn] == ["versions"]
    assert [event.type for event in done.events][:2] == ["decided", "withdrawn"]
    question = first(held)
    assert (question.score or 0) > before  # of one point wanted, not of two
    assert "versions" not in {given.mark.atom for given in question.marks}
    (gone,) = question.withdrawn
    assert (gone.mark.verdict, gone.reason) == ("not_met", AGREED.reason)
    assert "counts for nothing (it was *not shown*)" in as_markdown(held.report())
    assert "versions" not in " ".join(item.text for item in held.report().study)


async def test_a_reference_as_a_whole_leaves_its_question_ungraded(hold: Hold) -> None:
    held = await half_shown(hold)
    done = decide(held, contest(held), replace(AGREED, withdraws=True))
    assert {atom.id for atom in done.withdrawn} == {"versions", "validity", "breaks", "overwrites"}
    assert (first(held).outcome, first(held).score) == ("ungraded", None)


async def test_a_question_without_its_points_is_not_marked_by_what_others_share(
    shipped: Kit,
) -> None:
    syllabus = Syllabus(shipped)
    item = next(
        i
        for i in syllabus.items.values()
        if i.core and shipped.children(i.question.parent or "", "indicator")
    )
    left = syllabus.without({atom.id for atom in (*item.points, *item.indicators)})
    assert left.rubric(item.question.id).indicators == ()
    assert not left.rubric(item.question.id).scored


async def test_another_interview_is_counted_anew_without_it_once(hold: Hold) -> None:
    held = await half_shown(hold)
    before = first(held).score or 0
    done = keep(held, bench(held).without({"overwrites": "It may be overwritten.", "pace": "no"}))
    assert {event.type for event in done.events} == {"withdrawn", "regraded"}
    assert [event.type for event in done.events].count("withdrawn") == 1
    assert (first(held).score or 0) == pytest.approx(before + 0.25)
    assert bench(held).without({"overwrites": "Again."}) == Revision(held.state)


async def test_a_withdrawn_flag_is_seen_no_more(hold: Hold) -> None:
    held = await half_shown(hold)
    keep(held, bench(held).without({"by-hand": "It is allowed there."}))
    assert held.report().flags == ()
    assert first(held).withdrawn[0].mark.atom == "by-hand"


# Marking anew after it.


async def test_marking_anew_keeps_what_a_person_ruled_and_leaves_out_what_is_withdrawn(
    hold: Hold,
) -> None:
    held = await half_shown(hold)
    decide(held, contest(held, atom="overwrites"))
    decide(held, contest(held, contest_id="c-2", atom="by-hand"))
    keep(held, bench(held).without({"validity": "It was wrong."}))
    gone = left_out(held.events, held.syllabus.kit)
    assert gone == {"validity", "by-hand"}
    script = ScriptedExaminer(answers(["versions", "overwrites"]), *[answers()] * 5)
    script.source = "model"
    deps = replace(held.deps, examiner=script, syllabus=held.syllabus.without(gone))
    done = await regrade(deps.room, held.state, held.events)
    held.state = done.state
    held.bodies += [event.model_dump(mode="json") for event in done.events]
    assert mark_of(first(held), "overwrites") == ("not_met", "human")
    assert mark_of(first(held), "versions")[0] == "met"
    assert first(held).score == 1.0
    assert "validity" not in {given.mark.atom for given in first(held).marks}


async def test_an_answer_that_waits_still_waits_after_a_ruling(hold: Hold) -> None:
    held = await half_shown(hold)
    for at, body in enumerate(held.bodies):
        if body["type"] == "marked":
            fell = {"type": "fell_back", "purpose": "examine", "to": "local", "failure": "down"}
            held.bodies.insert(at, fell | {"seq": 0, "turn": body["turn"], "at": body["at"]})
            break
    assert held.report().waiting == 1
    decide(held, contest(held, atom="versions", words=KEPT))
    assert held.report().waiting == 1


# Who sees what.


async def test_the_candidate_of_a_screen_sees_the_answer_and_no_rubric(hold: Hold) -> None:
    held = await half_shown(hold, mode="screen", met=())
    found = (Found("versions", KEPT),)
    decide(held, contest(held, words=KEPT), replace(AGREED, points=found))
    report = held.report("candidate")
    (told,) = report.contests
    assert (told.state, told.quote, told.decision) == ("upheld", KEPT, AGREED.reason)
    assert (told.atom, told.text, told.decided_by) == (None, None, None)
    point = held.syllabus.kit.by_id["versions"].text
    assert point not in report.model_dump_json()
    assert point not in as_markdown(report)
    assert point in held.report().model_dump_json()


async def test_an_open_contest_is_in_both_reports(hold: Hold) -> None:
    held = await half_shown(hold)
    contest(held, atom="versions", reason="I said <b>so</b>.")
    for audience in ("team", "candidate"):
        told = as_markdown(held.report(audience))  # type: ignore[arg-type]
        assert "**Open: a person has not decided yet.**" in told
        assert "<b>" not in told
