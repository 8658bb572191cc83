"""What a candidate is told before the first question, and agrees to: the one place of its text."""

import hashlib
from collections.abc import Iterator
from typing import Literal, NamedTuple

from agent.events import Mode

VERSION = "2026-11.3"

Examiner = Literal["local", "model"]


class Paragraph(NamedTuple):
    """A heading and what stands below it."""

    heading: str
    text: str


class Notice(NamedTuple):
    """The notice as one candidate sees it; `digest` is the SHA-256 of exactly these words."""

    paragraphs: tuple[Paragraph, ...]
    agreement: str
    version: str = VERSION

    @property
    def text(self) -> str:
        """All of it, the agreement first: what the digest is of, and what is kept."""
        words = [self.agreement, *(part for paragraph in self.paragraphs for part in paragraph)]
        return "\n".join(words)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class Invited(NamedTuple):
    """What an invite adds to a notice; `keeps_days` of None: until somebody has it erased."""

    company: str = ""
    contact: str = ""
    words: str = ""
    """The team's own."""
    keeps_days: float | None = None


AGREEMENT = "I have read this, and I agree to be interviewed by a machine on these terms."

PEOPLE = {
    "practice": "This is practice. The report is yours, it is there as soon as you finish, and "
    "nobody decides anything by it.",
    "screen": "People of the hiring team read what you wrote, with the machine's notes beside it, "
    "and they decide. Viva rejects nobody and its notes never decide alone.",
}
HELP = {
    "practice": "Asking for other words, for time to think or for a pause is free. A hint costs "
    "a little of what the answer can count; it is never worse than not answering.",
    "screen": "Asking for other words, for time to think or for a pause is free. A hint costs a "
    "little of what the answer can count, and the report says that you had one; it is never worse "
    "than not answering.",
}
READERS = {
    "practice": "Whoever runs this copy of Viva can read the interview. {others}",
    "screen": "Whoever runs this copy of Viva and the hiring team can read the interview, and the "
    "team its report. You can see what you wrote at any time. {others}",
}
NOBODY_ELSE = "Viva shows it to nobody else."
NOBODY_BUT_THE_MODEL = (
    "Whoever runs the language model gets what is sent to it, and may keep it by terms of their "
    "own. Viva shows it to nobody else."
)
READ_HERE = "Your answers are read by rules and a small model on the machine that runs Viva."
READ_BY_MODEL = (
    "What you write is also sent to a language model that whoever runs Viva has chosen{named}. "
    "Your name is not sent unless you write it yourself, so leave out what need not be read."
)
A_PERSON = {
    "practice": "Nobody waits on the other side of a practice interview. If you would rather talk "
    "to a person, or need another form, ask whoever runs this copy of Viva; for more time, choose "
    "more minutes or pause. If you write it in the interview, it does not count against you.",
    "screen": "If you would rather talk to a person, or need more time or another form, tell the "
    "people who invited you, or write it in the interview at any point. It stays where people read "
    "it, and does not count against you.",
}

INVITED_TO_PRACTISE = (
    " The people who invited you see whether you took it, and nothing of what you wrote or of "
    "what came of it."
)
ASK_THEM = (
    "If you would rather talk to a person, or need more time or another form, {reach}. You can "
    "also write it in the interview at any point, where people read it. It does not count "
    "against you."
)
KEPT_UNTIL_ERASED = "It is kept until the team or you have it erased."
KEPT_FOR = (
    "It is erased by itself {days:g} days after the last that happens with it, such as the end of "
    "your interview or a person's decision."
)
YOUR_DATA = (
    "Kept beside the interview are your name and address as the team wrote them, in which browsers "
    "your link was opened, and what you ask for on your own page. {kept} Until then your own page "
    "lets you have a copy of all of it, or have it erased, without giving a reason. Where the law "
    "makes the team keep something longer, you are told so. What stays after that is a line that "
    "there was an interview, without your name or your words."
)


def notice(
    mode: Mode,
    examiner: Examiner = "local",
    *,
    model: str | None = None,
    days: float = 30,
    invited: Invited | None = None,
) -> Notice:
    """The notice for this kind of interview.

    `model` names the language model and where it is; an interview left alone for `days` closes.
    """
    named = f": {model}" if model else ""
    by_model = examiner == "model"
    reading = READ_BY_MODEL.format(named=named) if by_model else READ_HERE
    others = NOBODY_BUT_THE_MODEL if by_model else NOBODY_ELSE
    paragraphs = (
        Paragraph(
            "A machine asks the questions",
            "Viva is an AI. It asks, listens to what you write and compares it with points that "
            "people wrote down beforehand. Spelling, grammar, length and style do not count.",
        ),
        Paragraph("People decide", _people(mode, invited)),
        Paragraph("Not knowing is fine", "Say so, or skip. Nobody knows all of it. " + HELP[mode]),
        Paragraph(
            "You can stop at any time",
            "Pause and the clock stands still; close the page and come back later; or end the "
            "interview with one button, without giving a reason. An interview left alone for "
            f"{days:g} days closes by itself.",
        ),
        Paragraph(
            "What is kept",
            "What you write, what Viva says, the times of both, how answers were read, and that "
            "you agreed to this notice, in the database of whoever runs this copy of Viva. Your "
            f"browser keeps the interview's code and your unsent draft. {reading}",
        ),
        Paragraph("Who sees it", READERS[mode].format(others=others)),
        Paragraph("You can ask for a person", _a_person(mode, invited)),
        *_of_the_invite(invited),
    )
    return Notice(paragraphs, AGREEMENT)


def _people(mode: Mode, invited: Invited | None) -> str:
    return PEOPLE[mode] + (INVITED_TO_PRACTISE if invited and mode == "practice" else "")


def _a_person(mode: Mode, invited: Invited | None) -> str:
    return A_PERSON[mode] if invited is None else ASK_THEM.format(reach=_reach(invited))


def _reach(invited: Invited) -> str:
    """`tell the people who invited you: people@example.org`."""
    told = "tell the people who invited you"
    return f"{told}: {invited.contact.strip()}" if invited.contact.strip() else told


def _of_the_invite(invited: Invited | None) -> Iterator[Paragraph]:
    if invited is None:
        return
    kept = KEPT_UNTIL_ERASED
    if invited.keeps_days is not None:
        kept = KEPT_FOR.format(days=invited.keeps_days)
    yield Paragraph("How long it is kept, and what you can ask for", YOUR_DATA.format(kept=kept))
    if words := invited.words.strip():
        yield Paragraph(f"From {invited.company.strip() or 'the team'}", words)
