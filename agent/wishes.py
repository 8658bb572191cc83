"""Whether a message wishes for what is hidden: the answer, the score, what lies behind.

Rules by wording, for both examiners: a message that only wishes is never graded as an answer.
"""

import re

_polite = (
    r"^\W*(?:(?:please|so|and|but|ok(?:ay)?|well|hm+|then|just|hey|hi|hello|sorry|thanks|viva|now|right|honestly)[\s,.!]+)*"
    r"(?:(?:can|could|may|might|would|will|do) (?:you|u|i|we)(?: please| just| at least| mind| kindly)* |mind |kindly |let me "
    r"|i(?:'d| would) (?:really )?(?:like|love) (?:you )?to |i(?:'m| am) curious (?:about )?|i(?: really)? (?:want|need|wish) (?:you )?to )?"
)
_show = r"(?:tell(?:ing)?|show(?:ing)?|giv(?:e|ing)|send(?:ing)?|read(?:ing)?|reveal(?:ing)?|explain(?:ing)?|shar(?:e|ing)|see(?:ing)?|have|get|know|hear|say)(?: me| us| out)*(?: what)? "
_kind = r"(?:right|correct|ideal|model|best|better|perfect|full|complete|expected|good|great|strong|proper|actual|official|intended|sample|example|expert|textbook)"
_answer = r"(?:answer|solution)s?\b"
_own = r"(?:that|it|this|my (?:last |previous |first )?(?:answers?|reply|replies))"
_fine = r"(?:right|correct(?:ly)?|good(?: enough)?|ok|okay|wrong|fine|well|alright|any good|enough|what you (?:wanted|expected)|the right answer)"
_asked = r"(?:so |and |ok |but )*(?:what|which)(?: else| exactly| points| parts?| things?)*"
ANSWER = re.compile(
    _polite
    + r"what(?:'?s| is| was| were| would| should| could| did)?(?: you| have| be| been| it)* (?:(?:the|your|an?|that) )?(?:\w+ )?"
    + _kind
    + r" (?:answer|solution|response|reply)\b"
    r"|"
    + _polite
    + r"(?:what(?:'?s| is| was| were| would)? the|what(?: was| is)? that|(?:what|which)) answers?(?: to | of | were | was | is | did | are | would |\W*$)"
    r"|"
    + _polite
    + _show
    + r"(?:(?:the|your|an?|one|its|that|which) )?(?:\w+ ){0,2}?"
    + _answer
    + r"|"
    + _polite
    + r"(?:what|which|how|is|are|do|does|did|i|we|any|there|go|see|you|be|interested|in|tell|look|explain|over|through|about|have|at|with|of|me|us|the|an?|your|for|talk|walk|discuss|to|on|hear|learn| )* "
    + _kind
    + r" (?:\w+ )?(?:answer|solution|response|reply)\b(?! (?:depends|is to|was to|here depends))"
    r"|" + _polite + r"what'?s the (?:answer|solution)\b"
    r"|^\W*" + _asked + r" (?:was|were|am|are) (?:i|we|one|you) supposed to (?:say|answer|write)\b"
    r"|^\W*(?:so |and )?where (?:did|have) i (?:go|gone|went) wrong\b"
    r"|"
    + _polite
    + r"(?:correct me|what (?:should|would|does) (?:one|somebody|you|people) (?:say|answer)(?: (?:to )?(?:that|this|here))?)\W*$"
    r"|"
    + _polite
    + _show
    + r"how (?:\w+ ){1,4}(?:would|should) (?:have )?(?:answer|solve|sa(?:y|id))"
    r"|" + _polite + r"(?:is|are) there (?:\w+ ){0,2}" + _kind + r" (?:answer|solution)"
    r"|"
    + _polite
    + r"the (?:\w+ )?(?:answer|solution)(?:,? (?:please|then|would be|is|to (?:this|that)(?: one)?))?\W*$"
    r"|^\W*"
    + _asked
    + r"(?: was it(?: that)?)? (?:should|ought|could|would|might|did|do|have|am|had) i (?:to )?(?:have )?(?:said|answered|written|put|replied|mentioned|covered|added|miss\w*|leav\w+ out|left out|forg[eo]t\w*|get(?:ting)? wrong|got wrong)\b"
    r"|^\W*"
    + _asked
    + r" (?:\w+ ){0,3}(?:that )?i (?:have )?(?:miss(?:ed)?|left out|forgot(?:ten)?|got wrong)\W*$"
    r"|^\W*"
    + _asked
    + r" (?:were|was|are) you (?:looking|listening|hoping|waiting|after|expecting)\b"
    r"|^\W*"
    + _asked
    + r" (?:answer )?(?:did|do|would) you (?:want|expect|hope)(?: for| me)?(?: to (?:hear|say|read|get))?\W*$"
    r"|^\W*" + _asked + r" was (?:missing|wrong)(?: (?:with|in|from) " + _own + r")?\W*$"
    r"|"
    + _polite
    + r"(?:how|what) (?:would|should|could) (?:you|one|i|an? (?:\w+ ){1,2})(?: yourself)? ?(?:have )?(?:answer(?:ed)?|said|solved?|replied)(?: (?:to )?(?:that|this|it|here|yourself|the (?:\w+ )?question))*\W*$"
    r"|"
    + _polite
    + r"(?:how|what) (?:would|should) an? (?:\w+ )?(?:expert|strong candidate|senior) (?:answer|say)\b"
    r"|"
    + _polite
    + r"how (?:should|would) (?:that|this|it|one)(?: question)? (?:have been|be) answered\b",
    re.IGNORECASE,
)
SCORE = re.compile(
    _polite
    + r"how(?:'?s| is)? ?(?:well |badly |good )?(?:am i (?:doing|getting on|performing|scoring)|did (?:i|that|it|my \w+(?: \w+)?) (?:do|go)|was (?:i\b|that\W*$|my (?:last )?answer)|have i (?:done|been doing)|is it going)"
    r"|"
    + _polite
    + r"(?:what|which)(?:'?s| is| was| are| would)? (?:\w+ ){0,2}?(?:score|grade|mark|rating|result)s?\b[^?]{0,30}\b(?:i|me|my|that)\b"
    r"|"
    + _polite
    + r"(?:what(?:'?s| is| was| are)? |"
    + _show
    + r")(?:\w+ ){0,2}?my (?:\w+ )?(?:score|grade|mark|rating|point|result|level|evaluation|assessment)s?\b"
    r"|" + _polite + r"what do you (?:think|make) of my (?:\w+ )?answers?\b"
    r"|"
    + _polite
    + r"(?:did|do|have|am|will|would) i (?:pass(?:ed|ing)?|fail(?:ed|ing)?|(?:do(?:ing)? |get |got |answer(?:ed)? )(?:\w+ )?"
    + _fine
    + r")"
    r"|"
    + _polite
    + r"do you think i(?:'ll| will|'ve| have|'m| am| did)? (?:\w+ ){0,2}(?:get the job|pass|passed|well|ok|good|right)\b"
    r"|"
    + _polite
    + r"(?:was|is|were|are) "
    + _own
    + r"(?: \w+)? "
    + _fine
    + r"(?: so far| for you)?\W*$"
    r"|" + _polite + r"(?:was|were|is|are) " + _own + r" " + _fine + r"(?: so far)?\W*$"
    r"|" + _polite + r"(?:rate|score|grade|mark|assess) (?:me|my (?:\w+ )?answers?)(?: so far)?\W*$"
    r"|"
    + _polite
    + r"(?:did|does|do) "
    + _own
    + r" (?:go|make (?:any )?sense|sound|look|count|help)\b"
    r"|" + _polite + r"are you (?:happy|satisfied|pleased|content|ok) with (?:me|my|that|it)\b"
    r"|"
    + _polite
    + r"(?:what(?:'?s| is)? |how(?:'?s| is)? |"
    + _show
    + r")(?:\w+ ){0,2}?my (?:\w+ )?(?:standing|performance|progress|points)\b"
    r"|"
    + _polite
    + r"(?:give me|get|have) (?:an? |the |some )?(?:\w+ )?(?:rating|score|grade|feedback)\W*$"
    r"|"
    + _polite
    + r"how (?:do|would|did|will) you (?:rate|grade|score|judge|assess|mark|evaluate) (?:me|my|that|this|it)\b"
    r"|"
    + _polite
    + r"(?:have|did|do|will) i (?:done|do|got|gotten|get|have) (?:\w+ ){0,2}(?:well|right|good|ok|okay|the job)\b"
    r"|" + _polite + r"(?:was|is) " + _own + r" what you (?:were|are|wanted|expected|hoped|had)\b"
    r"|"
    + _polite
    + r"how many (?:points |answers |of \w+ )?(?:did|do|have) i (?:get|got|have|earn\w*|score\w*)\b|"
    + _polite
    + r"how many points was that"
    r"|\bam i (?:on the right track|doing (?:alright|ok|okay|well|fine))\b",
    re.IGNORECASE,
)
_person = r"(?:you|i|one|somebody|my answer|an? (?:\w+ )?\w+)"
TELLING = re.compile(
    r"\b"
    + _kind
    + r" (?:\w+ )?(?:answer|solution|response|reply)\b|\b(?:reference) (?:answer|solution)|\bthe answer\W*$"
    r"|\b(?:would|should|could|might) "
    + _person
    + r" (?:have )?(?:said|answered|included|mentioned|covered|contained|written)\b"
    r"|\b"
    + _person
    + r" (?:would|should|could|might) have (?:said|answered|included|mentioned|written)\b"
    r"|\b(?:would|should|does|might) " + _person + r" (?:answer|solve) (?:that|this|it)\b"
    r"|\bi (?:have )?(?:miss(?:ed)?|left out|forgot(?:ten)?|got wrong|go wrong|went wrong)\b",
    re.IGNORECASE,
)
"""What, asked for in a few words, is the answer."""
JUDGING = re.compile(
    r"\b(?:am|was|were|have|did|do|if|how|that) i(?:'m)? (?:\w+ ){0,2}?(?:doing|do|did|done|perform\w*|pass(?:ed|ing)?|fail\w*|nail\w*|scor\w*|fare\w*)\b(?: (?:it|that|so far|so|very|really|too|well|ok|okay|fine|badly|bad|poorly|terribl[ey]|here|on (?:that|this|it)(?: one)?))*\W*$"
    r"|\bhow i(?:'m| am| was| have been|'ve been) (?:doing|performing|getting on)\b"
    r"|\b(?:did|have|do) i (?:say|said|give|given|get|got|answer(?:ed)?) (?:\w+ ){0,3}(?:right|correct\w*|well|wrong)(?: (?:thing|one|answer)s?)?\W*$"
    r"|\b(?:was|is|were|are) (?:that|it|this|my (?:\w+ )?answers?) (?:\w+ )?"
    + _fine
    + r"(?: (?:answer|one|reply|so far))*\W*$"
    r"|\bhow (?:was|were|is|are|good|did) (?:was |is |are )?my (?:\w+ )?(?:answers?|reply|replies)\b"
    r"|\bmy (?:\w+ )?(?:score|grade|rating|result|mark)s?\b",
    re.IGNORECASE,
)
"""What, asked for in a few words, is how good an answer was."""
_wish = re.compile(
    _polite
    + r"(?:what|which|how|where|is|are|was|any|can|could|would|may|give|tell|show|share|pls|let|do|did|have|am|i'd (?:like|love|be)|i want|i'm (?:curious|wondering)|i am (?:curious|wondering))\b|\?\W*$",
    re.IGNORECASE,
)
_states = re.compile(
    r"\b(?:depends|because|since|so that|i (?:think|would(?! like| love| be| have)|use[ds]?|get|pick|count)|we|our)\b|[:;]",
    re.IGNORECASE,
)
MOST_WISHED = 18
"""Words from which a sentence tells something rather than asks for the answer or the score."""
BEHIND = re.compile(
    r"\b(?:rubric|(?:system |hidden |initial )prompts?|your (?:\w+ )?(?:instructions|prompt)"
    r"|(?:scoring|grading|marking|evaluation|assessment) (?:criteria|guide|key|scheme|sheet|points|notes|rules)"
    r"|answer key|(?:hidden|expected|reference) (?:text|notes|points|instructions|answers?)|(?:your|hidden|negative|positive) (?:red flags|indicators))\b",
    re.IGNORECASE,
)
_asking = re.compile(
    _polite
    + r"(?:"
    + _show
    + r"|print|list|repeat|quote|summari[sz]e|translate|output|display|describe|what|which|how)\b",
    re.IGNORECASE,
)
FOR = re.compile(
    r"\b(?:is|was|are) (?:this|it|that)\b.{0,20}\b(?:practice|real|for real|a test)\b"
    r"|\bwho (?:else )?(?:will |can |gets to |is going to )?(?:reads?|sees?|see|reading|has access)\b",
    re.IGNORECASE,
)
OPEN_ONE = re.compile(
    r"\b(?:this|the (?:current|open|present)) (?:question|one)\b|\bto this\b|\bthis,? please\b",
    re.IGNORECASE,
)
_courtesy = re.compile(
    r"^\W*(?:sorry|ok(?:ay)?|thanks?|thank you|please|hi|hello|hm+|well|so|just curious|out of (?:interest|curiosity)"
    r"|i(?:'m| am) (?:just )?curious|fair enough|i see)\b[\w ',]{0,24}\W*$",
    re.IGNORECASE,
)
_joints = re.compile(r"[:;,]\s(?:and )?|\sand (?=how|what)")
_sentence_ends = re.compile(r"(?<=[.!?])\s+|\n+")
LONGEST = 300
"""Characters of a sentence that are looked at."""
MOST_ASKED = 40
"""Words from which a message says more than it asks."""


def asks_for_the_answer(message: str) -> bool:
    """Whether they ask what a right answer is or would have been."""
    return any(map(_asks_for_answer, _parts(message)))


def asks_for_the_score(message: str) -> bool:
    """Whether they ask how they are doing, or whether something they said is right."""
    return any(map(_asks_for_score, _parts(message)))


def asks_what_is_behind(message: str) -> bool:
    """Whether they ask for the rubric, the instructions or what else lies behind the questions."""
    return any(_asking.search(s) and BEHIND.search(s) for s in _parts(message))


def asks_what_it_is_for(message: str) -> bool:
    """Whether they ask if it is practice or real, or who gets to read it."""
    return any("?" in s and FOR.search(s) for s in _sentences(message))


def means_the_open_question(message: str) -> bool:
    """Whether they say that it is the question before them they ask about."""
    return bool(OPEN_ONE.search(message))


def only_asks(message: str) -> bool:
    """Whether a message asks for the answer, the score or what is behind, and says nothing else."""
    sentences = _sentences(message)
    short = len(message.split()) <= MOST_ASKED
    return (
        short
        and any(map(_asks, sentences))
        and all(_asks(s) or _courtesy.match(s) for s in sentences)
    )


def _asks(sentence: str) -> bool:
    hidden = _asking.search(sentence) and BEHIND.search(sentence)
    return bool(hidden) or _asks_for_answer(sentence) or _asks_for_score(sentence)


def _asks_for_answer(sentence: str) -> bool:
    wished = _wishes(sentence) and TELLING.search(sentence)
    return bool(wished or ANSWER.search(sentence))


def _asks_for_score(sentence: str) -> bool:
    wished = _wishes(sentence) and JUDGING.search(sentence)
    return bool(wished or SCORE.search(sentence))


def _wishes(sentence: str) -> bool:
    short = len(sentence.split()) <= MOST_WISHED
    return short and bool(_wish.search(sentence)) and not _states.search(sentence)


def _parts(message: str) -> list[str]:
    """The sentences, and what stands in them after a colon, a comma or an "and"."""
    return [part for s in _sentences(message) for part in (s, *_joints.split(s)[1:]) if part]


def _sentences(message: str) -> list[str]:
    parts = (" ".join(part.split()) for part in _sentence_ends.split(message.replace("’", "'")))
    return [part[:LONGEST] for part in parts if part]
