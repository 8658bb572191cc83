"""Rules about what stays hidden, and about languages."""

import re
from collections.abc import Iterator

from agent.events import Marked, Said
from evals.scorecard.finding import Found, Rule
from evals.scorecard.view import View

LEAST_LETTERS = 40
FOREIGN = 0.12
"""Share of little words of another language from which a message is taken to be in it."""

_english = frozenset(
    "a an the and or but of in on at to for from by with as that this it is are was were be been "
    "do does did have has had would can could should not no i you he she we they my our so if "
    "then when which what there them".split()
)
_foreign = frozenset(
    "der die das und ich nicht ein eine mit auf den dem ist wir sie wenn auch dann oder für el la "
    "los las que del por con una para como pero si est les des une dans pour avec sur nous je il "
    "qui pas ne au gli che della per sono non alla het een van niet dat maar dan voor deze ik os "
    "um uma não com mais nie się jest że przez dla albo och att det som inte på för".split()
)
_word = re.compile(r"[^\W\d_]+")


def no_leak(view: View) -> Iterator[Found]:
    """No run of hidden words in what was said; in practice feedback may tell what was missing."""
    for said in _spoken(view):
        if view.known.leaks(said.text):
            yield Found(said, said.text, "it holds hidden words of the kit or of a prompt")


def nothing_worded_alike(view: View) -> Iterator[Found]:
    """The interviewer's own words do not hold most of a hidden text's, in whatever order."""
    for said in _spoken(view):
        own = view.own(said)
        for atom in view.known.worded_like(own):
            yield Found(said, own, f'close to the hidden {atom.kind} "{atom.text}"', "look")
            break


def _spoken(view: View) -> Iterator[Said]:
    for said in view.said:
        told = said.purpose == "feedback" and not view.is_screen
        if not told:
            yield said


def other_languages(view: View) -> Iterator[Found]:
    """An answer in what looks like another language is left to a person by the local examiner."""
    for exchange in view.exchanges:
        heard = exchange.heard
        if heard is None or len(heard.text) < LEAST_LETTERS or not _looks_foreign(heard.text):
            continue
        for marked in exchange.all(Marked):
            decided = any(mark.verdict != "abstained" for mark in marked.marks)
            if marked.source == "local" and decided:
                why = "marked, though it looks like another language"
                yield Found(marked, heard.text, why, "look")


def _looks_foreign(text: str) -> bool:
    """Mostly letters of another alphabet, or little words of another language."""
    letters = [letter for letter in text if letter.isalpha()]
    if sum(not letter.isascii() for letter in letters) > 0.5 * len(letters):
        return True
    found = [word.casefold() for word in _word.findall(text)]
    foreign = sum(word in _foreign for word in found)
    return foreign >= FOREIGN * len(found) and foreign > sum(word in _english for word in found)


RULES = (
    Rule("leak", "no hidden words in what is said", no_leak),
    Rule("near leak", "nothing worded like a hidden text", nothing_worded_alike),
    Rule("languages", "what is not English is left to a person by local", other_languages),
)
