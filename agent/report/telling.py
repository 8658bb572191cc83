"""A report in words: outcomes, marks, levels and ranges, the same in every printed form."""

from collections.abc import Iterable, Sequence

from agent.events import Aid
from agent.report.argument import Compared
from agent.report.model import Earned, GivenMark, QuestionReport, Report, Standing
from knowledge.atoms import LEVELS

OUTCOMES = {
    "strong": "Strong",
    "sound": "Sound",
    "weak": "Weak",
    "not_answered": "Not answered",
    "skipped": "Skipped",
    "ungraded": "Could not be graded",
    "answered": "Answered",
    "unfinished": "Open at the end",
}
OUTCOMES_MEAN = {
    "strong": "Shows nearly all that the question asks for, and counts for the level.",
    "sound": "Shows enough of what the question asks for, and counts for the level.",
    "weak": "It was answered and shows less than the question asks for. How much that says of the "
    "level depends on how hard the question is and how sure its examiner.",
    "not_answered": "It was asked and no answer was known. It counts against the level, like an "
    "answer that shows nothing.",
    "skipped": "It was passed over by choice. It says nothing of the level, neither way.",
    "ungraded": "There is an answer that could not be marked. It says nothing of the level, "
    "neither way.",
    "answered": "It was answered.",
    "unfinished": "It was still open when the interview ended. It says nothing of the level.",
}
REVIEWS = {
    "needs_person": "For a person: may be right by another road",
    "disputed": "Disputed: gave a reason against the kit's answer",
    "set_aside": "Set aside: contested and upheld",
}
REVIEWS_MEAN = {
    "needs_person": "The answer says something of substance that the kit does not list. It counts "
    "for nothing until a person has looked.",
    "disputed": "The answer gives a reason against what the kit says. It counts for nothing until "
    "a person has looked.",
    "set_aside": "The candidate contested the question and a person agreed. It is left out of the "
    "level: neither for nor against.",
}
PHRASES_MEAN = {
    "likely shown": "Four chances in five, or more, that it is there.",
    "could be either": "Needs more evidence: these answers do not settle it.",
    "not shown in this interview": "One chance in five at most, by these answers.",
    "not enough evidence": "Nothing to go by, neither way.",
}
ADDED = {
    True: "both versions are kept, and the better one counts",
    False: "kept, not counted",
}
"""What became of an addition, by whether it counts."""
MARKS = {
    "met": "shown",
    "contradicted": "contradicted",
    "unsupported": "not counted: its quote is not in the answer",
}
AIDS: dict[Aid, str] = {
    "unaided": "without help",
    "prompted": "after a follow-up",
    "hinted": "after a hint",
}
NEARLY = 0.75
"""Share of a point from which the examiner was nearly sure of it, and only then says `shown`."""
LOWEST, HIGHEST = -0.5, len(LEVELS) - 0.5
"""The scale's ends: each level is a band one wide around its number."""
LEVEL_NUMBERS = ", ".join(f"{name} {number}" for number, name in enumerate(LEVELS))


def level_name(level: float) -> str:
    """The level that a middle lies in; `principal or beyond` where it lies outside the scale."""
    if level < LOWEST:
        return f"{LEVELS[0]} or below"
    if level > HIGHEST:
        return f"{LEVELS[-1]} or beyond"
    return LEVELS[min(max(round(level), 0), len(LEVELS) - 1)]


def end_in_words(level: float) -> str:
    """`1.2`; and in words where a number would lie outside the scale: `below junior`."""
    if level < LOWEST:
        return f"below {LEVELS[0]}"
    if level > HIGHEST:
        return f"beyond {LEVELS[-1]}"
    return f"{abs(round(level, 1)):.1f}" if _has_number(level) else level_name(level)


def _has_number(level: float) -> bool:
    return 0 <= round(level, 1) < len(LEVELS) - 0.9


def chance_in_words(probability: float) -> str:
    """`93%`; never certain: `over 99%`, `under 1%`."""
    if probability >= 0.995:
        return "over 99%"
    return "under 1%" if probability < 0.005 else f"{probability:.0%}"


def standing_in_words(standing: Standing | Compared) -> str:
    """`mid, 1.2 (below junior to 2.0)`."""
    if standing.level is None or standing.low is None or standing.high is None:
        return "not known"
    told = level_name(standing.level)
    if _has_number(standing.level):
        told += f", {end_in_words(standing.level)}"
    return f"{told} ({end_in_words(standing.low)} to {end_in_words(standing.high)})"


def outcome_in_words(question: QuestionReport) -> tuple[str, str]:
    """What a question came to, and what that means for the level."""
    if question.review:
        return REVIEWS[question.review], REVIEWS_MEAN[question.review]
    return OUTCOMES[question.outcome], OUTCOMES_MEAN[question.outcome]


def disputes_in_words(report: Report) -> str | None:
    """For the team: how much is contested and open, and what a person changed; None if nothing."""
    still_open = sum(contest.state == "open" for contest in report.contests)
    changed = sum(len(question.overruled) for question in report.questions)
    if report.audience != "team" or not (report.contests or changed):
        return None
    are = "is" if still_open == 1 else "are"
    said = f"{counted(still_open, 'contest')} {are} open".capitalize()
    return f"{said}; a person has changed {counted(changed, 'mark')}."


def is_told(report: Report) -> bool:
    """Whether this reader is told marks and verdicts: the team, and a candidate once opened."""
    return report.audience == "team" or report.opened


def is_sure(earned: Earned) -> bool:
    """Whether the examiner was sure enough to say that it was shown."""
    return earned.sure >= NEARLY


def shown_in_words(earned: Earned) -> tuple[str, str]:
    """`Shown` or `Perhaps shown`, and what goes with it: ` (0.19), after a hint (0.75)`."""
    told = ("Shown", "") if is_sure(earned) else ("Perhaps shown", f" ({earned.sure:.2f})")
    if earned.aid is None or earned.aid == "unaided":
        return told
    return told[0], f"{told[1]}, {AIDS[earned.aid]} ({earned.worth:.2f})"


def counted_in_words(earned: Earned) -> str:
    """`counts 0.41 of 1: the examiner was unsure`; help is told by `shown_in_words`."""
    if earned.state == "against":
        return f"takes {earned.off:.2f} off"
    if earned.state == "left open":
        return "is neither for nor against"
    if earned.aid is None:
        return "counts 0"
    if earned.state == "shown" and earned.credit == 1:
        return "counts in full"
    why = [] if is_sure(earned) else ["the examiner was unsure"]
    if NEARLY <= earned.sure < 1:
        why.append(f"the examiner was nearly sure ({earned.sure:.2f})")
    if earned.state == "beside":
        why.append(f"a good sign beside the points ({earned.weight:.2f})")
    return f"counts {earned.credit:.2f} of 1" + (f": {', '.join(why)}" if why else "")


def same_words(given: Sequence[GivenMark]) -> dict[str, tuple[str, ...]]:
    """Atoms of other marks that stand on the same words, or on words within them, by atom."""
    shown = [g for g in given if g.mark.quote and g.mark.verdict in {"met", "contradicted"}]
    return {
        one.mark.atom: tuple(
            dict.fromkeys(other.mark.atom for other in shown if _shares(one, other))
        )
        for one in shown
        if any(_shares(one, other) for other in shown)
    }


def _shares(one: GivenMark, other: GivenMark) -> bool:
    mine, theirs = one.mark.quote, other.mark.quote
    if one.mark.atom == other.mark.atom or one.answer != other.answer or not (mine and theirs):
        return False
    inner = min(mine.end - mine.start, theirs.end - theirs.start)
    return min(mine.end, theirs.end) - max(mine.start, theirs.start) == inner


def counted(number: int, thing: str) -> str:
    """`1 hint`, `2 hints`, `no hints`."""
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def places_in_words(places: Sequence[int]) -> str:
    """`in question 1`, `in questions 1, 2 and 4`."""
    *most, last = map(str, places)
    return f"in questions {', '.join(most)} and {last}" if most else f"in question {last}"


def listed(texts: Iterable[str]) -> str:
    """Texts on one line, as one sentence."""
    return "; ".join(text.rstrip(".") for text in texts) + "."
