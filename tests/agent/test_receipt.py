"""How one candidate was treated beside the others: the same numbers whoever looks."""

from statistics import median

from held import Held, Hold
from hypothesis import given
from hypothesis import strategies as st
from test_graph import FULL, at_first_question, play

from agent.report.argument import Receipt
from agent.report.receipt import TELLING, Tally, receipt, tally
from agent.scripted import adds, answers

QUESTIONS = "abcdef"
TALLIES = st.builds(
    Tally,
    core=st.frozensets(st.sampled_from(QUESTIONS)),
    stretches=st.integers(0, 1),
    follow_ups=st.integers(0, 9),
    hints=st.integers(0, 9),
    rungs=st.integers(0, 4),
    second_thoughts=st.integers(0, 4),
    minutes=st.floats(0, 60).map(lambda minutes: round(minutes, 1)),
    examiners=st.frozensets(st.sampled_from(["local", "model", "human"]), min_size=1),
)


def numbers(told: Receipt) -> dict[str, float]:
    return {share.name: share.mine for share in told.shares}


@given(TALLIES, TALLIES)
def test_two_see_the_same_of_each_other(one: Tally, other: Tally) -> None:
    mine, theirs = receipt(one, [other] * 3), receipt(other, [one] * 3)
    assert (mine.common, mine.same_examiner) == (theirs.common, theirs.same_examiner)
    for here, there in zip(mine.shares, theirs.shares, strict=True):
        assert (here.mine, here.median) == (there.median, there.mine)
        assert here.low == here.high == there.mine


@given(TALLIES, st.lists(TALLIES, max_size=6), st.randoms())
def test_nothing_hangs_on_the_order_of_the_others(
    mine: Tally, others: list[Tally], chance: object
) -> None:
    shuffled = sorted(others, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert receipt(mine, others) == receipt(mine, shuffled)


@given(TALLIES, st.lists(TALLIES, min_size=TELLING, max_size=6))
def test_the_middle_lies_within_the_range_and_common_within_what_was_asked(
    mine: Tally, others: list[Tally]
) -> None:
    told = receipt(mine, others)
    assert told.common <= told.core == len(mine.core)
    for share in told.shares:
        assert share.low is not None
        assert share.median is not None
        assert share.high is not None
        assert share.low <= share.median <= share.high
    hints = next(share for share in told.shares if share.name == "hints")
    assert hints.median == median(other.hints for other in others)


@given(TALLIES, st.lists(TALLIES, max_size=6))
def test_few_others_are_counted_and_their_numbers_are_not_shown(
    mine: Tally, others: list[Tally]
) -> None:
    told = receipt(mine, others)
    shown = [share.median is not None for share in told.shares]
    assert set(shown) == {len(others) >= TELLING}
    assert told.others == len(others)
    assert len(others) >= TELLING or "any other" not in told.sentence


def test_alone_there_is_nothing_to_compare_with() -> None:
    mine = Tally(frozenset("ab"), 0, 1, 0, 0, 0, 20.0, frozenset({"local"}))
    told = receipt(mine, [])
    assert told.same_examiner is None
    assert "Nobody else" in told.sentence


def test_without_minutes_nobody_reads_who_was_given_more_of_them() -> None:
    mine = Tally(frozenset("abc"), 0, 1, 1, 0, 0, None, frozenset({"local"}))
    told = receipt(mine, [mine, mine, mine])
    assert "minutes of answering" not in numbers(told)
    assert "follow-ups, hints and rungs lie within" in told.sentence


def test_what_lies_outside_of_the_others_range_is_said() -> None:
    mine = Tally(frozenset("abc"), 1, 1, 4, 0, 0, 20.0, frozenset({"local"}))
    other = Tally(frozenset("abd"), 1, 1, 1, 0, 0, 30.0, frozenset({"model"}))
    told = receipt(mine, [other] * TELLING)
    assert told.sentence == (
        "2 of its 3 core questions were also put in all 3 other interviews of this screen (the "
        "last is a stretch, chosen by what was shown); more hints than any other (4; the nearest "
        "1), fewer minutes of answering than any other (20; the nearest 30); not all were marked "
        "by the same examiner."
    )


async def screened(hold: Hold) -> Held:
    """A screen with a hint, follow-ups, a second thought and a full answer."""
    held = await at_first_question(hold, core=4, mode="screen")
    await held.press("hint", after=30)
    await play(held, answers(["versions"] if held.asked == "history" else []), "Some.", after=60)
    while held.kind in {"core", "follow_up"}:
        reply = FULL[held.asked or ""] if held.kind == "core" else answers()
        await play(held, reply, "All of it.", after=60)
        if len(held.of("added")) < 1:
            held.examiner._replies.append(adds())  # type: ignore[attr-defined]
            await held.say("And one thing more.", action="amend", after=10)
    return held


async def test_a_tally_says_what_the_report_of_the_same_interview_says(hold: Hold) -> None:
    held = await screened(hold)
    report = held.report()
    mine = tally(held.state, "local")
    assert mine.follow_ups == sum(question.follow_ups for question in report.questions) > 0
    assert mine.hints == sum(question.hints for question in report.questions) == 1
    assert mine.minutes == report.minutes > 1
    assert mine.examiners == {"local"}
    assert len(mine.core) + mine.rungs == len(report.questions)
