"""How firm a verdict is: what is said to turn it really does, and nothing else is said."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dice import Dice
from held import KIT, Held, Hold
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_graph import FULL, at_first_question, play

from agent.answers import Answer, answers_of
from agent.events import AnyEvent, Closed, Header, Mode, Regraded
from agent.grading import anchor
from agent.measuring import Look, Phrase, verdict
from agent.policy import Policy
from agent.regrading import counted_anew
from agent.report import as_markdown
from agent.report.changes import Case, Change, case_of, changes
from agent.report.compare import side
from agent.report.ledger import fold
from agent.report.stability import stability, strata
from agent.scripted import answers
from agent.testlets import rubric_of
from knowledge.atoms import LEVELS
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.index import open_index
from knowledge.kit_yaml import parse_kit
from knowledge.tables import metadata

MIXED = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
SAID = "I keep the old one, and later on I would look at both again."


async def diced(folder: Path, light: WordHash, mode: Mode, seed: int, turns: int) -> Held:
    """An interview whose answers are marked by dice, as far as so many turns bring it."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'viva.db'}")
    async with database.write() as connection:
        await connection.run_sync(metadata.create_all)
    index = await open_index(database, light, parse_kit(KIT, "kit.yaml"))
    await database.close()
    held = Held(Dice(seed), index, light, mode=mode, minutes=60, core=5, seed=seed, policy=Policy())
    await held.open()
    for turn in range(turns):
        if held.over:
            break
        action = {3: "hint", 6: "skip", 8: "amend"}.get(turn % 11)
        await held.say("" if action in {"hint", "skip"} else SAID, action=action)
    return held


def case_in(held: Held) -> Case:
    return case_of(held.events, fold(held.events), held.syllabus)


def applied(held: Held, change: Change) -> Phrase:
    """What the log comes to, had the change been there from the start."""
    changed = side("i-1", _log_with(held, change), held.syllabus)
    policy = Policy.model_validate(changed.header.policy)
    return verdict(changed.belief(None), changed.header.level, policy)


def _log_with(held: Held, change: Change) -> Iterator[AnyEvent]:
    for event in held.events:
        if isinstance(event, Header) and change.kind == "threshold":
            yield event.model_copy(update={"policy": change.policy.model_dump(mode="json")})
        elif change.omits and isinstance(event, Closed) and event.testlet == change.place:
            yield event.model_copy(update={"outcome": "skipped"})
        else:
            yield event
    if change.place is not None and not change.omits:
        yield from _marked_anew(held, change, change.place)


def _marked_anew(held: Held, change: Change, place: int) -> Iterator[AnyEvent]:
    """A mark as it would be turned in the log; a question as a person would have found it."""
    testlet = held.state["testlets"][place]
    given_answers: list[Answer] = list(change.answers) or answers_of(held.events)[place]
    score, review = change.looks[place].score if place in change.looks else None, None
    if change.kind == "mark":
        rubric = rubric_of(held.deps.room, testlet["question"])
        after = counted_anew(testlet, given_answers, rubric, held.deps.policy)
        score, review = after["score"], after["review"]
    for answer in given_answers:
        yield Regraded(
            testlet=place,
            question=testlet["question"],
            answer=answer.number,
            aid=answer.aid,
            marks=answer.marks,
            score=score,
            anchor=anchor(score, held.deps.policy),
            source=answer.source,
            review=review,
        )


@MIXED
@given(st.sampled_from(["practice", "screen"]), st.integers(0, 10_000), st.integers(4, 26))
def test_what_is_said_to_turn_the_verdict_does_and_what_is_not_does_not(
    tmp_path: Path, light: WordHash, mode: Mode, seed: int, turns: int
) -> None:
    held = asyncio.run(diced(tmp_path, light, mode, seed, turns))
    now = held.report()
    told = now.stability
    assert told is not None
    flipped = {(flip.what, flip.becomes) for flip in told.flips}
    for change in changes(case_in(held)):
        if change.kind == "threshold" and "shown”" not in change.what:
            continue  # the log holds scores, which a report does not make anew
        after = applied(held, change)
        assert (after != now.verdict) == ((change.what, after) in flipped), change.what


@MIXED
@given(st.sampled_from(["practice", "screen"]), st.integers(0, 10_000), st.integers(4, 26))
def test_every_answered_question_can_be_counted_anew_to_the_score_it_has(
    tmp_path: Path, light: WordHash, mode: Mode, seed: int, turns: int
) -> None:
    case = case_in(asyncio.run(diced(tmp_path, light, mode, seed, turns)))
    marked = {place for place in case.looks if place in case.answers}
    assert case.recountable >= marked


async def test_one_answer_that_everything_stands_on_is_named(hold: Hold) -> None:
    held = await at_first_question(hold, core=2)
    for _ in range(2):
        await play(held, FULL[held.asked or ""], SAID)
    told = held.report().stability
    assert told is not None
    assert held.report().verdict == "likely shown"
    assert {flip.question for flip in told.flips if flip.what.startswith("without")} == {1, 2}
    assert told.sentence.startswith("Any one of questions 1 and 2, left out, would change")
    assert f"{told.agreeing:.0%} of resamples agree" in told.sentence
    printed = as_markdown(held.report())
    assert told.sentence in printed
    assert "- Without question 1: could be either" in printed


async def test_many_equal_answers_leave_nothing_that_would_turn_it(hold: Hold) -> None:
    held = await at_first_question(hold, core=5)
    while held.kind in {"core", "follow_up"}:
        await play(held, FULL[held.asked or ""], SAID)
    told = held.report().stability
    assert told is not None
    assert [flip for flip in told.flips if flip.kind == "question"] == []
    assert told.agreeing == 1.0
    assert told.tried["mark"] >= 7


async def test_without_a_graded_answer_there_is_nothing_to_turn(hold: Hold) -> None:
    told = (await hold()).report().stability
    assert told is not None
    assert (told.flips, told.agreeing, told.bootstraps) == ((), None, 0)
    assert told.sentence == "Nothing was graded, so there is no verdict that could change."


async def test_what_waits_for_a_person_can_turn_it_if_they_find_it_right(hold: Hold) -> None:
    held = await at_first_question(hold, core=2)
    await play(held, FULL[held.asked or ""], SAID)
    (first, *_) = fold(held.events).topics
    topics = [first, replace(first, review="disputed")]
    told = stability(replace(case_in(held), topics=topics))
    assert ("if a person finds question 2 right", "likely shown") in {
        (flip.what, flip.becomes) for flip in told.flips
    }


@given(st.lists(st.sampled_from(LEVELS), min_size=2, max_size=12))
def test_resamples_are_drawn_within_levels_and_no_question_is_alone(levels: list[str]) -> None:
    looks = [Look("a", level, 0.5) for level in levels]  # type: ignore[arg-type]
    found = strata(looks)
    assert sorted(place for stratum in found for place in stratum) == list(range(len(looks)))
    assert all(len(stratum) > 1 for stratum in found)
    for level in LEVELS:
        mine = {place for place, look in enumerate(looks) if look.level == level}
        assert any(mine <= set(stratum) for stratum in found)


async def test_the_same_log_gives_the_same_share_of_resamples(
    tmp_path: Path, light: WordHash
) -> None:
    held = await diced(tmp_path, light, "practice", 4, 20)
    assert held.report().stability == held.report().stability


async def test_a_candidate_is_told_in_practice_and_not_after_a_screen(hold: Hold) -> None:
    for mode in ("practice", "screen"):
        held = await at_first_question(hold, core=2, mode=mode)
        await play(held, answers(), SAID)
        assert held.report("team").stability is not None
        assert (held.report("candidate").stability is None) == (mode == "screen")
