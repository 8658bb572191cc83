"""Plain answers to the interviewer's own yes-or-no questions, and questions about itself."""

import re

_small = (
    r"(?:[\s,.!-]+(?:please|thanks|thank|you|so|very|much|for|your|time|that|that'?s|was|is|it|all|"
    r"good|fine|from|me|my|side|more|else|further|questions?|at|the|moment|now|today|here|really|"
    r"nothing|not|no|yes|i|i'?m|am|have|do(?:n'?t)?|let'?s|we|can|go|on|continue|keep|going|sure|"
    r"end|stop|finish|interview|know|other|any|this|right|ok(?:ay)?|great|bye)){0,12}\W{0,4}$"
)
"""What may follow a yes or a no that is nothing more than that."""
AGREEMENT = re.compile(
    r"^\W{0,4}(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please do|correct|right|i am sure|i'm sure)\b"
    + _small,
    re.I,
)
REFUSAL = re.compile(
    r"^\W{0,4}(?:i (?:have|do(?: not|n'?t) have) )?"
    r"(?:no|nope|nothing|none|not really|that(?:'?s| is| was) (?:all|it)|i(?:'?m| am) done|all good|i'?m good|nah|n/?a|any)\b"
    + _small,
    re.I,
)
FAREWELL = re.compile(
    r"\b(?:thank(?:s| you)|bye|have a (?:nice|good) \w+|good ?bye)\b[^?]{0,40}$", re.I
)
BACK = re.compile(
    r"^\W{0,4}(?:ok(?:ay)?|yes|hi|hello|alright)?[\s,.!]{0,3}(?:i'?m|i am|we can|let'?s|please|now)?\s{0,3}"
    r"(?:back|resume|continue|go(?: on)?|ready|here|start)(?: (?:again|now|please|on|here))?\W{0,4}$",
    re.IGNORECASE,
)

FINE = re.compile(
    r"^\W*(?:(?:no|yes|yeah|ok(?:ay)?|sorry|thanks|thank you|fine|really)\W+)*"
    r"(?:(?:i['’]?m|i am|i (?:do )?feel|it['’]?s|it is|that['’]?s|all(?: is)?)\s+)?"
    r"(?:(?:all|much|feeling|doing|quite|a lot|a bit|really)\s+)*"
    r"(?:fine|ok(?:ay)?|good|better|alright|all right|well|ready)\b"
    r"(?:[\s,.;!-]+(?:now|again|here|thanks?|thank|you|for|asking|really|so|and|but|yes|then|please|to|"
    r"let['’]?s|let|us|we|i|can|could|will|would|['’]?d|like|want|wish|go|on|ahead|keep|going|continue|"
    r"carry|proceed|resume|move|the|with|this|interview|i['’]?m|am|fine|ok(?:ay)?|good|better|ready))*"
    r"\W*$",
    re.IGNORECASE,
)
"""Who is fine again and wishes to go on, and says nothing else."""

_GOING = r"(?:go(?:ing)? on|continu(?:e|ing)|carry(?:ing)? on|keep(?:ing)? going|proceed|resume)\b"
WISHES_TO_GO_ON = re.compile(
    r"\b(?:i(?:['’]d| would)? (?:like|want|wish|prefer|love|rather)|let(?:['’]?s| us)|i(?:['’]ll| will)|"
    r"i can|we can|(?:happy|ready|able|fine) to|please)\s+(?:(?!not\b|never\b|hardly\b)\w+\s+){0,2}?"
    + _GOING,
    re.IGNORECASE,
)
ANOTHER_TIME = re.compile(
    r"\b(?:(?:another|some other|a different) (?:day|time)|later|tomorrow|next (?:week|month))\b",
    re.IGNORECASE,
)
STOPS = re.compile(r"\b(?:stop|end|quit|leave|finish)\b", re.IGNORECASE)

PRIVATE = re.compile(
    r"\b(?:salar\w+|pay|paid|compensation|bonus|equity|visa|sponsor\w*|health|sick|medical|"
    r"pregnan\w+|famil\w+|child\w*|kids|parental|maternity|paternity|religio\w+)\b",
    re.IGNORECASE,
)
"""What is between a candidate and people: noted or left alone, never judged."""
NEVER_ASKED = re.compile(
    r"\b(?:salar\w+|visas?|pregnan\w+|children|kids|maternity|paternity|religio\w+|married|marital)\b",
    re.IGNORECASE,
)

MACHINE = re.compile(
    r"\b(?:are you|is this|am i talking to)\b[\w ,]{0,25}"
    r"\b(?:ai|bot|machine|human|person|robot|real)\b"
    r"|\bwho (?:reads?|decides?|sees?|will (?:read|decide|see))\b",
    re.IGNORECASE,
)

PLACE = re.compile(
    r"\bhow (?:much time|many (?:more )?(?:questions|minutes)|long)\b|\bwhere (?:are we|am i)\b",
    re.IGNORECASE,
)


def agrees(message: str) -> bool:
    """A plain yes."""
    return bool(AGREEMENT.match(message.strip()))


def declines(message: str) -> bool:
    """A plain no, or nothing to add."""
    text = message.strip()
    before = FAREWELL.sub("", text).strip(" \t\n.,!-")
    return bool(REFUSAL.match(text)) or (
        before != text and (not before or bool(REFUSAL.match(before)))
    )


def is_back(message: str) -> bool:
    """A few words that only say the break is over."""
    text = message.strip()
    return len(text.split()) <= 5 and (agrees(text) or bool(BACK.match(text)))


def is_fine(message: str) -> bool:
    """A few words that only say that they are fine, or fine again."""
    return bool(FINE.match(message[:200].strip()))


def wishes_to_go_on(message: str) -> bool:
    """Whether they say that they wish to go on now; "no, ..." answers whether they want to end."""
    text = message[:400].strip()
    if ANOTHER_TIME.search(text) or not WISHES_TO_GO_ON.search(text):
        return False
    return not STOPS.search(text) or text.lower().startswith("no")


def asks_about_the_machine(message: str) -> bool:
    """Whether they ask who is talking to them, or who reads and decides."""
    return bool(MACHINE.search(message))


def asks_where_we_are(message: str) -> bool:
    """Whether they ask how much time or how many questions are left."""
    return bool(PLACE.search(message))
