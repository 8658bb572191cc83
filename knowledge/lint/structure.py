"""What can be told from a kit's tree and links, without reading for meaning."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from knowledge.atoms import LEVELS, Atom, Kit
from knowledge.concerns import concerns_of
from knowledge.lint.finding import Finding, found

ASKED_OF = frozenset({"opening", "screening", "resume", "attitude"})
"""Kinds of questions that are not marked, and need no rubric."""
MINUTES_A_QUESTION = 4.0
"""A core question typed with its follow-ups takes at least this long."""

_slot = re.compile(
    r"\[[A-Za-z][^\]\n]{0,60}\](?!\()|<(?:your|the|insert)[^>\n]{0,60}>|\{\{.*?\}\}|_{4,}"
)


def structure(kit: Kit) -> Iterator[Finding]:
    """All findings of these checks."""
    for check in CHECKS:
        yield from check(kit)


def has_rubric(kit: Kit, question: Atom) -> bool:
    """Whether an answer can be marked: by points, a reference or indicators, or a competency's."""
    if kit.came_with(question.id, "point", "reference", "indicator", "anchor"):
        return True
    if any(has_rubric(kit, rung) for rung in kit.children(question.id, "question")):
        return True
    above = (question.parent, kit.competencies.get(question.id))
    return any(id_ and kit.children(id_, "indicator") for id_ in above)


def _marked_questions(kit: Kit) -> Iterator[Atom]:
    return (q for q in kit.of("question", "money") if q.question_kind not in ASKED_OF)


def no_rubric(kit: Kit) -> Iterator[Finding]:
    """Questions that nothing can be marked by."""
    for question in _marked_questions(kit):
        if not has_rubric(kit, question):
            yield found(
                *("no-rubric", "warning", question, "There is nothing to mark an answer by."),
                "Write points or indicators below it, or move it below a competency that has some.",
            )


def unreached(kit: Kit) -> Iterator[Finding]:
    """Competencies with something to judge by, and no question that gives the chance."""
    asked = {q.topic for q in kit.of("question")} | set(kit.competencies.values())
    asked |= {q.parent for q in kit.of("question")}
    joined = {m: set(join.members) for join in kit.joins for m in join.members}
    for subject in kit.of("competency", "topic"):
        like = joined.get(subject.id, {subject.id})
        names = {kit.by_id[id_].text for id_ in like if id_ in kit.by_id} | like | {subject.text}
        judged = kit.children(subject.id, "indicator")
        if names.isdisjoint(asked) and (judged or subject.kind == "competency"):
            problem = f"No question asks about it; its {len(judged)} indicators are never reached."
            yield found("unreached", "warning", subject, problem, "Write a question below it.")


def missing_levels(kit: Kit) -> Iterator[Finding]:
    """Competencies that do not say what is expected at each level."""
    for competency in kit.of("competency"):
        told = {level.level for level in kit.children(competency.id, "level")}
        missing = [level for level in LEVELS if level not in told]
        if missing:
            problem = f"It does not say what is expected of: {', '.join(missing)}."
            remedy = "Add `level:` with `at:` for each level you hire at."
            yield found(
                "missing-levels", "warning" if told else "note", competency, problem, remedy
            )
    for level in kit.of("level"):
        if level.level is None:
            remedy = f"Write `at:` with one of: {', '.join(LEVELS)}."
            yield found("unnamed-level", "warning", level, "It names no level.", remedy)


def levels_not_asked(kit: Kit) -> Iterator[Finding]:
    """Competencies whose questions leave out a level that they describe."""
    for competency in kit.of("competency"):
        asked = {
            q.level
            for q in kit.of("question")
            if competency.id == q.parent or q.topic == competency.text
        }
        told = {level.level for level in kit.children(competency.id, "level")}
        missing = [level for level in LEVELS if level in told - asked]
        if asked - {None} and missing:
            problem = f"No question of it is for: {', '.join(missing)}."
            yield found(
                *("level-not-asked", "note", competency, problem, "Add a question with that `at:`.")
            )


def too_little_time(kit: Kit) -> Iterator[Finding]:
    """A format with no time for one question of each competency."""
    parts = [part for part in kit.of("format") if part.parent is None and part.minutes]
    core = [
        p for p in parts if re.search(r"question|core|technical|discussion|design", p.text, re.I)
    ]
    core = [p for p in core if not re.search(r"\byour|candidate|money|q ?& ?a", p.text, re.I)]
    minutes = sum(part.minutes or 0 for part in core)
    asked = Counter(part.id for part in core for _ in kit.children(part.id, "question"))
    must = sum(asked.values())
    if must and minutes and must * MINUTES_A_QUESTION > minutes:
        problem = f"{must} questions stand in {minutes:g} minutes: under 4 minutes for each."
        yield found("too-little-time", "warning", core[0], problem, "Cut questions or add minutes.")
    elif minutes and minutes < MINUTES_A_QUESTION:
        problem = f"{minutes:g} minutes are too short for one question."
        yield found("too-little-time", "warning", core[0], problem, "Add minutes.")


def lone_groups(kit: Kit) -> Iterator[Finding]:
    """Groups of which one is enough, and which have only one."""
    groups: dict[tuple[str | None, str | None], list[Atom]] = defaultdict(list)
    for point in kit.of("point"):
        if point.role == "any_of":
            groups[(point.question or point.parent, point.group)].append(point)
    for (_, group), points in groups.items():
        if group is None or len(points) == 1:
            problem = f"It is the only point of its group {group or '(none named)'}."
            remedy = "Make it `role: core`, or write what else is right into the same group."
            yield found("lone-group", "warning", points[0], problem, remedy)


def empty_references(kit: Kit) -> Iterator[Finding]:
    """Model answers that no point was made of."""
    for reference in kit.of("reference"):
        above = reference.question or reference.parent
        points = kit.children(reference.id, "point")
        if not points and not (above and kit.came_with(above, "point")):
            remedy = "Write its statements as points below it."
            yield found(
                *(
                    "reference-without-points",
                    "warning",
                    reference,
                    "Nothing of it can be marked.",
                    remedy,
                )
            )


def two_signs(kit: Kit) -> Iterator[Finding]:
    """Statements that count for and against."""
    signs: dict[tuple[str, str], list[Atom]] = defaultdict(list)
    for atom in kit.of("indicator", "flag"):
        signs[(atom.kind, " ".join(atom.text.casefold().split()).rstrip("."))].append(atom)
    for atoms in signs.values():
        if len({atom.polarity for atom in atoms} - {None}) > 1:
            remedy = "Keep the one you mean."
            yield found(
                "two-signs", "error", atoms[-1], "It is both a good and a bad sign here.", remedy
            )


def shared_aliases(kit: Kit) -> Iterator[Finding]:
    """Names that two technologies answer to."""
    named: dict[str, Atom] = {}
    for technology in kit.of("technology"):
        for called in {each.casefold() for each in (technology.text, *technology.aliases)}:
            other = named.setdefault(called, technology)
            if other is not technology:
                problem = f"{other.text} is called {called!r} too."
                yield found(
                    *(
                        "shared-alias",
                        "error",
                        technology,
                        problem,
                        "Leave the name to one of them.",
                    )
                )


def dangling(kit: Kit) -> Iterator[Finding]:
    """Joins and links to what is withdrawn, waits, or is not there."""
    ends = [(f"The join {join.name!r}", id_) for join in kit.joins for id_ in join.members]
    ends += [("A link", id_) for k in kit.links for id_ in (k.question, k.competency)]
    for told, id_ in ends:
        atom = kit.by_id.get(id_)
        if atom is None or id_ in kit.unused:
            state = "not there" if atom is None else "withdrawn or only proposed"
            problem = f"{told} names {id_}, which is {state}."
            yield found("dangling", "warning", atom, problem, "Take it out of the join or link.")


def slots(kit: Kit) -> Iterator[Finding]:
    """Templates that nobody filled in."""
    for atom in kit.of("question", "follow_up", "money", "hint"):
        if slot := _slot.search(atom.text):
            problem = f"{slot.group()} is left to be filled in."
            yield found("open-slot", "error", atom, problem, "Write what is meant.")


def worries(kit: Kit) -> Iterator[Finding]:
    """Criteria that tend to hurt groups of people."""
    for atom in kit.atoms:
        for concern in () if atom.id in kit.unused else concerns_of(atom):
            problem = f"It touches {concern.name}: {concern.why}"
            yield found("concern", "warning", atom, problem, "Ask for what the work needs instead.")


def waiting(kit: Kit) -> Iterator[Finding]:
    """What was proposed and nobody has accepted."""
    for atom in kit.atoms:
        if atom.proposed is not None and atom.id not in kit.withdrawn:
            problem = f"It waits for a person: proposed by {atom.proposed}."
            yield found("proposed", "note", atom, problem, "Accept or reject it.")
    for link in kit.links:
        if link.proposed is not None:
            problem = f"A link to {link.competency} waits: proposed by {link.proposed}."
            question = kit.by_id.get(link.question)
            yield found("proposed", "note", question, problem, "Accept or reject it.")


CHECKS: tuple[Callable[[Kit], Iterator[Finding]], ...] = (
    no_rubric,
    unreached,
    missing_levels,
    levels_not_asked,
    too_little_time,
    lone_groups,
    empty_references,
    two_signs,
    shared_aliases,
    dangling,
    slots,
    worries,
    waiting,
)
