"""Whether a sentence carries what a statement says is done, and not only its nouns.

"I look at failing tests first" and "Ignores failing tests" share every noun.
"""

from collections.abc import Iterator

from agent.local.likeness import Likeness
from agent.local.opposites import opposites
from agent.local.statements import (
    after_denial,
    alike,
    clauses,
    denials,
    leaves_out,
    of_themselves,
)
from agent.wording import stems

SAME_ACT = 0.48
"""Cosine in context from which a word of the sentence can be the statement's act: "drop" and
"deletes" are from .49, "check" and "edits" below .46, in pairs written for this."""


def carries(statement: str, sentence: str, likeness: Likeness) -> bool:
    """Whether the sentence says that the candidate does the statement's act, or leaves it out.

    What is left out has to stand behind the sentence's own denial: "failures do not happen, I
    always test" is not "deploys without testing".
    """
    if opposites(statement, sentence):
        return False
    if leaves_out(statement):
        missing = after_denial(statement)
        return any(_share(missing, after_denial(clause)) for clause in clauses(sentence))
    return likeness.act >= SAME_ACT and _is_done(statement, sentence)


def _is_done(statement: str, sentence: str) -> bool:
    """The clause that is about the matter denies nothing, and the candidate is in it."""
    clause = max(clauses(sentence), key=lambda each: sum(_shared(stems(statement), stems(each))))
    about_it = _share(stems(statement), stems(clause))
    return not denials(clause) and (of_themselves(clause) or not about_it)


def _share(some: frozenset[str], others: frozenset[str]) -> bool:
    return any(_shared(some, others))


def _shared(some: frozenset[str], others: frozenset[str]) -> Iterator[bool]:
    return (any(alike(one, other) for other in others) for one in some)
