"""What an invited person is sent: the team's own words, filled in for each. Viva sends nothing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from agent.events import Mode
from api.hiring.errors import Unfit
from api.hiring.safe_csv import write_csv
from api.moments import moment

if TYPE_CHECKING:
    from api.hiring.invite import Invite
    from api.hiring.screens import Screen

FIELDS = ("name", "screen", "company", "link", "until", "minutes", "brief", "contact")
LONGEST_MAIL_LINK = 1_900
"""Characters; mail programs cut longer ones off without a word."""

_PURPOSES: dict[Mode, str] = {
    "screen": """\
{company} invites you to a first interview in writing: {screen}. Viva, an AI interviewer, asks the \
questions; people read what you wrote, and they decide.""",
    "practice": """\
{company} invites you to practise an interview in writing: {screen}. Viva, an AI interviewer, asks \
the questions and tells you how it went. The report is yours; nobody decides anything by it.""",
}
_AROUND = """Hello {name},

%s

It takes about {minutes} minutes, at a time that suits you, until {until}. You can pause and come \
back. This link is yours alone; please do not pass it on:

{link}

{brief}

To reach a person, or if you need more time or another form: {contact}
"""
TEMPLATES = {mode: _AROUND % purpose for mode, purpose in _PURPOSES.items()}
"""Our own messages."""

_FIELD = re.compile(r"\{(\w+)\}")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class Message:
    """Plain text for one person; `until` is in Unix seconds."""

    name: str
    email: str
    reference: str
    link: str
    until: float
    subject: str
    text: str

    @property
    def mailto(self) -> str | None:
        """An address that opens a mail program; None where there is none, or it is too long."""
        if not self.email:
            return None
        text = quote(self.text.replace("\n", "\r\n"), safe="")
        link = f"mailto:{quote(self.email, safe='@')}?subject={quote(self.subject, safe='')}&body="
        return link + text if len(link + text) <= LONGEST_MAIL_LINK else None


def check_template(template: str) -> None:
    """Refuse a template that could not invite.

    Raises:
        Unfit: it names something that is not known, or not the link.
    """
    named = _FIELD.findall(template)
    if unknown := [name for name in named if name not in FIELDS]:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise Unfit(
            "message",
            f"The message names {{{unknown[0][:40]}}}, which is not known.",
            f"Use {known}.",
        )
    if template.strip() and "link" not in named:
        raise Unfit(
            "message",
            "The message does not say where the link goes.",
            "Write {link} in it, or leave it empty for ours.",
        )


def message(screen: "Screen", invite: "Invite", link: str) -> Message:
    """The message for one person."""
    until = min(invite.until, screen.closes or invite.until)
    values = {
        "name": invite.name,
        "screen": screen.title,
        "company": screen.texts.company or "The hiring team",
        "link": link,
        "until": moment(until),
        "minutes": f"{screen.minutes * invite.extra_time:.0f}",
        "brief": screen.texts.brief.strip(),
        "contact": screen.texts.contact,
    }
    company = f" at {screen.texts.company}" if screen.texts.company else ""
    what = "Practice interview" if screen.mode == "practice" else "Interview"
    return Message(
        name=invite.name,
        email=invite.email,
        reference=invite.reference,
        link=link,
        until=until,
        subject=" ".join(f"{what}{company}: {screen.title}".split()),
        text=filled(screen.texts.message.strip() or TEMPLATES[screen.mode], values),
    )


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with the values in it, each once: a value is never read as a template.

    A paragraph that names something empty is left out; for a name alone, only the name is.
    """

    def put(found: re.Match[str]) -> str:
        return values.get(found[1], found[0])

    kept = []
    for paragraph in _PARAGRAPHS.split(template.replace("\r\n", "\n").strip()):
        if any(not values.get(name, "-") for name in _FIELD.findall(paragraph) if name != "name"):
            continue
        if not values["name"]:
            paragraph = re.sub(r"[ \t]*\{name\}", "", paragraph)
        kept.append(_FIELD.sub(put, paragraph))
    return "\n\n".join(kept) + "\n"


def as_csv(messages: Iterable[Message]) -> str:
    """All of them as a table, for a mail merge."""
    head = ("name", "email", "reference", "link", "until", "subject", "message")
    rows = (
        (m.name, m.email, m.reference, m.link, moment(m.until), m.subject, _listed(m.text))
        for m in messages
    )
    return write_csv([head, *rows])


def _listed(text: str) -> str:
    """A list with dots: a line that begins with `-` would be defused, and read oddly."""
    return re.sub(r"^([ \t]*)-(?= )", r"\1•", text, flags=re.MULTILINE)
