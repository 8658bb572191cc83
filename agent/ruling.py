"""A person rules on what a candidate contests, and what is withdrawn from a kit counts for nothing.

Nothing is written here: a ruling comes to events and a state that are still to be committed. A
person's mark stands beside the machine's, which stays in the log.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from agent.answers import Answer, answers_of
from agent.contesting import checked, is_against
from agent.events import AnyEvent, Contested, Decided, Mark, Regraded, Verdict, Withdrawn
from agent.grading import gate, settled
from agent.policy import Policy
from agent.quoting import locate
from agent.regrading import counted_anew, regraded
from agent.report.ledger import fold
from agent.state import Interview, Testlet
from agent.syllabus import Syllabus
from agent.testlets import replaced
from knowledge.atoms import Atom, Kit
from knowledge.errors import BadInput

LONGEST_NAME = 100
"""Characters of who decides."""


@dataclass(frozen=True)
class Found:
    """A point of a question contested as a whole; `words` of an answer make it."""

    atom: str
    words: str | None = None


@dataclass(frozen=True)
class Ruling:
    """What a person decides.

    An upheld mark is met where `words` (or else the candidate's) make it. What spoke against is
    taken back, and a contradicted point is met only by `words` given here. Of a question upheld
    as a whole the `points` are met by their words, and without any the question is set aside.
    `withdraws`: the kit was wrong in the mark's point, or in the `points`, or in all that the
    question is marked by.
    """

    upholds: bool
    reason: str
    by: str
    words: str | None = None
    points: tuple[Found, ...] = ()
    withdraws: bool = False


@dataclass(frozen=True)
class Revision:
    """What is still to be committed, and what is to leave the kit."""

    state: Interview
    events: tuple[Decided | Withdrawn | Regraded, ...] = ()
    withdrawn: tuple[Atom, ...] = ()


@dataclass(frozen=True)
class Bench:
    """An interview as a person rules on it."""

    syllabus: Syllabus
    policy: Policy
    state: Interview
    events: tuple[AnyEvent, ...]
    at: float
    """Now, on the interview's clock."""

    def decide(self, contest: Contested, ruling: Ruling) -> Revision:
        """What the ruling on a contest comes to.

        Raises:
            BadInput: a reason or a name is missing; a point is none of the question's, or needs
                words that stand in an answer to it; what is given does not go together.
        """
        _check(contest, ruling)
        decided = Decided(
            at=self.at,
            contest=contest.number,
            upheld=ruling.upholds,
            reason=checked(ruling.reason, "A reason"),
            by=checked(ruling.by, "A name", LONGEST_NAME),
            points=tuple(point.atom for point in ruling.points),
        )
        if not ruling.upholds:
            return Revision(self.state, (decided,))
        if ruling.withdraws:
            return self._withdraw(contest, decided, ruling)
        if contest.atom:
            return self._uphold_mark(contest, decided, ruling)
        if ruling.points:
            return self._uphold_points(contest, decided, ruling)
        return self._set_aside(contest, decided)

    def without(self, reasons: Mapping[str, str]) -> Revision:
        """What it comes to when these atoms, withdrawn for these reasons, count for nothing.

        Those that have no marks here, or were withdrawn here before, change nothing.
        """
        known, answers = fold(self.events).withdrawn, answers_of(self.events)
        marks = {m.atom: m for each in answers.values() for a in each for m in _all_marks(a)}
        gone = {atom: marks[atom] for atom in marks if atom in reasons and atom not in known}
        told = tuple(
            Withdrawn(at=self.at, atom=atom, text=mark.text, reason=reasons[atom])
            for atom, mark in gone.items()
        )
        bench = replace(self, syllabus=self.syllabus.without({*known, *gone}))
        done = Revision(self.state, told)
        for number, each in answers.items():
            if any(mark.atom in gone for answer in each for mark in _all_marks(answer)):
                left = [_stripped(answer, gone) for answer in each]
                done = replace(bench, state=done.state)._counted(done, number, left)
        return done

    def _withdraw(self, contest: Contested, decided: Decided, ruling: Ruling) -> Revision:
        named = [contest.atom] if contest.atom else [point.atom for point in ruling.points]
        wrong = tuple(self._asked_for(contest, atom) for atom in named) or self._whole(contest)
        told = decided.model_copy(update={"withdrawn": tuple(atom.id for atom in wrong)})
        done = self.without({atom.id: decided.reason for atom in wrong})
        if named or contest.testlet in answers_of(self.events):
            return replace(done, events=(told, *done.events), withdrawn=wrong)
        aside = replace(self, state=done.state)._set_aside(contest, told)  # no mark to strip
        return replace(aside, events=(*aside.events, *done.events), withdrawn=wrong)

    def _uphold_mark(self, contest: Contested, decided: Decided, ruling: Ruling) -> Revision:
        answers = self._answers(contest)
        marks = [m for answer in answers for m in _all_marks(answer) if m.atom == contest.atom]
        if not marks:
            raise BadInput("That mark is not there any more.", "Refuse the contest, and say so.")
        mark = settled(marks)[0]
        if is_against(mark) or (mark.verdict == "contradicted" and not ruling.words):
            answers = [_taken_back(answer, mark) for answer in answers]
        else:
            words = ruling.words or _words_of(contest) or _words_marked(mark)
            answers = self._made(contest, answers, mark, words)
        return self._counted(Revision(self.state, (decided,)), contest.testlet, answers)

    def _uphold_points(self, contest: Contested, decided: Decided, ruling: Ruling) -> Revision:
        """A person has now looked at the question as a whole: nothing in it waits for one."""
        answers = self._answers(contest)
        for point in ruling.points:
            mark = _unmarked(self._asked_for(contest, point.atom))
            if is_against(mark):
                answers = [_taken_back(answer, mark) for answer in answers]
            else:
                answers = self._made(contest, answers, mark, point.words)
        before = Revision(self.state, (decided,))
        return self._counted(before, contest.testlet, answers, looked_at=True)

    def _set_aside(self, contest: Contested, decided: Decided) -> Revision:
        after = self.state["testlets"][contest.testlet].copy()
        after["review"] = "set_aside"
        told = decided.model_copy(update={"set_aside": True})
        return Revision(self._with(contest.testlet, after), (told,))

    def _answers(self, contest: Contested) -> list[Answer]:
        answers = answers_of(self.events).get(contest.testlet)
        if not answers:
            raise BadInput(
                "No answer to this question was marked, so there is no mark to change.",
                "Uphold it without points: the question is then left out of the level.",
            )
        return answers

    def _asked_for(self, contest: Contested, atom: str) -> Atom:
        """A point, indicator or flag that may be ruled on."""
        item = self.syllabus.rubric(contest.question)
        answers = answers_of(self.events).get(contest.testlet, [])
        flags = {flag.atom for each in answers for flag in each.flags if is_against(flag)}
        rubric = {each.id for each in (*item.core, *item.indicators)}
        if atom not in rubric | flags | {contest.atom}:
            raise BadInput(
                f"{atom!r} is no point of this question.", "Give one that the report lists there."
            )
        return self.syllabus.kit.by_id[atom]

    def _whole(self, contest: Contested) -> tuple[Atom, ...]:
        """All that came with the question to mark it by; what others share stays."""
        came = self.syllabus.kit.came_with(contest.question, "point", "indicator")
        if not came:
            raise BadInput(
                "What marks this question marks others too.", "Name the points that are wrong."
            )
        return tuple(came)

    def _made(
        self, contest: Contested, answers: list[Answer], mark: Mark, words: str | None
    ) -> list[Answer]:
        """The answers once a person finds the point made by these words of one of them."""
        if not words:
            raise BadInput(
                f"A point is shown by words of the answer: {mark.text}",
                "Give the words that make it, as they stand in the answer.",
            )
        asked = self.state["testlets"][contest.testlet]["text"]
        for answer in answers:
            quote = locate(words, answer.text)
            met = gate(
                _by_person(mark, "met").model_copy(update={"quote": quote}), answer.text, asked
            )
            if met.verdict == "met":
                was_met = mark.verdict == "met"  # by an unsure examiner: a yes loses nothing
                others = answers if was_met else [_taken_back(each, mark) for each in answers]
                return [_with_mark(a, met) if a.number == answer.number else a for a in others]
        raise BadInput(
            "These words stand in no answer to this question, or only say the question back.",
            "Copy the words that make the point from the answer, as they stand there.",
        )

    def _counted(
        self, done: Revision, number: int, answers: list[Answer], *, looked_at: bool = False
    ) -> Revision:
        """The testlet counted anew, with an event for each answer that is another than before."""
        before = self.state["testlets"][number]
        item = self.syllabus.rubric(before["question"])
        after = counted_anew(before, answers, (*item.core, *item.indicators), self.policy)
        if looked_at:
            after["review"] = None
        stood = answers_of(self.events)[number]
        changed = (new for new, old in zip(answers, stood, strict=True) if looked_at or new != old)
        events = tuple(
            regraded(answer, after, self.at, self.policy, recount=True) for answer in changed
        )
        return replace(done, state=self._with(number, after), events=(*done.events, *events))

    def _with(self, number: int, testlet: Testlet) -> Interview:
        return {**self.state, "testlets": replaced(self.state, number, testlet)}


def left_out(events: Iterable[AnyEvent], kit: Kit) -> set[str]:
    """Ids that this interview is not marked by again: what is withdrawn, and flags taken back."""
    ledger = fold(events)
    upheld = {number: each for number, each in ledger.decided.items() if each.upheld}
    contested = {each.atom for each in ledger.contests if each.number in upheld and each.atom}
    ruled = contested.union(*(each.points for each in upheld.values()))
    return {atom for atom in ruled if kit.by_id[atom].kind == "flag"} | {*ledger.withdrawn}


def _check(contest: Contested, ruling: Ruling) -> None:
    """Refuse what does not go together."""
    if not ruling.upholds and (ruling.withdraws or ruling.words or ruling.points):
        raise BadInput(
            "What is refused changes nothing.", "Leave out words, points and withdrawal."
        )
    if ruling.withdraws and (ruling.words or any(point.words for point in ruling.points)):
        raise BadInput(
            "What is withdrawn counts for nothing, whatever the answer says.",
            "Leave out the words, or uphold without withdrawing.",
        )
    if contest.atom and ruling.points:
        raise BadInput("One mark is contested, and no other.", "Leave out the points.")
    if not contest.atom and ruling.words:
        raise BadInput("These words make no point by themselves.", "Name the point they make.")


def _words_of(contest: Contested) -> str | None:
    return contest.quote.text if contest.quote else None


def _words_marked(mark: Mark) -> str | None:
    """Those that an unsure examiner has already found it by."""
    return mark.quote.text if mark.verdict == "met" and mark.quote else None


def _all_marks(answer: Answer) -> Iterable[Mark]:
    return (*answer.marks, *answer.flags)


def _unmarked(atom: Atom) -> Mark:
    return Mark(
        atom=atom.id,
        kind="point" if atom.kind == "point" else "indicator",
        text=atom.text,
        verdict="abstained",
        probability=0.0,
        source="human",
        polarity=atom.polarity,
        role=atom.role,
        group=atom.group,
    )


def _by_person(mark: Mark, verdict: Verdict) -> Mark:
    certain = {"probability": 1.0, "source": "human", "fallback": False}
    return mark.model_copy(update={**certain, "verdict": verdict, "quote": None, "reason": None})


def _taken_back(answer: Answer, mark: Mark) -> Answer:
    """The answer once a person finds that it does not say this; a flag goes."""
    flags = tuple(flag for flag in answer.flags if flag.atom != mark.atom)
    marks = tuple(
        _by_person(each, "not_met") if each.atom == mark.atom else each for each in answer.marks
    )
    return replace(answer, marks=marks, flags=flags)


def _with_mark(answer: Answer, mark: Mark) -> Answer:
    others = tuple(each for each in answer.marks if each.atom != mark.atom)
    return replace(answer, marks=(*others, mark))


def _stripped(answer: Answer, gone: Container[str]) -> Answer:
    return replace(
        answer,
        marks=tuple(mark for mark in answer.marks if mark.atom not in gone),
        flags=tuple(flag for flag in answer.flags if flag.atom not in gone),
    )
