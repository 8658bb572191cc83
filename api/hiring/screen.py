"""A screen: what is asked, of whom, until when, in which words; and what cannot be one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from agent.events import Mode
from agent.policy import Policy
from api.hiring.errors import Unfit
from api.hiring.messages import check_template
from knowledge.atoms import Level

ScreenStatus = Literal["draft", "open", "closed"]
MOST_ATTEMPTS = 5
LONGEST_TEXT = 5_000
LONGEST_NAME = 200
"""Characters of a title, a company or a contact."""

SHORTEST, LONGEST = 5.0, 240.0
"""Minutes."""

MOST_SUBJECTS = 12


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What candidates are told in the team's own words; all of it plain text."""

    company: str = ""
    """Who invites."""
    contact: str = ""
    """How a person is reached: an address or a telephone number."""
    notice: str = ""
    """What the law or the team adds to Viva's own notice."""
    brief: str = ""
    """What to prepare, and how."""
    message: str = ""
    """The invite's template; empty: ours. It may name {name}, {screen}, {company}, {link},
    {until}, {minutes}, {brief} and {contact}."""


@dataclass(frozen=True, kw_only=True)
class NewScreen:
    """A screen as a recruiter wishes it. `opens` and `closes` are Unix seconds."""

    title: str
    kit: str
    level: Level = "mid"
    mode: Mode = "screen"
    minutes: float = 45.0
    examiner: str = "local"
    subjects: Sequence[str] = ()
    """Competencies, one core question each; empty: the kit's richest."""
    attempts: int = 1
    texts: Texts = field(default_factory=Texts)
    blind_share: float = 0.2
    opens: float | None = None
    closes: float | None = None


@dataclass(frozen=True, kw_only=True)
class Screen(NewScreen):
    """A screen as it stands. From its opening on, kit version and policy stay as they are."""

    id: str
    workspace_id: str
    status: ScreenStatus
    kit_version: str
    policy: dict[str, Any] | None
    made_by: str
    created: float
    closed: float | None

    def takes(self, now: float) -> bool:
        """Whether somebody may begin now."""
        began = self.opens is None or self.opens <= now
        goes_on = self.closes is None or now < self.closes
        return self.status == "open" and began and goes_on


def policy_of(screen: Screen) -> Policy | None:
    """What its interviews are decided and measured by; None before it opens."""
    return None if screen.policy is None else Policy.model_validate(screen.policy)


def renamed(screen: Screen, title: str) -> NewScreen:
    """A wish for the same screen again under another title."""
    wish = NewScreen(**{name: getattr(screen, name) for name in NewScreen.__dataclass_fields__})
    return replace(wish, title=title)


def check(wish: NewScreen) -> None:
    """Refuse what cannot be a screen.

    Raises:
        Unfit: it says which field, what is wrong and how to mend it.
    """
    _check_texts(wish)
    if not SHORTEST <= wish.minutes <= LONGEST:
        raise Unfit("minutes", "An interview takes from 5 to 240 minutes.", "Say 45.")
    if len(wish.subjects) > MOST_SUBJECTS:
        raise Unfit("subjects", f"More than {MOST_SUBJECTS} are chosen.", "Choose fewer.")
    if not 1 <= wish.attempts <= MOST_ATTEMPTS:
        told = f"{wish.attempts} attempts are asked for."
        raise Unfit("attempts", told, f"1 to {MOST_ATTEMPTS} can be.")
    if not 0 <= wish.blind_share <= 1:
        told = "The share to be marked by people first is from 0 to 1."
        raise Unfit("blind_share", told, "Say 0.2.")
    if wish.opens is not None and wish.closes is not None and wish.closes <= wish.opens:
        raise Unfit("closes", "The screen closes before it opens.", "Choose a later time to close.")


def _check_texts(wish: NewScreen) -> None:
    texts = asdict(wish.texts)
    if not wish.title.strip():
        raise Unfit("title", "The screen has no title.", "Give it one; candidates see it.")
    for name, text in {"title": wish.title, **texts}.items():
        longest = LONGEST_NAME if name in {"title", "company", "contact"} else LONGEST_TEXT
        if len(text) > longest:
            told = f"The {name} is longer than {longest:,} characters."
            raise Unfit(name, told, "Shorten it.")
        if "\0" in text:
            raise Unfit(name, f"There is a NUL in the {name}.", "Take it out.")
    if wish.mode == "screen" and not wish.texts.contact.strip():
        raise Unfit(
            "contact",
            "It is not said how a candidate reaches a person.",
            "Give an e-mail address or a telephone number.",
        )
    check_template(wish.texts.message)
