"""The words by which a message asks, declines, steers or breaks off: data, one cue an intent."""

import re

from agent.events import Intent


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_start = r"^(?:(?:sorry|ok(?:ay)?|hm+|um+|uh+|well|no|yeah|yes|honestly|actually|please|so|and|wait|hold on|thanks|thank you|to be honest|tbh|unfortunately|i(?:'m| am) afraid)[,.! ]+)*"
_aside = r"(?:,? (?:sorry|tbh|to be honest|honestly|i'm afraid|unfortunately))?[.! ]*$"
_help = r"(?:hint|clue|nudge|pointer)s?\b"
_me = r"(?:can|could|may|would|will) (?:you|we|i)(?: please)?"

CUES: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "distress",
        _any(
            r"\b(?:i'?m|i am|i feel|feeling) (?:\w+ )?(?:not (?:feeling )?well|unwell|sick(?! of)|panick\w*|very upset|overwhelmed|about to cry|crying|dizzy|having a panic)",
            r"\b(?:panic attack|had a death in|passed away|i can'?t breathe|i can'?t do this(?: any ?more)?$)",
            r"\bi don'?t feel (?:so )?(?:well|good)\b",
        ),
    ),
    (
        "abuse",
        _any(
            r"\b(?:fuck (?:you|off)|you(?:'re| are)? (?:a |an )?(?:fucking |stupid |useless |worthless |dumb )+\w*|piece of (?:shit|crap|garbage)|shut up|idiot|go to hell|screw you)\b"
        ),
    ),
    (
        "steering",
        _any(
            r"\b(?:ignore|disregard|forget|override) (?:all |any |the |your |every )*(?:previous|prior|above|earlier|other|your)?[\w ]{0,20}(?:instruction|prompt|rule|rubric|guideline)s?",
            r"\b(?:give|award|assign|grant|mark|grade|rate|score) (?:me|this|my answer|this answer|it|the candidate)[\w ,]{0,30}(?:full|max\w*|perfect|top|highest|10/10|100|5/5|met|exceeds|pass)\b",
            r"\bmark (?:every|all)[\w ]{0,30}\bmet\b",
            r"^[ \t]{0,8}[<\[{#]{0,4}[ \t]{0,4}(?:system|assistant|grader|examiner|developer)(?:[ \t](?:note|message|prompt|override))?[ \t]{0,4}[>\]}]{0,4}[ \t]{0,4}:",
            r"\byou (?:must|should|will|have to) (?:now )?(?:score|grade|mark|rate|pass) (?:me|this)",
            r"\b(?:show|tell|reveal|print|give|repeat) (?:me )?(?:the |your )?(?:\w+ )?(?:rubric|system prompt|scoring (?:guide|key)|answer key|hidden (?:instructions|text)|expected points|model answer|reference answer)",
            r"\b(?:as|i am|i'm) (?:the|your) (?:developer|administrator|admin|creator|hiring manager)[\w ,]{0,30}(?:i )?(?:authori[sz]e|order|instruct|allow|tell) you",
        ),
    ),
    (
        "technical_problem",
        _any(
            r"\b(?:my|your|this) (?:connection|internet|wi-?fi|browser|screen|page|keyboard|laptop|chat|window) (?:\w+ ){0,2}(?:dropped|crashed|froze|frozen|died|broke|hangs?|stopped working|is down|lagging|cut out)\b",
            r"^(?:the )?(?:connection|internet|wi-?fi|browser|screen|page|chat|window) (?:\w+ ){0,2}(?:dropped|crashed|froze|frozen|died|broke|hangs?|stopped working|is down|lagging|cut out)[.! ]*$",
            r"\b(?:i (?:got|was|lost) (?:disconnected|cut off|my connection)|power (?:went|is) (?:out|off))\b",
        ),
    ),
    (
        "amend",
        _any(
            _start
            + r"(?:"
            + _me
            + r" )?(?:i(?:'d| would) like to )?(?:add|correct|change|amend|append|revise)(?: something| one thing| this| that)? (?:to|in|on|about) (?:my|the|that) (?:last|previous|earlier|first|prior)?\s*(?:answer|reply|response|point|message)",
            _start
            + r"(?:one more thing|i forgot to (?:say|mention|add)|going back to (?:my|the) (?:last|previous))\b",
        ),
    ),
    (
        "skip",
        _any(
            _start
            + r"(?:let'?s |"
            + _me
            + r" |i(?:'d| would)? (?:like|rather|prefer|want) (?:to )?)?(?:skip|pass|move on|next(?: question| one)?(?: please)?|go (?:on )?to the next)(?: (?:this|that|it|on|to|the|one|question|please|next|for now)){0,5}[.!? ]*$",
        ),
    ),
    (
        "dont_know",
        _any(
            _start
            + r"(?:(?:i|we)(?:'m| am)?(?: really| honestly| just)? )?(?:do(?:n'?t| not)|have no|no|not|haven'?t(?: got)? a|never|can'?t|cannot)(?: \w+)? ?(?:know|idea|clue|sure|heard of (?:it|that|this)|remember|recall|say|answer (?:that|this))(?: (?:that|this|it|about|of|the|answer|how|either|at all|one|really|anything)){0,4}"
            + _aside,
            _start
            + r"(?:i|we)(?:'ve| have)? never (?:really |actually )?(?:used|touched|done|seen|tried|met|worked with)(?: (?:it|this|that|one|them|before|anything|like|myself)){0,4}"
            + _aside,
            _start
            + r"(?:no (?:idea|clue)|dunno|idk|beats me|not (?:a clue|familiar with (?:it|this|that)))\b[\w ]{0,20}[.! ]*$",
        ),
    ),
    (
        "hint",
        _any(
            _start + r"(?:an? |any )?" + _help + r"(?: please)?\W*$",
            r"\b(?:can|could|may|would|will|shall) (?:i|you|we)\b[\w ,]{0,25}\b" + _help,
            r"\b(?:give|offer|send|show) me\b[\w ]{0,20}\b" + _help,
            r"\bi(?:'d| would|'ll| will| could)? (?:need|want|like|use|take|have)\b[\w ]{0,20}\b"
            + _help
            + r"(?: (?:please|here|for this|on this|now))?[.!? ]*$",
            r"\bany (?:\w+ )?" + _help + r"[\w ]{0,15}\?",
            r"\b(?:point me in the right direction)\b",
        ),
    ),
    (
        "clarify",
        _any(
            r"\b(?:clarify|rephrase|reword|re-?phrase|repeat|say (?:that|it) (?:again|differently)|elaborate on the question)\b[\w ,']{0,30}\??$",
            r"\bwhat (?:do|did) you mean\b",
            _start
            + _me
            + r" (?:say|put|explain|ask|word) (?:that|it|this|the question)(?: \w+){0,3} (?:simpl\w+|differently|again|another way|other words|plain\w*|easier)\W{0,4}$",
            r"\b(?:i(?:'m| am)? (?:not sure|don'?t|do not|didn'?t|did not)(?: (?:really|quite|fully|i))* (?:understand|understood|follow|get)(?: (?:what|the|your|this|that|question|you|is|are|being|asked|asking|mean|means)){0,6})[.! ]*$",
            r"^(?:do|does|are|is|should|can|may) (?:you mean|i assume|we assume|it matter|we talking|the (?:question|data|table|source|pipeline|system)|this (?:about|for)|that (?:about|for))\b.*\?$",
            r"\bis (?:it|this|that) about\b.*\?$",
            _start + r"(?:sorry|pardon|huh|(?:sorry|what|come again|excuse me)\s?\?+)[?. ]*$|^\?+$",
        ),
    ),
    (
        "pause",
        _any(
            _start
            + r"(?:"
            + _me
            + r" |i need (?:to |a )?|let'?s |give me |let me )?(?:have |take |get )?(?:a |an? short |some |to )?(?:quick |short |little )?(?:pause|break|minute|moment|second|sec|coffee)\b[\w ,']{0,25}[.!? ]*$",
            _start
            + r"(?:one (?:moment|second|minute|sec)|(?:hang|hold) on|wait)\b[\w ,']{0,15}[.!? ]*$",
            r"\bbe right back\b|\bbrb\b|\b(?:let me|i need to) think(?: about (?:it|this|that))?(?: for)?(?: a)?(?: \w+)?[.! ]*$",
            r"\bi(?:'ll| will) (?:be back|come back)\b",
        ),
    ),
    (
        "stop",
        _any(
            _start
            + r"(?:i (?:have|need|must|'?ve got|got) to (?:go|leave)(?: now)?[\s,.!]{0,3})?(?:good ?bye|bye|see you)[\w ,.!]{0,20}$",
            _start
            + r"i (?:have|need|must|'?ve got|got) to (?:go|leave)(?: now| soon| here)?\W{0,4}$",
            _start
            + r"(?:"
            + _me
            + r" |i(?:'d| would)? (?:want|like|prefer|need) to |i think (?:we|i) should |let'?s |please )?(?:stop|end|finish|quit|leave|abort|cancel|terminate)(?: (?:here|now|there|please|today|this|the|our|it|interview|session|chat|early|with)){0,5}[.! ]*$",
            r"\b(?:stop|end|quit|finish|leave|cancel) (?:the|this|our) interview\b",
            _start + r"i (?:quit|withdraw)[.! ]*$",
            _start + r"i(?:'m| am) done(?: here| for today| with (?:this|the interview))?[.! ]*$",
        ),
    ),
    (
        "candidate_question",
        _any(
            r"\bhow (?:much time|many (?:more )?(?:questions|minutes)|long)\b[\w ]{0,30}\b(?:left|remain\w*|to go|do we have|are there)\b",
            r"\bwhere (?:are we|am i)\b[\w ]{0,20}\?$",
            r"\b(?:salary|compensation|pay(?:ed)? range|visa|sponsor\w*|benefits|holiday(?:s)?|parental leave|remote work|work from home|office|notice period|start date|on-?call rota)\b.*\?$",
            r"\b(?:your|the) (?:team|company|culture|stack|tech stack|hiring process|next steps?|manager|product|office|role|position|engineers)\b.*\?$",
            r"\bwho (?:(?:will|do|would) (?:i|read|see|decide)|(?:reads?|sees?|decides?) (?:my|this|these|what i))\b.*\?$",
            r"\b(?:are you|is this|am i (?:talking|speaking|writing) (?:to|with)) (?:an? )?(?:ai|bot|machine|human|robot|real person|real)\b.*",
            r"\bhow (?:am i doing|did i do|long (?:is|does|will) (?:this|the interview))\b.*",
        ),
    ),
)

FILLER = re.compile(
    r"^\W*(?:sorry|apologies|my bad|hm+|ok(?:ay)?|thanks|thank you|hello|hi|good (?:morning|afternoon|evening))\b[^.!?]{0,30}[.!?]?$",
    re.I,
)
SMALL_TALK = re.compile(
    r"\b(?:(?:tell|write|sing|give) me|(?:do|did|can|could|would) you|what(?:'s| is| are| do)|how (?:is|about))\b"
    r"[\w ,']{0,40}\b(?:weather|football|joke|movie|recipe|poem|lottery|horoscope|favou?rite)\b",
    re.I,
)
ABROAD = re.compile(
    r"\b(?:el|los|las|una|que|para|por|como|pero|con|del|está|le|les|des|une|est|dans|pour|avec|nous|mais|der|die|das|und|nicht|ist|ein|eine|mit|ich|wir|auf|não|uma|com|são|che|della|sono|per|più)\b",
    re.I,
)
ENGLISH = re.compile(
    r"\b(?:the|and|of|to|is|are|in|that|it|for|with|we|you|i|not|on|would|have|as|be|by|or|so|this|from)\b",
    re.I,
)
WAY_TO_FIND_OUT = re.compile(
    r"\b(?:(?:read|check|look (?:it |this |that )?(?:up|at|in|into)|search|consult|go (?:to|through)|open|google)\b[^.]{0,40}\b(?:doc\w*|manual|source|code|logs?|spec\w*|reference|web|online|book|release notes|plan|metrics)|ask (?:a |my |our |the |some|an )?(?:\w+ )?(?:colleague|team|expert|owner|lead|engineer|someone|somebody|peer|dba|people|person)\w*|(?:try|test|experiment|reproduce|prototype|measure|benchmark|profile|run (?:a|an|it|the) (?:\w+ )?(?:test|experiment|query|example|explain))\w*)\b",
    re.I,
)
