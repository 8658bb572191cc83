from agent.events import Marked
from agent.grading import settled
from agent.report.ledger import begun
from evals.marks import marks_of
from evals.replay.sources import path_of
from evals.replay.transcript import Transcript, read


def unsettled(transcript: Transcript) -> Transcript:
    """With the first answer to each question marked `not_met` and every later one `abstained`."""
    seen, events = set[str](), []
    for event in transcript.events:
        if isinstance(event, Marked):
            verdict = "abstained" if event.question in seen else "not_met"
            seen.add(event.question)
            marks = tuple(m.model_copy(update={"verdict": verdict}) for m in event.marks)
            event = event.model_copy(update={"marks": marks})
        events.append(event)
    return Transcript(transcript.id, tuple(events))


def test_of_several_marks_the_row_is_the_one_that_the_report_counts() -> None:
    transcript = unsettled(read(path_of("transcripts") / "practice-mid-plain.jsonl.gz"))
    ledger, _ = begun(transcript.events)
    told = {
        (topic.question, mark.atom): mark.verdict
        for topic in ledger.topics
        for mark in settled(mark for mark, _ in topic.marks)
    }
    rows = {(row.question, row.atom): row.verdict for row in marks_of(transcript)}
    assert rows == told
    assert set(rows.values()) == {"not_met", "abstained"}
