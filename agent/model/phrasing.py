"""Which of a model's words may be said: checks that need nothing but the words."""

import re

from agent.draft import MOST_WORDS, VERDICT, said_before
from agent.examiner import Brief
from agent.hearing import sentences
from agent.wording import stems

NOTHING = "NONE"
MOST_LEAD = 25
"""Words of an acknowledgement."""

_nothing = re.compile(rf"\W*{NOTHING}\W*", re.IGNORECASE)


def first_sentence(text: str) -> str | None:
    """The first sentence of a text that still grows, once another has begun after it."""
    spans = sentences(text)
    whole = [span for span in spans[:1] if len(spans) > 1 and span.text[-1] in ".!?"]
    return whole[0].text if whole else None


def lead(text: str, brief: Brief) -> str:
    """The acknowledgement as it may be said; empty where there is none, or none that may be."""
    words = text.strip().strip('"').strip()
    if not words or _nothing.fullmatch(words) or len(words.split()) > MOST_LEAD:
        return ""
    if re.search(r"[?？\n]", words) or VERDICT.search(words):
        return ""
    if said_before(words, brief.acknowledged) or not stems(words) & stems(brief.heard):
        return ""
    return words if words[-1] in ".!" else f"{words}."


def own_words(text: str, brief: Brief) -> list[str]:
    """The question in the model's words, by sentences; as authored where those may not stand."""
    words = " ".join(text.strip().strip('"').split())
    return [span.text for span in sentences(words)] if _asks_the_same(words, brief) else [brief.ask]


def _asks_the_same(words: str, brief: Brief) -> bool:
    if not words.endswith("?") or len(re.findall(r"[?？]", words)) != 1:
        return False
    if len(words.split()) > MOST_WORDS:
        return False
    told = [span.text for span in sentences(words) if not span.text.endswith("?")]
    if any(VERDICT.search(sentence) for sentence in told):
        return False
    return bool(stems(words) & (stems(brief.ask) | stems(brief.heard)))
