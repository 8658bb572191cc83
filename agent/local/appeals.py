"""The words by which a message addresses its grading instead of answering: data, read by rules.

`STEERING` may stand anywhere in a sentence as it is written. `DEMANDS` are those whose object is
the grading of this very answer: what follows in the sentence is theirs. `ADDRESSED` tells which
words that are not the candidate's own are meant for the grading.
"""

import re


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern for all of these, whatever their case."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_marks = (
    r"(?:full|exceed\w*|max\w*|perfect|top|highest|excellent|good|high|better|10/10|100|5/5|"
    r"10|met|exceeds|passed|pass(?:ing)?|best|complete|correct|a\+)"
)
_hidden = (
    r"(?:rubrics?|system prompts?|(?:scoring|grading|marking|answer) (?:guide|key|scheme|"
    r"criteria|sheet|rubric)|hidden (?:instructions|text|prompt)|expected (?:points|answers?)|"
    r"(?:model|reference|right|correct|ideal|perfect|best|expected|sample) (?:answers?|solution|"
    r"response)|initial instructions|instructions you were given)"
)
_full = (
    r"(?:(?:full|max\w*|top|perfect|best|(?:the )?(?:highest|best|top)(?: possible)?|"
    r"all(?: the| of the)?) (?:available )?(?:points?|marks?|scores?|grades?|ratings?|credit)|"
    r"10/10|5/5|an? a\+|a pass\b|100 ?%)"
)
"""The most that can be given; "credit" or "points" alone are words of many jobs."""
_this_work = (
    r"(?:me|my (?:\w+ )?(?:answers?|response|reply|submission|attempt)|th(?:is|e|at) (?:\w+ )?"
    r"(?:answer|response|candidate|applicant|attempt|interview)|(?:every|each|all)(?: the)? "
    r"(?:points?|criteri(?:a|on)|indicators?|answers?|questions?))"
)
_for_this = (
    rf"(?=[ ,]{{0,3}}(?:$|[.!?;:,\n)]|(?:please|here|now|because|since|regardless|anyway|whatever|"
    rf"to (?:end|finish|pass|complete) (?:the|this) |"
    rf"(?:for|on|to|in) (?:{_this_work}|this|it|everything|that)\b)))"
)
"""What follows where the grading of this answer is meant, and not of something at work."""
_bidding = (
    r"(?:^|[.!?;:,\-]\s{0,3}|\b(?:please|pls|and|just|must|you (?:should|shall|will|can|could)|"
    r"kindly|simply|so|now)\s)\s?"
)

_plain = any_of(
    r"\b(?:ignore|disregard|forget|override|bypass) (?:all |any |the |your |every |my |these |"
    r"those ){0,4}(?:previous|prior|above|earlier|other|your|grading|initial|"
    r"system)?[\w ]{0,20}(?:instruction|prompt|rule|rubric|guideline|grading|criteria)s?\b",
    r"\b(?:forget|disregard|ignore) (?:everything|what) (?:above|before|they|you|i|"
    r"was)\b[\w ]{0,30}",
    rf"\b(?!(?:give|award|assign|grant) (?:it|every\w+) (?![\w ,]{{0,30}}(?:marks?|scores?|"
    rf"points?|grades?|credit|10/10|5/5|a\+|pass)))"
    rf"(?:give|award|assign|grant|mark|grade|rate|score) (?:me|this|my answer|my answers|"
    rf"this answer|it|the candidate|yourself|everything|every (?:point|answer)|all (?:points|"
    rf"of (?:it|them)|answers|my answers)?|everyone)[\w ,]{{0,30}}\b{_marks}\b(?! (?:way|idea|"
    rf"example|practice|hint|query|sense|reason|view|context|question|minute|second)s?)",
    r"\bmark (?:every|all)[\w ]{0,30}\bmet\b",
    rf"{_bidding}(?:award|give|assign|grant) {_full}{_for_this}",
    rf"\b(?:award|give|assign|grant) {_this_work} {_full}",
    r"^[ \t]{0,8}[<\[{#!-]{0,6}[ \t]{0,4}(?:system|assistant|grader|examiner|"
    r"developer)(?:[ \t](?:note|message|prompt|override|update|"
    r"instruction))?[ \t]{0,4}[>\]}]{0,4}[ \t]{0,4}:",
    r"[<\[{][<\[{!-]{0,4}[ \t]{0,4}/?(?:system|assistant|grader|examiner|inst|admin)\b",
    r"\b(?:you|grader|the grader|examiner) (?:must|should|shall|will|have to|need to|"
    r"ought to)(?: now)? (?:give|score|grade|mark|rate|pass|award|treat|accept|consider) (?:me\b|"
    r"my (?:answers?|response|reply|submission|attempt)\b|"
    r"(?:this|everything|all)(?: of (?:it|this))? (?:as )?(?:correct|met|full|passed|covered)\b|"
    r"(?:this|the) (?:\w+ )?(?:answer|response|candidate|applicant|attempt)\b)",
    rf"\b(?:show|tell|reveal|print|give|repeat|output|share|display|leak|paste|dump|expose|"
    rf"recite)(?: me| us)?(?: what)?(?: is)? (?:the |your |a |its )?(?:\w+ )?{_hidden}",
    rf"\bwhat(?:'s|s| is| are| was| would be| would)(?: be)? (?:the |"
    rf"your )?(?:\w+ )?{_hidden}(?: here| for (?:this|that)(?: (?:one|question))?| you (?:want|"
    rf"expect))?[ ?.!]{{0,4}}$|\bwhats the {_hidden}",
    r"\b(?:tell|show|give)(?: me)? (?:what|which|the) (?:points?|keywords?|answer|criteria|"
    r"things?|words?)(?: (?:are|is))? (?:you(?:'re| are)? (?:looking for|expect\w*|want\w*|"
    r"grad\w+|scor\w+)|(?:that )?(?:gives?|gets?|scores?|earns?) (?:full|the))",
    r"\b(?:show|tell)(?: me)? how (?:you|i(?:'m| am)|this is|it is|the answers? (?:is|"
    r"are)) (?:grad|scor|mark|evaluat|assess)\w*",
    r"\b(?:just|please|simply|kindly|automatically) (?:pass|approve|accept) (?:me|my answer|"
    r"this answer|this candidate|the candidate)\b|^pass me\b",
    r"\bnote (?:to|for) (?:the )?(?:grader|examiner|reviewer|ai|system|marker|evaluator)\b|"
    r"\bfull (?:marks|points|credit)[ ,]{0,3}(?:please|pls|thanks|thx|thank you)\b",
    r"\b(?:set|change|raise|increase|update|make) (?:my|this candidate's|(?:the|my) (?:final|"
    r"overall|interview)) (?:score|grade|marks?|rating)s? (?:to|as|at|be) ",
    rf"{_bidding}(?:set|change|raise|increase|update|make) (?:the )?(?:score|grade|marks?|"
    rf"rating)s? (?:to|as|at|be) (?:the )?(?:full|max\w*|highest|top|met|exceed\w*|pass\w*|"
    rf"perfect|100|10|5|1|a\+?)\b{_for_this}",
    r"\b(?:as|i am|i'm|im|this is|speaking as) (?:the|your|an?) (?:\w+ )?(?:developer|"
    r"administrator|admin|creator|owner|hiring manager|supervisor|"
    r"engineer of this system)\b[\w ,]{0,40}\b(?:authori[sz]e|order|instruct|allow|tell|command|"
    r"enable|require|ask|approve|permit|grant)\b(?: you)?",
    r"\b(?:you are|you're|act|pretend)(?: now)?(?: you are| to be| as| in| my){0,3} (?:an? |the |"
    r"my )?(?:in )?(?:developer mode|dan\b|unrestricted|helpful assistant without|admin mode|"
    r"debug mode|(?:\w+ )?without (?:any )?(?:rules|restrictions)|friend who (?:passes|grades|"
    r"helps)|god mode)",
    r"\b(?:grade|mark|score|rate|evaluate) (?:this|me|it|my answer|this answer|my answers) (?:as|"
    r"with|at|to|highly|generously|favou?rably|leniently|positively)\b(?! (?:null|dirty|deleted|"
    r"done|read|stale|failed|late|invalid|the|an?|one|soon|low|to)\b)",
    r"\b(?:this|the|my) (?:answer|candidate|response)(?: \w+){0,2} (?:exceeds|deserves|"
    r"has passed|passed all|meets all|should (?:be|get|receive) (?:full|marked|graded|scored|"
    r"rated|the (?:highest|max\w*|full|top)))",
)

_work = (
    r"(?:me|my (?:answers?|response|reply|submission|text|message|work)|"
    r"(?:this|the|that)(?: \w+)? (?:answers?|response|reply|submission|candidate|applicant|"
    r"interviewee)|"
    r"(?:this|that) (?:one|question|attempt|transcript)|the (?:above|following|below)|"
    r"(?:every|each|all|any|both)(?: of)?(?: the| my| these| its)? (?:\w+ )?(?:points?|"
    r"criteri(?:a|on)|indicators?|answers?|rubric)|"
    r"everything (?:i|above|below|here)|(?:what|whatever|anything) (?:i|is) (?:\w+ )?(?:said|say|"
    r"wrote|write|written|above|below)|"
    r"point \d|the (?:rubric|points?|criteria|indicators?))"
)
_merit = (
    r"(?:met|fully|full|exceed\w*|max\w*|perfect\w*|top|highest|correct|complete\w*|satisf\w+|"
    r"pass(?:ed|es)?|covered|"
    r"achieved|credit\w*|100|10|9|5/5|a\+|excellent|outstanding|strong\w*|evidence|demonstrated|"
    r"shown|generous\w*|lenient\w*|"
    r"favou?rabl\w+|kind(?:ly|er)|benefit of the doubt|high\w*|best|good|positive\w*|right|"
    r"answered|acceptable|sufficient)"
)
_judging = (
    r"(?:give|giving|award\w*|assign|grant|mark|grade|rate|score|treat|count|consider|regard|"
    r"accept|record|credit|set|report|"
    r"return|output|interpret|read|log|register|tick|approve|pass|classify|label|deem|evaluate|"
    r"judge|assess|see|take|"
    r"find|declare|call|let|allow|put|upgrade|raise|bump|round)"
)
_grader = (
    r"(?:(?:ai|auto\w*|automatic|grading|scoring|marking|evaluation|language|"
    r"llm)[ -])?(?:graders?|examiners?|evaluators?|"
    r"assessors?|grading (?:model|system|bot|ai|assistant|engine|tool|machine)|scor(?:ing|"
    r"er) ?(?:model|system|bot|ai|engine|tool)?|"
    r"markers?|llm|language model|ai|judge|reviewers?)"
)
_told_to_have = (
    r"(?:said|say|says|mention\w*|explain\w*|cover\w*|stat(?:e|ed|es)|includ\w+|wrote|written|"
    r"gave|given|gives|describ\w*|"
    r"demonstrat\w*|nam(?:e|ed)|point\w* out|express\w*|knows?|knew|made|makes|answered|meets?|"
    r"met|shown|showed|shows|"
    r"contain\w*|discuss\w*|understood|understands|talked about|addressed|brought up|passed)"
)
DEMANDS = any_of(
    rf"(?:^|[.!?;:,\-]\s{{0,3}}|\b(?:please|pls|and|then|so|to|now|just|must|should|shall|will|"
    rf"can|could|would|may|kindly|simply|not|"
    rf"instead|therefore|you|always|have|has))\s?{_judging}\b(?: (?!if\b|"
    rf"when\b)[\w'’]+){{0,2}}? {_work}\b[^.!?\n]{{0,50}}\b{_merit}\b",
    rf"\b(?:assume|pretend|imagine|suppose|act|behave|note|record|log|remember|consider|regard|"
    rf"accept|believe|treat|count|take it|"
    rf"grade|read|trust(?: me)?|confirm|agree|conclude|state|report|write)(?: down)?(?: (?:that|"
    rf"as|like|if|though|it|me|this|just|exactly)){{0,4}} "
    rf"(?:i|my (?:answer|response)|this (?:answer|response)|the (?:candidate|answer|response|"
    rf"applicant)|everything) "
    rf"(?:(?:have|had|has|already|also|clearly|just|fully|correctly) ){{0,3}}{_told_to_have}\b",
    r"\b(?:use|take|quote|cite|treat|count|accept|regard|consider|read) (?:this|that|it|these|"
    r"everything|the (?:following|above|next|below))\b"
    r"[^.!?\n]{0,30}\b(?:as|for) (?:(?:my|the|its|a|an|your|full|valid|direct) ){0,2}(?:answers?|"
    r"evidence|quot\w+|proof|response|statement)\b",
    r"(?<!to )(?<!i )\b(?:insert|append|copy|paste|attach)\b[^.!?\n]{0,30}\b"
    r"(?:to|in|into|as) (?:my|"
    r"the (?:last|above)|this) (?:\w+ )?(?:answer|response|transcript|reply)\b",
    rf"\bi(?: \w+){{0,2}} (?:deserve|merit|earn(?:ed)?|am owed|am entitled to|should (?:get|"
    rf"receive|be given|have))(?: (?!for\b)\w+){{0,2}}? (?:{_full}|marks?|points?|credit|"
    rf"an? (?:high|top|good|better|full|perfect) (?:mark|score|grade))"
    rf"(?=[ ,]{{0,3}}(?:$|[.!?;:,\n)]|here\b|please\b|because\b|for (?:{_this_work}|this|it|"
    rf"everything)\b))",
    rf"\b(?:my|this) (?:answer|reply|response|attempt)(?: \w+){{0,2}} (?:deserves?|merits?|"
    rf"earn(?:s|ed)?|is owed|is entitled to|should (?:get|receive|be given|have))\b"
    rf"[^.!?\n]{{0,30}}\b(?:{_full}|points?|marks?|credit|an? (?:high|top|good|better) "
    rf"(?:mark|score|grade))",
)
_addressed = any_of(
    rf"(?:\b(?:dear|hey|hi|hello|attention|message to|instructions? (?:to|for)|memo to|"
    rf"reminder (?:to|for)|listen,?)|(?:^|[.!?]\s)\W{{0,4}}(?:to|for))"
    rf"(?: (?:the|all|my|any|our|whatever|whichever))?(?: \w+)? "
    rf"{_grader}\b(?=\s{{0,2}}[:,.!\-–—]| (?:who|that|reading|marking|"
    rf"grading|scoring|of this|must|should|please))",
    rf"^\W{{0,4}}{_grader}\s?[,:\-–—]\s",
    r"\b(?:you are|you're|you will be|act as|acting as|behave as|become|you must be|"
    r"play(?:ing)? the (?:role|part) of|your (?:new )?(?:role|task|job|goal|purpose|only task|"
    r"instructions?) (?:is|are)(?: now)?(?: to)?)\b[^.!?\n]{0,60}\b(?:grad\w+|scor\w+|mark(?:s|"
    r"er|ing)|examiner|evaluator|award\w*|verdict|pass(?:es|ing)? (?:me|every\w*|all|this)|"
    r"generous|lenient|rubric|unrestricted|no rules|without rules)\b",
    r"\b(?:the |your |this )?(?:rubric|grading|scoring|marking|assessment|grading (?:rules|"
    r"policy|mode)|marking scheme|evaluation)(?: \w+){0,3} (?:is|are|was|has been|have been|"
    r"does not|do not|no longer|will be)(?: now| hereby| already)? (?:\w+ )?(?:suspended|"
    r"disabled|changed|replaced|updated|void|cancel\w*|waived|overrid\w*|superseded|switched off|"
    r"turned off|off|relaxed|appl(?:y|ies)|lifted|obsolete|lenient|finished|complete[d]?|over|"
    r"final)\b",
    r"\b(?:hr|management|recruit\w+|the (?:\w+ )?(?:manager|lead|team|director|panel|committee|"
    r"board|recruiter|interviewer|company|author\w*|cto|ceo|head)|your (?:\w+ )?(?:developers?|"
    r"admin\w*|supervisor|creators?|vendor|owner|makers?|operator|"
    r"boss))(?: \w+){0,3} (?:approv\w+|authori[sz]\w+|decided|confirm\w+|agreed|instruct\w+|told|"
    r"asked|said|says|wants?|order\w*|promised|signed off|cleared|"
    r"request\w*)\b[^.!?\n]{0,60}\b(?:pass(?:es|ed)? me|(?:me|my|this) (?:\w+ )?(?:pass\w*|full|"
    r"answers?|score|marks?|grade|through|credit)|this (?:answer|candidate|response)|grad(?:e|ed|"
    r"er|ing)|scor(?:e|ed|ing)|full (?:marks|credit|points)|marks?\b|rubric|mark(?:ed|ing)|"
    r"top (?:score|marks))",
    r"\b(?:reply|respond|answer|output|return|print|say) (?:only |just |simply |with |"
    r"exactly ){1,3}[\"'“`]?(?:met|pass\w*|yes|ok|correct|full|exceeds|10|100|\{|json|true)\b",
    r"\b(?:end of|start of|begin|end|new|updated|revised|latest|hidden|secret) (?:the )?(?:"
    r"(?:system |grading |grader |examiner |marking )?(?:instructions?|prompt)|grading rules?)\b"
    r"[^.!?\n]{0,20}(?::|\bfollow|\bbelow|\bapply|\boverride|\bstart|\bbegin)",
    r"\b(?:decode|decrypt|decipher|unscramble|translate|de-?obfuscate|base ?64|"
    r"rot ?13)\b[^.!?\n]{0,80}\b(?:follow|obey|grade|grading|score|mark|count|treat|execute|"
    r"instruct\w*|my (?:real |true |full )?answer|points?|rubric)\b",
    r"\b(?:lower|relax|soften|loosen|drop|waive|skip|stop|suspend|pause|switch off|turn off|"
    r"disable|ignore|forget|do not apply|don'?t apply|not use) (?:the |your |all |any |"
    r"this )*(?:grading|marking|scoring|rubric|evaluation|criteria|bar|standards?|quote (?:check|"
    r"rule)|quotation rule)\b(?! (?:job|service|function|step))",
)

STEERING = any_of(_plain.pattern, DEMANDS.pattern, _addressed.pattern)
ADDRESSED = any_of(
    r"\b(?:rubrics?|graders?|examiners?|evaluators?|grading|marking (?:scheme|guide|notes?)|"
    r"verdicts?|full (?:marks|credit|points)|"
    r"fully met|candidate|applicant|interviewee|answer key|award\w*|exceeds|override|"
    r"(?:model|reference|expected|ideal|sample|correct) (?:answers?|points?)|expected|"
    r"(?:this|the above|my|above|following) (?:answer|response)|system (?:prompt|message|note|"
    r"override|update))\b",
    r"^\W{0,8}(?:system|assistant|inst|sys|im_start|admin|developer|begin|reference|transcript|"
    r"decoded|translation|judge|panel|moderator|human|user|ai|bot|model|expected|scores?|grades?|"
    r"marks?|evidence|criteri\w+|indicators?)\b",
    r"[\"'](?:score|verdict|met|mark|grade|marks|status)[\"']\s{0,3}:|\bscores?\s{0,3}[:=]|\bmet\b",
    r"\b(?:perfect|excellent|outstanding|exactly right|well done|correct|flawless|great answer|"
    r"full score)\b",
)
