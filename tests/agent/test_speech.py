"""What is said, in whose words, and what is shown ahead of it."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest
from held import KIT, Held

from agent import words
from agent.draft import Draft, said_before
from agent.events import FellBack, MarkSource, Mode, ModelCalled, Said
from agent.examiner import Brief, Spoken
from agent.leak import LeakGuard
from agent.policy import Policy
from agent.scripted import Reply, ScriptedExaminer, answers, says
from agent.state import Message
from agent.turn import Run
from knowledge.atoms import Kit
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.index import open_index
from knowledge.kit_yaml import parse_kit

HIDDEN = "The old version of every row stays beside the new version."
CALLED = ModelCalled(purpose="phrase", prompt="abc", outcome="ok", seconds=0.1)
FAILED = CALLED.model_copy(update={"outcome": "failed"})
FELL = FellBack(purpose="phrase", to="authored", failure="dropped")


class Speaker(ScriptedExaminer):
    """A model whose phrases are given; `Q` and `B` stand for the question and the bridge."""

    source: MarkSource = "model"

    def __init__(self, *replies: Reply) -> None:
        super().__init__(*replies)
        self.next: list[Spoken] | None = None

    async def phrase(self, brief: Brief) -> AsyncIterator[Spoken]:  # type: ignore[override]
        self.briefs.append(brief)
        for spoken in self.next or ["Q"]:
            yield {"Q": brief.ask, "B": brief.bridge}.get(str(spoken), spoken)
        self.next = None


class Talk:
    """An interview with a speaker, and everything that streamed in the last turn."""

    def __init__(self, held: Held, speaker: Speaker) -> None:
        self.held, self.speaker = held, speaker
        self.stream: list[dict[str, Any]] = []

    async def take(
        self, text: str, *phrase: Spoken, reply: Reply | None = None, action: Any = None
    ) -> str:
        """One turn in which the next message is phrased so; what is said in the end."""
        self.speaker.next = list(phrase) or None
        if not action:
            self.speaker._replies.append(reply or answers())
        self.held.now += 1
        run = Run(self.held.state, Message(text=text, action=action), self.held.deps)
        self.stream = [event async for event in run]
        self.held.state = run.state
        return self.said[-1]

    @property
    def said(self) -> list[str]:
        return [event["text"] for event in self.stream if event["type"] == "said"]

    @property
    def shown(self) -> list[str]:
        """Sentences shown ahead; `<again>` where they were taken back."""
        spoken = [event for event in self.stream if event["type"] == "speaking"]
        return ["<again>" if event["again"] else event["text"] for event in spoken]


@pytest.fixture
def small() -> Kit:
    return parse_kit(KIT, "kit.yaml")


async def talk(database: Database, light: WordHash, small: Kit, mode: Mode) -> Talk:
    speaker = Speaker()
    index = await open_index(database, light, small)
    held = Held(speaker, index, light, mode=mode, minutes=45, core=2, seed=1, policy=Policy())
    talking = Talk(held, speaker)
    await talking.take("", action="open")
    await talking.take("I have moved data.")
    return talking


@pytest.fixture
async def screen(database: Database, light: WordHash, small: Kit) -> Talk:
    return await talk(database, light, small, "screen")


@pytest.fixture
async def practice(database: Database, light: WordHash, small: Kit) -> Talk:
    return await talk(database, light, small, "practice")


# Streaming.


async def test_sentences_are_shown_as_they_pass_and_said_as_a_whole(screen: Talk) -> None:
    said = await screen.take("I keep both rows.", "You keep both rows.", CALLED, "Q")
    assert screen.shown == ["You keep both rows.", "A follow-up:", screen.speaker.briefs[-1].ask]
    assert said == " ".join(screen.shown)
    kinds = [event["type"] for event in screen.stream]
    assert kinds.index("speaking") < kinds.index("model_called") < kinds.index("said")


async def test_words_that_come_at_once_are_not_shown_ahead(screen: Talk) -> None:
    screen.speaker.source = "local"
    await screen.take("I keep both rows.", "You keep both rows.", "Q")
    assert screen.shown == []


@pytest.mark.parametrize("sentences", [[HIDDEN], ["The old version of", "every row stays there."]])
async def test_a_leak_voids_what_was_shown(screen: Talk, sentences: list[str]) -> None:
    said = await screen.take("I keep it.", "You keep a row.", *sentences, CALLED, "Q")
    ask = screen.speaker.briefs[-1].ask
    assert screen.shown[0] == "You keep a row."
    assert screen.shown[-1] == "<again>"
    assert "every row" not in " ".join(screen.shown)
    assert said == f"A follow-up: {ask}"
    assert "model_called" in [event["type"] for event in screen.stream]


async def test_a_model_that_fails_half_way_leaves_nothing_half_said(screen: Talk) -> None:
    said = await screen.take("I keep both rows.", "You keep both", FAILED, FELL)
    assert screen.shown == ["You keep both", "<again>"]
    assert said == f"A follow-up: {screen.speaker.briefs[-1].ask}"
    assert [e["type"] for e in screen.stream if e["type"] == "fell_back"] == ["fell_back"]


async def test_what_leaks_at_once_was_never_shown(screen: Talk) -> None:
    await screen.take("I keep it.", HIDDEN, "Q")
    assert screen.shown == []


async def test_hidden_text_does_not_come_out_a_few_words_a_message(practice: Talk) -> None:
    await practice.take("Row.", "The old version of", "Q", reply=answers())
    said = await practice.take("Yes.", "every row stays beside", "Q", reply=answers())
    assert "every row" not in said


# The rules of a message.


@pytest.mark.parametrize(
    "lead",
    [
        "Great point about the rows.",
        "That is correct.",
        "Well done with the two dates.",
        "👍 You keep two rows.",
        "What do you mean by rows?",
        "And who reads it？",
        "You keep rows. " * 20,
    ],
)
async def test_a_lead_that_breaks_a_rule_is_dropped_in_a_screen(screen: Talk, lead: str) -> None:
    said = await screen.take("I keep both rows.", lead, "Q")
    assert said == f"A follow-up: {screen.speaker.briefs[-1].ask}"
    assert screen.shown == []


async def test_an_examiner_that_does_not_ask_is_not_heard(screen: Talk) -> None:
    said = await screen.take("I keep both rows.", "You keep both rows.")
    assert said == f"A follow-up: {screen.speaker.briefs[-1].ask}"


async def test_nothing_is_added_after_the_question(screen: Talk) -> None:
    said = await screen.take("I keep both rows.", "Q", "Take your time.")
    assert said == f"A follow-up: {screen.speaker.briefs[-1].ask}"


async def test_practice_may_say_a_kind_word(practice: Talk) -> None:
    assert (await practice.take("Both.", "A good start.", "Q")).startswith("A good start.")


async def test_an_acknowledgement_is_not_used_again_in_other_words(practice: Talk) -> None:
    first = await practice.take("A nightly job.", "You mentioned your nightly job.", "Q")
    again = await practice.take("A nightly job.", "I noted the nightly job.", "Q")
    assert first.startswith("You mentioned")
    assert "nightly" not in again


@pytest.mark.parametrize(
    ("new", "used", "same"),
    [
        ("I noted the nightly job.", "You mentioned your nightly job.", True),
        ("Thank you.", "Thank you.", True),
        ("You mentioned a raw table.", "You mentioned a nightly job.", False),
        ("I see.", "Thank you.", False),
    ],
)
def test_acknowledgements_are_compared_by_what_they_say(new: str, used: str, same: bool) -> None:
    assert said_before(new, (used,)) is same


def brief(**more: Any) -> Brief:
    return Brief(**{"purpose": "question", "mode": "screen", "ask": "What comes first?"} | more)


def drafted(about: Brief, kit: Kit, sentences: Iterable[str]) -> Draft:
    draft = Draft(about, LeakGuard(kit))
    for sentence in sentences:
        draft.add(sentence)
    return draft


@pytest.mark.parametrize(
    ("sentences", "stands"),
    [
        (["Where would you begin?"], True),
        (["Think of a quiet day.", "Where would you begin?"], True),
        (["What comes first?"], True),
        (["Where would you begin? Tell me more."], False),
        (["Where do you begin?", "And where do you end?"], False),
        (["Where do you begin?", "What comes first?"], False),
        (["Begin somewhere."], False),
        ([], False),
        ([" ".join(["word"] * 80) + "?"], False),
    ],
)
def test_in_own_words_there_is_one_question_at_the_end(
    small: Kit, sentences: list[str], stands: bool
) -> None:
    assert drafted(brief(own_words=True), small, sentences).stands is stands


def test_own_words_follow_the_bridge_and_are_what_was_asked(small: Kit) -> None:
    about = brief(own_words=True, bridge="A follow-up:")
    draft = drafted(about, small, ["Where would you begin?"])
    assert draft.text == "A follow-up: Where would you begin?"
    assert draft.asked == "Where would you begin?"


def test_a_question_in_own_words_may_speak_of_right_and_wrong(small: Kit) -> None:
    assert drafted(brief(own_words=True), small, ["Where could this still go wrong?"]).stands
    assert not drafted(brief(own_words=True), small, ["Great, where do you begin?"]).stands


# Clarifying.


async def test_a_clarification_is_put_in_other_words_and_keeps_its_number(screen: Talk) -> None:
    asked = screen.held.state["open"]
    assert asked
    said = await screen.take(
        "?", "Somebody reads an old report.", "What do they see?", reply=says("clarify")
    )
    assert said == f"{words.CLARIFY} Somebody reads an old report. What do they see?"
    event = Said.model_validate([e for e in screen.stream if e["type"] == "said"][-1])
    assert (event.purpose, event.question) == ("clarification", asked["number"])
    assert screen.held.state["open"] == asked
    assert screen.speaker.briefs[-1].own_words


async def test_a_clarification_that_leaks_is_authored(screen: Talk) -> None:
    asked = screen.held.state["open"]
    assert asked
    said = await screen.take("", f"Say that {HIDDEN.lower()}", "Will you?", action="clarify")
    assert said == f"{words.CLARIFY} {asked['text']}"


async def test_only_what_nobody_authored_may_be_put_differently(practice: Talk) -> None:
    await practice.take("Both rows.")
    await practice.take("Two dates.")
    by_ask = {b.ask: b for b in practice.speaker.briefs}
    assert all(b.own_words == (b.ask in words.GENERAL_FOLLOW_UPS) for b in by_ask.values())


async def test_a_core_question_after_an_answer_lets_the_examiner_hear_it(screen: Talk) -> None:
    while screen.held.kind in {"warm_up", "core", "follow_up"}:
        await screen.take("I keep both rows.")
    heard = [brief.heard for brief in screen.speaker.briefs]
    assert heard[:2] == ["", "I have moved data."]
    assert set(heard[2:-1]) == {"I keep both rows."}
