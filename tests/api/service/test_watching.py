"""Speech on its way: what a watcher hears that comes late, or hears an attempt fail."""

from collections.abc import Iterator

import pytest

from api.store import Store
from api.watching import MOST_PIECES, Piece, Watcher, Watching
from knowledge.database import Database


@pytest.fixture
def watching(database: Database) -> Watching:
    return Watching(Store(database))


@pytest.fixture
def watcher(watching: Watching) -> Iterator[Watcher]:
    with watching.watch("one") as one:
        yield one


async def shown(watcher: Watcher) -> str:
    """What a page would show of the turn just now."""
    text = ""
    for piece in await watcher.heard(0) or ():
        text = "" if piece.text is None else text + piece.text
    return text


async def test_who_comes_late_hears_the_speech_from_its_beginning(watching: Watching) -> None:
    watching.begins("one", 2, 1)
    watching.speaks("one", "You keep both rows.")
    watching.speaks("one", "What then?")
    with watching.watch("one") as late:
        assert await shown(late) == "You keep both rows. What then?"


async def test_a_second_attempt_voids_what_the_first_has_said(
    watching: Watching, watcher: Watcher
) -> None:
    watching.begins("one", 2, 1)
    watching.speaks("one", "Half a sent")
    watching.begins("one", 2, 2)
    watching.said("one", "A whole sentence.")
    pieces = await watcher.heard(0)
    assert pieces == [
        Piece(2, 1, "Half a sent"),
        Piece(2, 2, None),
        Piece(2, 2, "A whole sentence."),
    ]


async def test_a_message_taken_back_leaves_those_before_it(
    watching: Watching, watcher: Watcher
) -> None:
    watching.begins("one", 2, 1)
    watching.said("one", "First.")
    watching.speaks("one", "What may not be said")
    watching.speaks("one", "Second.", again=True)
    watching.said("one", "Second.")
    watching.said("one", "Third.")
    assert await shown(watcher) == "First.\n\nSecond.\n\nThird."


async def test_nobody_hears_another_interview(watching: Watching, watcher: Watcher) -> None:
    assert await watcher.heard(0) == []
    watching.begins("two", 1, 1)
    watching.said("two", "Hello.")
    watching.falls_silent("two", 1)
    assert await watcher.heard(0) is None


async def test_a_watcher_that_does_not_listen_costs_a_bounded_amount(
    watching: Watching, watcher: Watcher
) -> None:
    watching.begins("one", 2, 1)
    for _ in range(MOST_PIECES * 2):
        watching.speaks("one", "and so on")
    pieces = await watcher.heard(0)
    assert pieces is not None
    assert len(pieces) == MOST_PIECES


async def test_closing_wakes_everybody(watching: Watching, watcher: Watcher) -> None:
    await watcher.heard(0)
    watching.close()
    assert watching.closing
    assert await watcher.heard(0) == []


async def test_nothing_stays_of_who_has_left(watching: Watching) -> None:
    with watching.watch("one"):
        assert watching.watches("one")
        assert watching.watchers == 1
    assert not watching.watches("one")
    assert watching.watchers == 0
