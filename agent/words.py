"""What the interviewer says of its own accord: plain words, no praise, no verdict."""

import re
from collections.abc import Sequence

from agent.events import EndReason, Mode

NAMING = 8
"""Words by which a question is named."""
_own_experience = re.compile(r"behaviou?r|soft skill|background|experience|project", re.I)

WARM_UP = (
    "To warm up: tell me in a few sentences what you have worked on, and which tools and "
    "technologies you have used yourself."
)
RESTATE = "The question stands: {}"
GENERAL_FOLLOW_UPS = (
    "How would you notice that something has gone wrong with that?",
    "When would you do it differently?",
    "What happened when you saw a part of this go wrong?",
    "What would you look at first?",
    "How would you explain the most important part of that to a new colleague?",
    "What does that cost, in time or in money?",
    "Who would notice first if that went wrong?",
    "What would you leave out if there were little time?",
    "How would you check afterwards that it was the right thing to do?",
)
STORY_FOLLOW_UPS = (
    "What did you do yourself in that?",
    "What did you decide the hardest question in that by?",
    "How did you know in the end that it had worked?",
    "How did you keep those informed who were touched by it?",
    "What did you learn from it that you have used since?",
    "What did you do about something that nearly went wrong in that?",
)
GENERAL_HINT = "Take one concrete case you know and go through it step by step, from start to end."
FIND_OUT = (
    "That is fine. How would you go about finding it out?",
    "No harm done. Suppose you needed it tomorrow: where would you start?",
    "That happens. What would you look at or try to get closer to an answer?",
    "Fair enough. Who or what would you ask?",
    "All right. What would be your first step to learn it?",
    "Good to know. If it came up at work, how would you work it out?",
    "Thanks for saying so. What would you read or test to find out?",
    "Understood. How would you get to an answer with what you have at hand?",
    "That is all right. How could you find out a part of it?",
)
MONEY_BRIDGE: dict[Mode, str] = {
    "practice": (
        "Now a quick round of short questions about what you said you have used. What you know "
        "goes into your bank, nothing can be lost, and it stands outside the rest."
    ),
    "screen": (
        "Now a quick round of short questions about what you said you have used. Nothing can be "
        "lost in it, and it stands outside the rest."
    ),
}
MONEY_NEXT = "Next one, on {}."
MONEY_FIRST = "First, {}."
CANDIDATE_QUESTIONS = "Now it is your turn: what would you like to ask?"
MORE_QUESTIONS = (
    "What else would you like to ask? Say no when there is nothing more.",
    "Is there anything else you would like to ask?",
)
UNASKED = "What have we not asked about that you are good at?"
NOTED = (
    "I do not have that in the documents I was given. I have noted it for the team.",
    "That is not in my documents either; it is on the list for the team.",
)
PRIVATE_PRACTICE = (
    "A fair thing to ask. Nobody here can answer it in practice, and it plays no part in this "
    "interview; in a real one, ask the people you would work with."
)
PRIVATE = (
    "That is between you and the people in the team. I have noted it for them; it plays no part "
    "in this interview."
)
NO_TEAM = (
    "I do not have that in the documents I was given, so I will not guess.",
    "I find nothing on that in my documents; keep it for the people of a real team.",
)
HITS = ("In the bank.", "That counts.", "Into the bank it goes.")
MISSES = ("No matter, nothing is lost.", "Not this time.", "The answer was this one.")
COVERED = (
    "Looking back: you covered what I was listening for.",
    "On that one: you said what I had in my notes.",
    "Nothing is missing there from what I have noted.",
    "To that one: my notes have nothing to add.",
    "Looking back: what I hoped to hear was all there.",
    "I have noted nothing that you left out there.",
    "For that question: all I was after was said.",
    "What I listened for in that one came up.",
    "Going by my notes, nothing is left to add there.",
    "Looking back at that one: there is no point left open.",
)
RECOGNISED = (
    "Looking back: I recognised {} of {} points.",
    "On that one: {} of {} points came up.",
    "Going by my notes, {} of {} points were there.",
    "To that one: I heard {} of {} points.",
    "For that question: {} of {} points in my notes were said.",
)
OTHER_ROAD = (
    "Looking back: your answer may well be right in another way than the one I have notes for. I "
    "cannot judge that; a person should look at it.",
    "On that one: you went another way than my notes do. It may be a good one; a person should "
    "read it, for I cannot tell.",
    "My notes take another way than you did there, which does not make yours wrong. That is for a "
    "person to judge.",
    "To that one: I have no notes on the way you took. It is left to a person, who may well find "
    "it right.",
    "For that question: your way is not in my notes, so I leave it to a person to look at.",
)
DISPUTED = (
    "Looking back: my notes say this: {}. You gave a reason against it and may be right; a person "
    "should look at it, and it is not counted against you.",
    "On that one: you argue against my notes, which say this: {}. That is for a person to decide; "
    "nothing is counted against you.",
    "To that one: my notes have this: {}. Your reason against it may hold, so a person should "
    "read it; it costs you nothing.",
)
EARLIER = 'You asked: "{}"'
KNOWN_LIMITS = "That is fine."
BACKGROUND = "You said you have used {}."
AMONG_OTHERS = "{} and more"
LATER = "I will come to your question at the end."
MACHINE = (
    "I am a machine. I compare what you write with points written down beforehand; length and "
    "style do not count. In a screen, people read it and people decide."
)
STEERED = "I cannot change how answers are read or show what is behind the questions."
BEHIND = (
    "What lies behind the questions I cannot show here. I can tell you where we are, say a "
    "question again in other words, or give a hint."
)
NO_ANSWERS = (
    "I cannot give answers in this interview, so that everyone gets the same. You can ask for a "
    "hint, or for the question in other words."
)
NOT_YET = (
    "I can show you an answer once the question is over. For now you can ask for a hint, or skip "
    "it."
)
NO_MODEL_ANSWER = "For that question I have no model answer."
MODEL_ANSWER = 'To the question that is over ("{}"), a model answer: {}'
NO_SCORE = (
    "I give no marks on the way. What you write is compared with points written down beforehand, "
    "and people read it and decide."
)
SCORE_LATER = (
    "After each question I tell you what I recognised and what a full answer also covers; the "
    "report at the end has the rest."
)
WHAT_FOR = {
    "practice": "This is practice: the report is for you, and nobody decides anything by it.",
    "screen": "This is a first interview: people of the team read what you wrote and decide.",
}
PEOPLE = {
    "practice": (
        "That is fine. Nobody else is here in practice: take all the time you need, and pause when "
        "you like. In a real interview, ask the people who invited you."
    ),
    "screen": (
        "I have noted that for the people who read this: they can talk to you, or change the "
        "conditions. It does not count against you. You can go on, pause, or end here."
    ),
}
OFF_TOPIC = "I can only talk about this interview here."
PAUSED = "We are paused and the clock stands still. Write anything when you want to go on."
DISTRESS = (
    "Thank you for telling me. We can pause, go on, or stop here, and you can ask to talk to a "
    "person instead. Which would you like? Nothing you write about this is graded."
)
DISTRESS_STILL = (
    "I hear you, and it is not graded. There is no hurry: the question waits. Answer it when you "
    "like, or write skip, pause or end; a person can take over from here, too."
)
TECHNICAL = "Nothing is lost: everything you sent is kept. Take the time you need."
BOUNDARY = "I would like us to stay respectful. If that happens again I will end the interview."
CONFIRM_END = "Do you want to end the interview here? Write yes to end it, or go on answering."
GO_ON = "Good, we go on."
KEPT_ONLY = (
    "Something went wrong on my side. What you wrote is kept for a person to read; I could not "
    "grade it. Please answer once more in other words, or skip the question."
)
AMENDED = 'I have added that to your answer to "{}".'
AMENDED_FIRST = 'I have taken that as your answer to "{}".'
AMENDED_TOLD = (
    'That is kept with your answer to "{}". It is not counted, since I have told you by now what '
    "was missing."
)
AMENDED_TWICE = (
    'That is kept with your answer to "{}". It is not counted: an earlier answer can have one '
    "second thought, and it had one."
)
AMENDED_LATE = (
    'That is kept with your answer to "{}". It is not counted, since the wrap-up has begun.'
)
AMENDED_UNSCORED = "That is kept. What it adds to is not scored, so nothing is counted."
NOTHING_TO_AMEND = "There is no answer to add to yet."
NO_HINT_HERE = "There is no right or wrong here, so no hint is needed."
NO_HINT_LEFT = "I have no further hint for this one. Say what you would try, or skip it."
CLARIFY = "Gladly. What is not given you may assume; just say what you assume. Once more:"
SKIPPED = "We skip that one."
NEXT_SUBJECT = "On to {}."
EARLIER_SUBJECT = "Back to {}."
SAME_SUBJECT = "Staying with {}."
ANOTHER_LEVEL = "The same situation goes on."
FOLLOW_UP = "A follow-up:"
HINT = "A hint: {}"
CLOSING = {
    "practice": "That was the interview. Thank you for your time. Your report is ready.",
    "screen": (
        "That was the interview. Thank you for your time. People of the team will read it and "
        "decide; you can ask to talk to one of them."
    ),
}
CLOSING_EXPIRED = "I have not heard from you for a while, so I close the interview here."
CLOSING_TOO_LONG = "This has become a very long interview, so I close it here."
CLOSING_CONDUCT = "I am ending the interview here. What you wrote before is kept."
OTHER_LANGUAGE = (
    "I can only read English well. What you wrote is kept for a person and not graded by me; "
    "you are welcome to go on in either language."
)


def opening(
    *,
    role: str,
    minutes: float,
    subjects: Sequence[str],
    mode: Mode,
    core: int,
    quick: bool,
) -> str:
    """Who asks and who decides, how long it takes, what about, and what help there is."""
    use = "You get a report at the end." if mode == "practice" else "People decide."
    about = listed(list(dict.fromkeys(map(spoken, subjects))))
    return (
        f"Hello. I am Viva, an AI interviewer: a machine asks the questions here. {use} "
        f"This is a {'practice interview' if mode == 'practice' else 'first interview'} for "
        f"{role}, about {minutes:.0f} minutes and {core} main "
        f"{'question' if core == 1 else 'questions'}, on {about}; then "
        f"{'a few quick ones, and yours' if quick else 'yours'}."
    )


ADAPTS: dict[Mode, str] = {
    "practice": "Questions begin near {} and get easier or harder with your answers.",
    "screen": "Everyone gets the same main questions; follow-ups depend on the answers.",
}


def drill(subject: str, core: int, minutes: float, *, again: bool) -> str:
    """The opening of a few minutes on one topic, or on a question practised before."""
    about = f"on {spoken(subject)}"
    what = f"{core} {'question' if core == 1 else 'questions'} {about}"
    what = f"a question {about} that you have had before" if again else what
    return (
        "Hello. I am Viva, an AI interviewer: a machine asks the questions here. This is a short "
        f"practice, about {minutes:.0f} minutes: {what}. It trains and does not tell your level; "
        "you get a report at the end."
    )


DRILL_HELP = (
    "Not knowing is fine. A point found after a hint counts a little less; asking back, thinking, "
    "pausing and skipping are free: say so, or use the buttons."
)


HELP = (
    "Not knowing something is fine; say so and we go on. You may ask for a hint: a point found "
    "after a hint, or after a follow-up, counts a little less. Asking back, thinking, pausing and "
    "skipping are free: say so, use the buttons, or write /hint, /clarify, /skip, /pause or /end."
)


def goodbye(reason: EndReason, mode: Mode) -> str:
    """The last words, by how it ended."""
    if reason == "conduct":
        return CLOSING_CONDUCT
    first = {"expired": CLOSING_EXPIRED, "too_long": CLOSING_TOO_LONG}.get(reason)
    return f"{first} {CLOSING[mode]}" if first else CLOSING[mode]


def named(question: str) -> str:
    """A question by its first words."""
    words = question.split()
    return " ".join(words) if len(words) <= NAMING else f"{' '.join(words[:NAMING])} ..."


def listed(things: Sequence[str]) -> str:
    """ "a, b and c"."""
    if len(things) < 2:
        return "".join(things) or "the role"
    return f"{', '.join(things[:-1])} and {things[-1]}"


def time_left(minutes: float) -> str:
    """A word on time, in whole minutes."""
    count = max(1, round(minutes))
    return f"A word on time: about {count} {'minute is' if count == 1 else 'minutes are'} left."


def tally(hits: int, asked: int, mode: Mode) -> str:
    """The money round's own count; in a screen it counts questions, not hits."""
    if mode == "screen":
        return f"That was the quick round: {asked} {'question' if asked == 1 else 'questions'} in."
    return (
        f"That was the quick round. Your bank stands at {hits} of {asked}, and nothing can be lost."
    )


def in_turn(forms: Sequence[str], number: int) -> str:
    """The next of several ways to say the same."""
    return forms[number % len(forms)]


def spoken(subject: str) -> str:
    """A subject as it is said: a document's heading about behaviour is about experience."""
    return "your own experience" if _own_experience.search(subject) else subject


def place(minutes: float, questions: int) -> str:
    """Where the interview stands, in time and in questions."""
    more = (
        "one more main question" if questions == 1 else f"{questions or 'no'} more main questions"
    )
    return f"About {max(1, round(minutes))} minutes are left, with {more} to come after this one."
