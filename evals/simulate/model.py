"""A candidate played by a language model: it is told who it is, and what was said to it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

from agent.model.prompts import Prompt, nonce
from evals.simulate.moves import Move, Sight
from evals.simulate.personas import ALL, Persona, Someone
from evals.simulate.scripted import words
from knowledge.errors import BadInput

if TYPE_CHECKING:
    from agent.model import Endpoint
    from api.settings import Settings

PROMPT = Path(__file__).with_name("candidate.md")
KINDS = {"write": "answer", "add": "amend"}
BUTTONS = ("hint", "skip", "pause", "end")


class Reply(BaseModel):
    """What the model says that the candidate does."""

    model_config = ConfigDict(extra="forbid")

    does: Literal["write", "add", "hint", "skip", "pause", "end"]
    text: str

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.does in KINDS and not self.text.strip():
            raise ValueError(f"to {self.does} needs a text")
        return self

    @property
    def move(self) -> Move:
        """The same as a message or button."""
        return Move(KINDS[self.does], self.text) if self.does in KINDS else Move(self.does)


@dataclass(frozen=True)
class CandidateAccess:
    """Where the candidate's model is."""

    model: str
    base_url: str | None
    api_key: SecretStr | None
    timeout: float
    price_in: float | None
    price_out: float | None


def access(settings: "Settings") -> CandidateAccess:
    """The candidate's model, or else the interviewer's; a key never goes to another address.

    Raises:
        BadInput: no model is named.
    """
    model = settings.candidate_model or settings.model
    if not model:
        raise BadInput(
            "No language model is set for the candidate.",
            "Set VIVA_CANDIDATE_MODEL, or use --candidate bank.",
        )
    elsewhere = settings.candidate_base_url is not None
    return CandidateAccess(
        model=model,
        base_url=settings.candidate_base_url or settings.base_url,
        api_key=settings.candidate_api_key or (None if elsewhere else settings.api_key),
        timeout=settings.timeout,
        price_in=settings.price_in,
        price_out=settings.price_out,
    )


class Played:
    """One person in one interview, played by the model behind an endpoint.

    Nothing is drawn here, so the same seed gives the same person, but no model's words twice.
    """

    def __init__(self, someone: Someone, background: str, endpoint: "Endpoint") -> None:
        self._someone, self._background, self._endpoint = someone, background, endpoint
        self._prompt = Prompt("phrase", PROMPT.read_text("utf-8"))
        self._chat: list[str] = []

    async def reply(self, sight: Sight) -> Move:
        """What the model says they do.

        Raises:
            ModelFailed: it says nothing that can be used.
        """
        self._chat += [f"Interviewer: {text}" for text in sight.said]
        move = Move("resume") if sight.paused else await self._asked()
        self._chat.append(f"You: {move.text}" if move.text else f"You pressed: {move.kind}")
        return move

    async def _asked(self) -> Move:
        persona, chat = self._someone.persona, "\n".join(self._chat)
        filled = self._prompt.fill(
            nonce=nonce(chat),
            level=_level(persona),
            background=self._background,
            manner=words()["manner"][persona.style],
            chat=chat,
        )
        reply, _ = await self._endpoint.structured(filled, Reply)
        return reply.move


def _level(persona: Persona) -> str:
    others = (f"{level} on {name}" for name, level in persona.level.items() if name != ALL)
    return ", but ".join((persona.level[ALL], *others))
