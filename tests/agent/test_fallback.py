"""When the interview's examiner fails, another marks, and every mark of it says so."""

from collections.abc import AsyncIterator

from held import Held, Hold
from test_graph import FULL

from agent.events import Mark, ModelCalled
from agent.examiner import Brief, Examination, Examiner, Sheet, Spoken
from agent.fallback import WithFallback
from agent.model import ModelFailed
from agent.scripted import Reply, ScriptedExaminer, answers


def call(failure: str = "no answer within 2 s") -> ModelCalled:
    return ModelCalled(
        purpose="examine", prompt="0", outcome="failed", failure=failure, seconds=2.0
    )


class Scripted(ScriptedExaminer):
    """A script in the part of a language model; it fails where the script holds None."""

    name = "model"
    source = "model"

    def __init__(self, *replies: Reply | None) -> None:
        super().__init__(*(reply for reply in replies if reply))
        self.up = [reply is not None for reply in replies]

    async def examine(self, sheet: Sheet) -> Examination:
        if not self.up.pop(0):
            raise ModelFailed(call())
        read = await super().examine(sheet)
        mine = {kind: _by_model(getattr(read, kind)) for kind in ("marks", "flags", "elsewhere")}
        done = ModelCalled(purpose="examine", prompt="0", outcome="ok", seconds=1.0, tokens_in=9)
        return read.model_copy(update={**mine, "calls": (done,)})


def _by_model(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(mark.model_copy(update={"source": "model"}) for mark in marks)


async def with_model(hold: Hold, examiner: Examiner) -> Held:
    """An interview of one question, under this examiner."""
    like = (await hold(core=1)).deps.room
    assert like.index is not None
    held = Held(
        examiner,
        like.index,
        like.embedder,
        mode="practice",
        minutes=45,
        core=1,
        seed=1,
        policy=like.policy,
    )
    await held.open()
    return held


def behind(first: Scripted, *replies: Reply) -> WithFallback:
    return WithFallback(first, ScriptedExaminer(*replies))


async def test_an_answer_the_model_fails_on_is_marked_by_the_other_who_says_so(hold: Hold) -> None:
    examiner = behind(Scripted(answers(), None), FULL["history"])
    held = await with_model(hold, examiner)
    await held.say("I have moved data.")
    await held.say("I keep the old version of every row.")
    (marked,) = held.of("marked")
    assert (marked.source, marked.score) == ("local", 1.0)
    assert all(mark.fallback and mark.source == "local" for mark in marked.marks)
    (fell,) = held.of("fell_back")
    assert (fell.purpose, fell.to, fell.failure) == ("examine", "scripted", "no answer within 2 s")
    assert [event.outcome for event in held.of("model_called")] == ["ok", "failed"]


async def test_a_model_that_answers_is_not_stood_in_for(hold: Hold) -> None:
    held = await with_model(hold, behind(Scripted(answers(), FULL["history"])))
    await held.say("I have moved data.")
    await held.say("I keep the old version of every row.")
    (marked,) = held.of("marked")
    assert marked.source == "model"
    assert not any(mark.fallback for mark in marked.marks)
    assert held.of("fell_back") == []


async def test_flags_seen_in_its_absence_say_so_too(hold: Hold) -> None:
    held = await with_model(hold, behind(Scripted(answers(), None), answers(["by-hand"])))
    await held.say("I have moved data.")
    await held.say("I edit rows of the production database by hand.")
    (flagged,) = held.of("flagged")
    assert flagged.mark.fallback


async def test_the_model_is_asked_again_for_the_next_answer(hold: Hold) -> None:
    first = Scripted(answers(), None, answers(["versions", "validity"]))
    held = await with_model(hold, behind(first, answers(["versions"])))
    for text in ("I have moved data.", "I keep the old row.", "With dates from and until."):
        await held.say(text)
    assert [marked.source for marked in held.of("marked")] == ["local", "model"]


async def test_words_are_the_firsts(hold: Hold) -> None:
    class Speaks(Scripted):
        async def phrase(self, brief: Brief) -> AsyncIterator[Spoken]:
            yield f"So: {brief.ask}"

    held = await with_model(hold, behind(Speaks()))
    assert "So: " in held.said


def test_it_is_an_examiner_under_the_firsts_name() -> None:
    both = behind(Scripted())
    assert isinstance(both, Examiner)
    assert (both.name, both.source) == ("model", "model")
