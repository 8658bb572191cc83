"""What a practice leaves to do: points missed, what to try next, what changed since the last."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from agent.choosing import Option, between, options_beside
from agent.events import Header
from agent.grading import against, settled, slots
from agent.hearing import sentences
from agent.measuring import Measuring, expected_gain
from agent.policy import Policy
from agent.report.argument import Retried, Since, StudyPlan, TryNext
from agent.report.findings import counts
from agent.report.ledger import Ledger, Topic
from agent.report.model import Report, Standing, Study
from agent.syllabus import Item, Syllabus
from agent.wording import stems
from knowledge.atoms import Atom

MOST_STUDY = 12
MOST_NEXT, MOST_WEAK = 3, 2
"""Questions to try next in all, and on what was missed."""
SAYS_IT = 0.5
"""Share of a point's telling words from which a sentence says it."""


def study(ledger: Ledger, syllabus: Syllabus) -> Iterator[Study]:
    """Core points that no answer made, worst question first; rungs of one scene together."""
    weakest = sorted((t for t in ledger.topics if counts(t)), key=_score)
    first = {_scene(topic, syllabus): place for place, topic in reversed([*enumerate(weakest)])}
    put = 0
    for topic in sorted(weakest, key=lambda topic: first[_scene(topic, syllabus)]):
        asked, scene = syllabus.kit.by_id[topic.question], _scene(topic, syllabus)
        for atom in missed(topic, syllabus)[: MOST_STUDY - put]:
            put += 1
            yield Study(
                text=atom.text,
                question=asked.text,
                scene=syllabus.kit.by_id[scene].text if scene != topic.question else None,
                source=atom.source.told if atom.source else None,
                read=_to_read(atom, asked, syllabus),
            )


def _score(topic: Topic) -> float:
    return topic.score or 0.0


def _scene(topic: Topic, syllabus: Syllabus) -> str:
    """The id of the scene a rung belongs to, or of the question itself."""
    rung = syllabus.rungs.get(topic.question)
    return (rung.question.parent if rung else None) or topic.question


def missed(topic: Topic, syllabus: Syllabus) -> list[Atom]:
    """The points, or else the indicators, that a full answer also has; what is open is not."""
    wanted = _wanted(syllabus.rubric(topic.question))
    made = _made(topic)
    unknown = {m.atom for m in settled(mark for mark, _ in topic.marks) if m.verdict == "abstained"}
    groups = {p.group for p in wanted if p.group and p.id in made}
    left = [a for a in wanted if a.id not in made | unknown and not (a.group and a.group in groups)]
    once = {a.group or a.id: a for a in reversed(left)}
    return [a for a in left if once.get(a.group or a.id) is a]


def _wanted(item: Item) -> tuple[Atom, ...]:
    return item.core or tuple(i for i in item.indicators if i.polarity == "positive")


def _made(topic: Topic) -> set[str]:
    """Ids of what the answers made and did not contradict."""
    met = {mark.atom for mark, _ in topic.marks if mark.verdict == "met"}
    return met - set(against(mark for mark, _ in topic.marks))


def _to_read(point: Atom, asked: Atom, syllabus: Syllabus) -> str | None:
    """The sentence of the kit that says the most of a point, where it is more than the point."""
    kit, wanted = syllabus.kit, stems(point.text)
    texts = [*kit.came_with(asked.id, "reference", "advice"), *kit.children(asked.id, "advice")]
    said = {span.text: stems(span.text) for text in texts for span in sentences(text.text)}
    best = max(said, key=lambda text: len(said[text] & wanted), default=None)
    if best is None or not wanted or len(said[best] & wanted) < SAYS_IT * len(wanted):
        return None
    return best if said[best] - wanted else None


@dataclass(frozen=True)
class _Practice:
    """A practice that was held, and what is known of the candidate from it."""

    ledger: Ledger
    header: Header
    syllabus: Syllabus
    known: Measuring

    @cached_property
    def policy(self) -> Policy:
        return Policy.model_validate(self.header.policy)

    @cached_property
    def put(self) -> list[str]:
        """Core questions and scenes that were put (ids)."""
        return [_scene(topic, self.syllabus) for topic in self.ledger.topics]

    @cached_property
    def left(self) -> dict[str, int]:
        """How many points are to be studied, by competency, weakest first."""
        left: dict[str, int] = {}
        for topic in filter(counts, self.ledger.topics):
            if points := len(missed(topic, self.syllabus)):
                left[topic.subject] = left.get(topic.subject, 0) + points
        return {s: left[s] for s in sorted(left, key=lambda s: self.known.own(s).mean)}

    def gain(self, option: Option) -> float:
        """By how much an answer to it is expected to narrow its competency."""
        belief, question = self.known.shared(option.item.subject), option.item.question.id
        return expected_gain(belief, option.level, self.policy.measure, question=question)


def study_plan(
    ledger: Ledger,
    header: Header,
    syllabus: Syllabus,
    known: Measuring,
    standings: Sequence[Standing],
    last: Report | None,
) -> StudyPlan:
    """What to do after a practice; `last` is the report of the one before it on the same kit."""
    practice = _Practice(ledger, header, syllabus, known)
    return StudyPlan(
        next_questions=tuple(_try_next(practice)),
        since=tuple(_since(standings, header, last)) if last else (),
        retried=tuple(_retried(practice)),
        last=last.interview if last else None,
        drill=next(iter(practice.left), None),
    )


def _try_next(practice: _Practice) -> Iterator[TryNext]:
    """Two on what was missed, then what tells most; no competency twice before each came once."""
    subjects = practice.header.subjects if practice.header.drill else practice.syllabus.subjects
    best = {s: max(map(practice.gain, found)) for s in subjects if (found := _left(practice, s))}
    weak = [subject for subject in practice.left if subject in best][:MOST_WEAK]
    rest = sorted((s for s in best if s not in weak), key=lambda subject: -best[subject])
    return islice(_next_on([*weak, *rest] * MOST_NEXT, practice), MOST_NEXT)


def _next_on(subjects: Sequence[str], practice: _Practice) -> Iterator[TryNext]:
    """The question that tells most on each, no two of them on one point."""
    chosen: list[str] = []
    for place, subject in enumerate(subjects):
        if options := _left(practice, subject, chosen):
            option = max(options, key=practice.gain)
            chosen.append(option.ladder or option.item.question.id)
            scene = f"{practice.syllabus.kit.by_id[option.ladder].text} " if option.ladder else ""
            yield TryNext(
                id=option.item.question.id,
                text=scene + option.item.question.text,
                subject=subject,
                level=option.level,
                why=_why(option, practice, before=subject in subjects[:place]),
            )


def _left(practice: _Practice, subject: str, beside: Sequence[str] = ()) -> list[Option]:
    put = [*practice.put, *beside]
    return options_beside(put, practice.syllabus, subject, practice.header.level)


def _why(option: Option, practice: _Practice, *, before: bool) -> str:
    """In words; `before` where another question on the same was named already."""
    subject, level = option.item.subject, option.level
    if before:
        return f"Another one on {subject}, at {level} level."
    if points := practice.left.get(subject):
        open_ = "one point" if points == 1 else f"{points} points"
        return f"Your answers on {subject} left {open_} out; try them on a {level} question."
    own = practice.known.own(subject)
    if not own.testlets:
        return f"{subject} was not asked about; a {level} question would tell most there."
    shown = between(*own.interval(practice.policy.interval))
    return f"Where you stand on {subject} is open ({shown}); a {level} question would tell most."


def _since(now: Iterable[Standing], header: Header, last: Report) -> Iterator[Since]:
    """Competencies that both practices know something of."""
    before = {standing.name: standing for standing in last.competencies}
    for standing in now:
        then = before.get(standing.name)
        if then and then.level is not None and standing.level is not None:
            text = _changed(then, standing)
            if last.level != header.level:
                text += f" It was asked at {last.level} then, which alone can move the middle."
            yield Since(name=standing.name, before=then.level, now=standing.level, sentence=text)


def _changed(then: Standing, now: Standing) -> str:
    """In words; ranges that overlap tell no change, and only an honest report says so."""
    by = round((now.level or 0.0) - (then.level or 0.0), 1)
    amount = f"{abs(by):.1f} {'higher' if by > 0 else 'lower'}" if by else "About the same"
    if (now.low or 0.0) > (then.high or 0.0) or (now.high or 0.0) < (then.low or 0.0):
        return f"{amount}, and the ranges are apart: a real change."
    return f"{amount}, {'but' if by else 'and'} the ranges overlap: no real change yet."


def _retried(practice: _Practice) -> Iterator[Retried]:
    """The questions that the last practice asked too, with what each came to."""
    for topic in filter(counts, practice.ledger.topics):
        before = practice.header.seen.get(topic.question)
        if before is None:
            continue
        wanted = _slots(practice.syllabus.rubric(topic.question))
        now = [slot for slot in wanted if not _made(topic).isdisjoint(slot)]
        then = [slot for slot in wanted if not {*slot}.isdisjoint(before)]
        kit = practice.syllabus.kit
        yield Retried(
            id=topic.question,
            text=kit.by_id[topic.question].text,
            before=len(then),
            now=len(now),
            of=len(wanted),
            new=tuple(kit.by_id[slot[0]].text for slot in now if slot not in then),
            sentence=_gained(len(then), len(now), len(wanted)),
        )


def _slots(item: Item) -> list[tuple[str, ...]]:
    return slots(item.core) or [(indicator.id,) for indicator in _wanted(item)]


def _gained(then: int, now: int, of: int) -> str:
    """You had been told what was missing, so that a gain is what you kept, not a level."""
    if now == of:
        return f"{now} of {of} points this time, {then} the last time: nothing is missing now."
    more = {True: "better", False: "not better yet"}[now > then]
    return f"{now} of {of} points this time, {then} the last time: {more}."
