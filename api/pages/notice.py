"""What a candidate is told before the first question, and agrees to: the one place of its text."""

import hashlib
from typing import Literal, NamedTuple

from agent.events import Mode

VERSION = "2026-11.2"

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
    def digest(self) -> str:
        words = [self.agreement, *(part for paragraph in self.paragraphs for part in paragraph)]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()


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


def notice(
    mode: Mode, examiner: Examiner = "local", *, model: str | None = None, days: float = 30
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
        Paragraph("People decide", PEOPLE[mode]),
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
        Paragraph("You can ask for a person", A_PERSON[mode]),
    )
    return Notice(paragraphs, AGREEMENT)
