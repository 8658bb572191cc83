"""What the door says of its own accord. None of it is a turn, and all of it says how to go on."""

from api.door.conversation import START, Place, foot

NOTICE = (
    "An AI interviewer asks here. This is practice: the report is for you, and nobody decides "
    "anything by it. The last line of each message holds your interview code; paste it into a new "
    "chat to go on there."
)
BACK = "Welcome back: this is the interview you were in."
EDITED = (
    "Something above is not as it was said here: an earlier message has been changed, or a "
    "question that was answered is answered again. Answers that were given stay as they are, and "
    "nothing was changed just now. To add to your last answer, write /amend and your words."
)
UNSEEN = (
    "Your message before this one had reached me, and I had replied. What you wrote last was not "
    "taken as an answer, since you had not seen that reply."
)
ELSEWHERE = "This interview has gone on in the meantime, in another chat or window."
NO_CODE = (
    "I cannot find an interview in this conversation: it may have been shortened. Paste your "
    f"interview code to go on, or write {START} to begin a practice interview. Nothing was lost."
)
UNKNOWN_CODE = (
    "I know no practice interview with the code {} that was begun with your key. Check the code, "
    f"or write {START} to begin a new one."
)
ONLY_TEXT = "I can read text only. Please say in words what is in the picture, sound or file."
WRAPPED = (
    "Your chat program has put documents around your message (web search or a knowledge base), so "
    "that I cannot tell your words from theirs. Please switch that off for this chat and send your "
    "message again."
)
NOT_YET = "The report comes once the interview is over; /end ends it."
ENDED = (
    "This interview is over. Write /report to read your report here, or " + START + " to begin a "
    "new one."
)
READ_REPORT = (
    "Your report: write /report to read it here, or open {page} on the machine Viva runs on; in a "
    "terminal: `viva report {code} --for candidate`."
)
HEARD = "Noted."
OPEN_QUESTION = "The question that is open now:\n\n{}"


def opening(said: str, place: Place) -> str:
    """The first reply: who asks, what was said, and the code."""
    return "\n\n".join((NOTICE, said, foot(place)))


def reply(said: str, place: Place) -> str:
    """The reply of any other turn."""
    return f"{said}\n\n{foot(place)}"


def last_reply(said: str, place: Place, page: str) -> str:
    """The reply of the turn that ended the interview."""
    where = READ_REPORT.format(page=page, code=place.code)
    return "\n\n".join((said, where, foot(place)))


def note(why: str, place: Place, question: str | None, *, ended: bool) -> str:
    """A word beside the interview, after which one can go on from this very message."""
    then = ENDED if ended else question and OPEN_QUESTION.format(question)
    said = (why, then) if then and then != why else (why,)
    return "\n\n".join((*said, foot(place, note=True)))
