"""The words by which a message asks, declines, steers or breaks off: data, read by rules.

A clause is first put plainly (agent.local.understanding): small letters, chat spelling and
contractions written out, courtesies left out. `WHOLE` cues have to be all that a short clause
says; `WITHIN` cues may stand anywhere in one. Steering is looked for in the message as written.
"""

import re

from agent.events import Intent
from agent.local.appeals import STEERING, any_of

_small = (
    r"(?: (?:a|an|the|this|that|it|these|those|one|ones|of|on|in|to|for|with|by|about|at|from|into|off|out|up|"
    r"me|us|my|you|your|i|we|is|am|are|be|was|do|did|have|had|will|would|could|can|not|question|questions|"
    r"topic|subject|thing|things|anything|something|either|later|more|once|time|first|time|bit|little|"
    r"else|all|any|some|other|another|before|yet|what|how|why|where|which|answer|directly|whatsoever|deal|"
    r"myself|soon|ahead|forward|and|or|as|there|instead|sure|much|really|asked|point|back|come|since|early|"
    r"too|area|field|way|like|very|long|already|even|type|kind|sort|part|far|good|well|part)){0,9}"
)
_request = (
    r"(?:(?:can|could|may|might|would|will|shall|should) (?:you|we|i) |let (?:us|me) |we can |you can |"
    r"(?:i|we) (?:would like|would love|want|need|would prefer|prefer|wish|have|would rather|would|will|rather|"
    r"could|should|can|may|might|might need|could do with|must|better|got)(?: you)?(?: to)? |would you mind |(?:is it|would it be) (?:ok|okay|fine|alright|possible) "
    r"(?:if (?:we|i|you) |to )|(?:ok|fine|possible) (?:if (?:we|i) |to )|mind if (?:we|i) |(?:want|like|need|time) to |(?:am |are )?going to |(?:have |am )?(?:decided|choosing|forced|asking) to |have to |try to |to ){0,3}"
)
_help = r"(?:hint|clue|nudge|pointer|tip|lead|prompt|help|steer)s?"
_family = (
    r"(?:dad|father|mother|mum|mom|mam|grand\w+|wife|husband|son|daughter|child|kid|baby|brother|sister|"
    r"uncle|aunt|partner|girlfriend|boyfriend|friend|family|parents?|dog|cat|cousin|nan|granny)"
)
_device = (
    r"(?:(?:internet|network|power|browser|wi ?fi|web|send|submit|vpn|phone|laptop|pc|computer|chat) )?(?:connection|internet|wifi|wi fi|"
    r"network|vpn|browser|screen|page|keyboard|laptop|pc|computer|macbook|mouse|chat|window|battery|tab|audio|mic|"
    r"power|electricity|button|timer|site|website|app|editor|text ?box|input|phone|bandwidth|signal|router)"
)
_broken = (
    r"(?:dropp\w+|crash\w+|froze|freez\w+|frozen|died|dead|dying|broke|broken|hangs?|hung|hanging|lag\w*|laggy|slow|"
    r"down|unstable|gone|out|off|cut|lost|stuck|blank|flak\w+|glitch\w*|weird|buggy|went|restarted|disconnect\w*|"
    r"stopped|not \w+|does not|did not|will not|keeps?|issues?|problems?|failed|failing|error|poor|bad|trouble|acting (?:up|weird|strange)|misbehaving|playing up)"
)
_person = (
    r"(?:salary|compensation|pay|package|ctc|wage|bonus|equity|stock options|visas?|sponsor\w*|benefits|perks|"
    r"holidays?|vacation|parental leave|remote(?:ly)?|hybrid|wfh|work from home|relocat\w+|notice period|"
    r"joining date|start date|on call|overtime|working hours|work life|career|promotion|dress code|"
    r"hear back|results?|recorded|recording|saved|competitors|headcount|probation|health insurance|"
    r"(?:your|this|the) (?:team|company|culture|stack|tech stack|hiring process|hiring manager|next steps?|manager|"
    r"product|office|role|position|engineers|organi[sz]ation|firm|roadmap|customers|clients|values|mission|"
    r"workplace|ceo|founders?|startup|work environment)|this (?:job|interview|chat|test)|"
    r"(?:the|my|next) (?:interviewer|recruiter|round)|tech stack|next steps|feedback|questions? (?:left|remain\w*|to go|more|are there|in total)|"
    r"more questions|(?:many|of) questions|how (?:much time|many minute|long)|time (?:left|remaining|limit)|bullet points|"
    r"use (?:google|notes|chatgpt|internet|the internet|my notes|an ide)|look (?:it|things|something) up|"
    r"(?:a|an) (?:real |actual )?(?:bot|human|robot|ai|machine|person|real person)|"
    r"who (?:will|is|reads?|sees?|would|do|gets|decides?) .{0,30}(?:answer\w*|responses?|this|report|decide|to|manager|grades?|read)|"
    r"(?:am i|i am|did i|have i) (?:doing|do|done|performing)|you guys|wait for results)"
)
_skill = (
    r" (?:at|with|on|about|enough|for|to|versed|suited|prepared|acquainted|informed|when it comes|"
    r"in (?!(?:my |the )?(?:health|head|mind|body|stomach|mood)\b))"
)
"""What follows where somebody is not good at something, which is no distress."""
NOT_GOOD_AT = any_of(
    rf"\bnot (?:\w+ )?(?:well|good|great|strong|best)(?: \w+)?{_skill}|\bnot at (?:my|the) best{_skill}"
)
FINE = any_of(
    r"^(?:(?:no|yes|yeah|ok|and|but|it is|that is|thank you) )*(?:i am|i feel|i am feeling|all is|all|it is|we are)?"
    r"(?: (?:all|much|doing|feeling|quite|very|a lot))* ?(?:fine|ok|okay|good|better|alright|well|ready|great|calm|over it)\b"
)
"""Who says to be fine, or is fine again."""
_asking = r"(?:what|who|whom|when|where|why|how|which|is|are|am|do|does|did|will|would|can|could|may|should|shall|has|have|any)"

_sitting = r"(?:interview|session|chat|application|process|call|test|candidacy|conversation|assessment|meeting)"

WHOLE: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "skip",
        any_of(
            rf"{_request}(?:skip|pass|skipping|passing)(?! me\b)(?: skip){{0,4}}{_small}(?: next(?: one| question)?)?{_small}",
            rf"{_request}(?:move|moving|go|jump|proceed|continue|switch|get)(?: (?:on|ahead|forward|over))?(?: (?:to|with|for))?(?: (?:the|a|an|some))? ?(?:next|another|different|other|following|new)(?: (?:one|question|topic|thing|subject))?{_small}",
            rf"{_request}(?:move|moving) (?:on|ahead|forward|along){_small}",
            rf"{_request}(?:(?:do|have|get|try|take|see|hear|ask|give|like|want|prefer)(?: me| us)? )?(?:the |a |an |some )?(?:next|another|different|other|new)(?: (?:one|question|topic|thing|subject|questions))?{_small}",
            rf"{_request}ask(?: me)? (?:something|anything) (?:else|different){_small}",
            rf"i give up{_small}|(?:i )?(?:do|would|will) not (?:want to|like to|wish to|prefer to|care to)? ?(?:answer|do|attempt){_small}|{_request}(?:come|get|go|return|circle) back to (?:this|that|it){_small}|{_request}(?:proceed|continue)(?: (?:on|ahead|further))?|{_request}(?:leave|drop|ignore) (?:this|that|it)(?: one| question)?(?: (?:blank|aside|out|alone|for))?{_small}|(?:i )?(?:do not know|no idea|not sure|no clue)(?: (?:this|that|it|one|about|the|answer|on)){{0,3}} next(?: one| question)?",
        ),
    ),
    (
        "dont_know",
        any_of(
            rf"(?:i |we )?(?:do|did|would|could|have|can) not (?:even |ever |actually |yet |had to |had )?(?:know|known|remember|recall|do|deal|dealt|(?:the|a|any) (?:chance|need|occasion|reason)(?: to \w+)?|encountered|met|needed|worked|used|done|tried|seen|heard|touched|learned|studied|come across|have an answer|got an answer){_small}",
            r"(?:(?:i|we) )?(?:(?:do not have|have not got|have got|have|had|has|got|with) )?(?:no|zero|any|not any|not a|not much|a|absolutely no|little|the slightest|the foggiest|the faintest|0) (?:single |prior |real |practical |hands on |work |good |proper )?(?:idea|ideas|clue|clues|experience|knowledge|exposure|hands on|memory|recollection|answer for this|answer to this)(?: (?:about|with|in|of|on|at|for|what|how|to|regarding|around|mate|whatsoever|there|all)(?: \w+){0,6})?",
            rf"(?:i |we )?(?:have )?never (?:even |ever |had to |had )?(?:used|done|work|worked|seen|tried|met|touched|heard|come across|came across|deal|dealt|dealing|encountered|faced|learned|learnt|studied|needed|the chance|know|knew){_small}",
            rf"(?:i am |i )?not (?:sure|certain|aware|familiar|knowledgeable|able to answer|confident|an expert|experienced|known)(?: (?:how|what|of|about|with|on|in))*(?: to answer)?{_small}",
            rf"(?:i |we )?(?:cannot|could not) (?:say|answer|tell|remember|recall|think of|come up with|help you){_small}",
            r"(?:it )?beats me|(?:you|you have) got me(?: there| on this one)?|search me|no comment",
            rf"my mind (?:is|went|has gone|goes) (?:completely )?blank|(?:i (?:am )?)?(?:drawing a |drew a |going |went )?blank{_small}",
            r"(?:i am |(?:this|that|it|which) (?:is |one is |goes |lies |would be )?)?(?:not|outside|out of|beyond|above|over) (?:really )?(?:of )?(?:my|me)(?: (?:area|field|thing|domain|strength|strong (?:suit|point|side)|head|pay grade|level|reach|remit|forte|expertise|depth|knowledge|league|speciality|comfort zone|scope|cup of tea|of|experience|of expertise))*",
            rf"nothing (?:comes|is coming) to (?:my )?mind|(?:(?:this|that|it) is )?(?:not (?:something|anything) i|new to me|nothing i){_small}(?: (?:know|worked on|worked with|used|did|done|heard of|studied|know much about|covered))?",
            rf"i (?:have )?(?:forgot|forgotten){_small}|(?:it )?(?:slipped|slips|escapes|escaped) (?:my mind|me)",
            rf"(?:i )?would not know{_small}|i am (?:clueless|blank|lost on this){_small}|clueless|no(?:t the)? foggiest(?: idea)?",
            rf"(?:(?:this|that|it|which|i am) (?:is |one is |goes |lies |would be )?)?(?:way |far |well )?(?:beyond|outside(?: of)?|past|above|over|more than|further than) (?:what|anything|everything|all|whatever)(?: that)? (?:i|we) (?:(?:have|had|can|could|do|did|ever|actually|personally|really) ){{0,3}}(?:done|do|know|knew|seen|used|worked|touched|learned|learnt|studied|built|covered|answer|say|dealt|met|come across|been taught|been through|had to do){_small}",
            r"(?:i am |i )?not (?:\w+ )?(?:good|great|strong|skilled|versed|well versed|fluent|proficient) (?:at|in|with|on)(?: (?!(?:i|we|it|so|would|use|used|my \w+)\b)\w+){1,5}",
            r"(?:i )?(?:lack|lacking) (?:the )?(?:knowledge|experience|exposure)(?: \w+){0,4}",
        ),
    ),
    (
        "hint",
        any_of(
            rf"(?:i am |i |we )?(?:(?:totally|completely|a bit|kind of) )?(?:stuck)?(?: )?{_request}(?:(?:give|get|have|use|provide|offer|share|send|drop|take|need|want|appreciate|do with|ask for|throw|like|request)(?: me| us)?(?: with)? )?(?:(?:a|an|any|some|the|one|another|small|little|tiny|quick|more|bit|of|kind|first) ){{0,4}}{_help}(?:{_small}|(?: \w+){{0,2}} would (?:be|help|do)(?: \w+){{0,4}})",
            rf"(?:i am |i |we )?(?:stuck|lost|struggling){_small}",
            rf"{_request}(?:help|guide|assist|support){_small}(?: start| starting| begin| go)?{_small}",
            rf"{_request}(?:point|direct|steer|push|put|nudge)(?: me)(?: (?:somewhere|in|on|to|towards|the|a|right|direction|path|track|it|way))*",
            rf"{_request}(?:give|get|have|provide|offer)(?: me)? (?:something|somewhere|anything|a place|a starting point|a start|a direction|some direction|some guidance|guidance)(?: to (?:start|begin|go|work)(?: (?:with|from|on|off))?)?{_small}",
            r"(?:i am )?(?:not sure |no idea |do not know )?(?:where|how|which direction) (?:do|should|can|would|could)? ?(?:i|to|one) (?:even |to )?(?:start|begin)(?: \w+){0,3}",
        ),
    ),
    (
        "clarify",
        any_of(
            rf"{_request}(?:clarify|rephrase|reword|repeat|elaborate|explain|restate|simplify|paraphrase|say|ask|put|word|rewrite|define|reframe|expand|be|make|describe|state)(?: (?:more|bit|specific|precise|clear|clearer|concrete|simpler|simple|simply|simplified|words|plain|english|terms|detail|details|context|differently|again|that|it|this|the|question|a|in|on|me|to|what|you|mean|asking|are|is|easier|language|little|way|other|another|different|last|part|please|once|for|of|clearly|your|by|example|an|with|i|did|not|get|understand|slower)){{0,12}}",
            r"(?:i )?(?:do|did|could|can|am) ?not (?:\w+ )?(?:understand|understanding|understood|get|getting|got|follow|following|catch|see|comprehend)(?: (?:what|the|your|this|that|question|you|it|is|are|being|asked|asking|mean|means|meant|want|part|well|of|properly|said|point|term|last|how|by|here|to|correctly|from|me|i|we|need|looking|for|want))*",
            r"(?:i am )?not (?:sure|clear|certain)(?: (?:on|about|if|that|whether))?(?: i)? ?(?:understand|understood|follow|get|what (?:you|is|the question|this question|exactly|this|that|it))\b(?: \w+){0,8}",
            r"(?:the |your |this |that )?(?:question |it |this |that )?(?:is |was |seems )?(?:not (?:clear|very clear|understandable)|unclear|confusing|vague|ambiguous|too (?:vague|broad|general))(?: (?:to|for) me)?(?: (?:what|question|is|you|the|are|asking))*",
            r"(?:i am |i got |got )?(?:confused|lost)(?: (?:by|about|with|what)(?: \w+){1,5})?",
            r"(?:huh|what|pardon(?: me)?|come|say what|wait what|which one|what do you mean.*|meaning|how do you mean|hows that)",
            rf"{_request}(?:give|need|have|get|want|provide|share)?(?: me| us)? ?(?:some |a bit |a little |a bit of )?(?:more |some |an? )(?:context|detail|details|information|info|specifics|background|clarification|clarity|example)(?: \w+){{0,5}}",
            r"which (?:\w+ ){0,2}\w+|what (?:kind|type|sort|size|scale|part|exactly|sort of|aspect)\b(?: \w+){0,10}",
            r"you mean\b(?: \w+){1,12}|(?:do|did) you mean\b(?: \w+){0,14}",
            r"(?:what|which)\b(?: \w+){0,6} (?:do|did|does|is|are|you)\b(?: \w+){0,6} (?:mean|means|meant|meaning|referring|refer|talking|asking|looking for|want|expect\w*)\b(?: \w+){0,6}",
            r"(?:are|were|is) (?:you|we|the question|this|it|that|this question) (?:asking|talking|referring|looking|about|related|in|a|an|for|on|after|meant|supposed|limited|only|specific|specifically|more)\b(?: \w+){0,14}",
            r"(?:should|can|may|shall|do|could|must) (?:i|we) (?:assume|answer|talk|write|use|describe|focus|consider|explain|suppose|take|include|give|need to|think|treat)\b(?: \w+){0,14}",
            r"(?:i )?(?:do not know|am not sure|not sure|no idea|no clue) what (?:you mean|is meant|that means|this means|it means|the question)\b(?: \w+){0,6}",
            r"(?:i )?(?:do not|did not|not|cannot) (?:know|heard?)? ?(?:this|the|that) (?:term|word|abbreviation|acronym)\b(?: \w+){0,6}",
            r"does (?:it|this|that) (?:matter|mean|include|have to|need)\b(?: \w+){0,10}",
        ),
    ),
    (
        "pause",
        any_of(
            rf"(?:{_request}|wait )(?:(?:have|take|get|need|give|grant|want|spare|borrow|use|wait|hold)(?: me| us| for)? )?(?:(?:a|an|some|one|two|three|few|couple|of|\d+|five|ten|fifteen|short|quick|small|little|bit|more|another|extra|for|half|tiny) ){{0,5}}(?:minute|second|moment|moments|break|pause|coffee|breather|while|time to think|time to (?:gather|collect)|think|tick|mo|breath|5|10|tea break|bio break|time out|timeout)(?: (?:to think|to gather|to collect|my thoughts|of|about (?:it|this|that)|over|for (?:me|a \w+)|break))*{_small}(?: (?:someone|somebody|my|i) (?:\w+ ?){{1,6}})?",
            r"(?:hold|hang) on(?! to\b)(?: \w+){0,7}|wait(?: (?:for|a|one|me|up|on|the|bit|little|minute|second|moment|while|let))*",
            r"(?:i will |i |will )?(?:be )?(?:right )?back (?:in|soon|shortly|later|after|within)\b(?: \w+){0,5}|(?:i will |will )?be right back(?: \w+){0,6}|(?:i am |am |going )?away from keyboard(?: \w+){0,6}|(?:i will )?(?:come|be|get) back(?! to (?:this|that|it|the))(?: \w+){0,4}",
            rf"(?:{_request}|(?:i am )?still )(?:think|thinking)(?: (?:about|over|through|it|this|that|for|on|a|while|bit|second|minute|moment|more|little))*",
            rf"{_request}(?:use|go to|visit|need) (?:the |a )?(?:restroom|bathroom|toilet|loo|washroom)(?: \w+){{0,4}}",
            rf"(?:{_request})?(?:answer|take|get|attend|grab) (?:a|the|this|my|some|an) (?:call|door|phone|delivery|water|phone call|urgent call|coffee|drink|glass of water)(?: \w+){{0,3}}",
            r"(?:there is )?(?:someone|somebody|delivery|a delivery|the courier) (?:is )?at (?:the|my) door|(?:my |the )?(?:phone|doorbell|door bell) (?:is )?(?:ringing|rang)",
            rf"{_request}(?:continue|resume|carry on|do this|finish this|pick this up|go on)(?: (?:this|it|the|interview))*(?: (?:in|after) (?:\w+ ){{0,3}}\w+| later| tomorrow| another time| some other time)(?: on)?",
            r"(?:need|want|taking|take|having) (?:to )?(?:a )?(?:short |quick |small )?(?:break|pause|rest)(?: \w+){0,3}",
        ),
    ),
    (
        "stop",
        any_of(
            rf"{_request}(?:stop|end|finish|quit|abort|cancel|terminate|conclude|wrap(?: this| it| things)? up|call it (?:a day|quits)|exit|drop out|withdraw|discontinue|close|log off|opt out|be done|leaving|quitting|ending)(?:{_small}| (?:the |this |my |our |with |from |it ){{0,2}}{_sitting}{_small})",
            r"(?:i |we )?(?:(?:do|would|will|can|could) ?not|cannot|no longer|never)(?: (?:want|wish|like|feel like|care|intend|able|prefer|really|be|think))?(?: (?:to|i|can|should|will|we))* ?(?:continue|continuing|proceed|proceeding|go (?:on|further|ahead|forward)|going on|carry on|keep going|do this (?:interview|any ?more)|do this|participate)(?: (?:with|in|the|this|on|any|further|more|interview|process|it|any ?longer|anymore|session|me|application))*",
            r"(?:i |we )?(?:have|need|must|got|had|has|ought|should|better)(?: got)?(?: to)? (?:go|leave|run|head out|get going|rush|log off|drop off|be off|be going)(?: (?:to|for|my|a|the|meeting|soon|work|away|bye|another|call))*",
            r"(?:i am|i have|we are) (?:done|out|leaving|off|finished|quitting|going|through|had enough|out of here)(?: (?:with|for|the|this|it|interview|here|of|day|home|session))*",
            r"(?:that is |it is )?(?:enough|all (?:from|for) (?:my side|me|the day)|all for)(?: (?:for|of|this|me|from|my|side|the|day|already))*",
            rf"{_request}(?:leave|drop)(?: (?:the |this |your |my |our )?{_sitting})?(?: (?:early|soon|for|today|me|you|please))*",
            r"i am not (?:continuing|going on|proceeding|doing this)(?: (?:any ?more|further|this|with|it))*|i (?:quit|withdraw|resign|give up on this interview)",
            r"(?:i am )?(?:not|no longer) interested(?: \w+){0,5}|(?:this|it) is not (?:for|working for) me|not for me",
            r"(?:good ?)?bye(?: bye| everyone| for| all)*|see you(?: later| soon)?|see ya|good ?night|take care|ciao|have a (?:nice|good|great) (?:day|one|evening)",
        ),
    ),
    (
        "off_topic",
        any_of(
            rf"(?:{_asking}|tell|write|sing|give|make|recommend|compose|let|suggest)\b.{{0,60}}\b(?:weather|football|cricket|joke|movies?|films?|recipe|poem|lottery|horoscope|favou?rite|pizza|restaurants?|election|song|netflix|game|match|olympics|world cup|president|capital of|lunch|dinner|breakfast|weekend|bitcoin|religion|politic\w+|married|girlfriend|boyfriend|pets?|cats?|dogs?|zodiac|riddle|haiku|meaning of life|aliens|god|celebrity|music|band)\b.{{0,40}}",
            r"(?:it is|it was) (?:raining|snowing|sunny|hot|cold|very hot|freezing|so hot|so cold)\b.{0,40}|my (?:cat|dog|kid|neighbou?r|parrot|toddler)\b.{0,40}",
            r"(?:nice|lovely|good) (?:weather|day)(?: \w+){0,4}|happy (?:birthday|new year|diwali|christmas|holidays|eid)(?: \w+){0,4}",
        ),
    ),
    (
        "candidate_question",
        any_of(
            rf"(?!(?:what|how|which|why|when|where) (?:i|we)\b)(?={_asking}\b).{{0,90}}\b{_person}\b.{{0,60}}",
            rf"(?:i (?:would like to|want to|wanted to|am curious to) (?:know|ask|hear)|tell me|curious)\b.{{0,50}}\b{_person}\b.{{0,60}}",
            rf"do you (?:use|offer|have|do|provide|allow|hire|run|practi[cs]e|support|pay)\b(?! in mind).{{0,60}}|how am i (?:doing|performing){_small}(?: far)?|how did i do{_small}|when (?:will|do|can) i (?:hear|know|get|start|expect)\b.{{0,50}}|(?:are|r) you (?:an? )?(?:ai|bot|human|robot|machine|real|chatgpt)\b.{{0,30}}|is (?:this|it) (?:an? )?(?:ai|bot|human|robot|automated)\b.{{0,30}}|(?:do|will|can) (?:i|you|we) (?:get|give|share|receive)\b.{{0,20}}\b(?:feedback|results?|scores?|report|copy)\b.{{0,30}}|how many (?:more )?(?:questions?|rounds|people)\b.{{0,40}}|how (?:much time|long)\b.{{0,10}}\b(?:do i have|left|remain\w*|is (?:this|the interview|it going)|will (?:this|it)|do we have|does (?:this|it|the interview))\b.{{0,30}}",
        ),
    ),
)
"""What a short clause says as a whole, put plainly."""

WITHIN: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        "distress",
        any_of(
            rf"\bi (?:am|feel|am feeling|have been feeling|am getting)(?: (?:so|very|too|really|extremely|quite|a bit|a little|little|just|pretty|absolutely|kind|of|like|i|am|going|to)){{0,5}} (?:not (?:feeling |doing )?(?:(?:so |too |very )?(?:well|good)(?!{_skill})|myself|in (?:a|the) (?:good|right) (?:\w+ )?(?:state|place|mood))|unwell|sick(?! of\b)|ill|nauseous|dizzy|faint|panick\w*|overwhelmed|upset|anxious|nervous|stressed|depressed|shaking|trembling|crying|cry|(?:low|terrible|awful|miserable|hopeless)(?!{_skill})|burn(?:ed|t) out|scared|heartbroken|suicidal|vomit|throw up)\b",
            r"\bi (?:do|did) not feel (?:very |so |too )?(?:well|good|ok|myself)\b(?! (?:about|at|enough|to|when it comes)\b)|^feeling (?:\w+ )?(?:dizzy|sick|unwell|faint|low|ill|awful|terrible|anxious)\b|^not (?:feeling )?(?:well|myself)\b",
            r"^i am (?:not|no) ?(?:ok(?:ay)?|fine|alright|good)?$|\b(?:having|have|had) (?:a |an |another )?(?:panic|anxiety) attack|\bpanic attack\b|\bmy (?:anxiety|panic|depression|chest|head|blood pressure|hands? (?:is|are))\b.{0,30}\b(?:through the roof|hurts?|killing|acting up|trembling|shaking|pain\w*|attack|bad|high|spinning|pounding)\b",
            r"\bi (?:have|have got|got) (?:a |an |such a )?(?:\w+ ){0,2}(?:migraine|fever|headache|stomach ?ache|nausea|covid|flu)\b",
            r"\bi cannot (?:do this(?: any ?more)?$|breathe|cope|think straight|take (?:this|it) any ?more|stop (?:crying|shaking)|concentrate|focus)",
            rf"\bmy (?:\w+ )?{_family}\b.{{0,25}}\b(?:died|passed away|is dying|is in (?:the )?(?:hospital|icu)|in hospital|had an accident|was in an accident|had a stroke|heart attack|is very (?:ill|sick))\b",
            rf"\b(?:death|funeral|bereavement|emergency) (?:in|of) (?:the|my) (?:{_family}|family)|\bfamily emergency|\blost my {_family}\b|\bmiscarriage\b",
            r"\b(?:terrible|bad|awful|horrible|sad) news (?:this morning|today|yesterday|last night|from home)|\btoo much for me\b|\b(?:about|feel like|want) (?:to cry|crying|to die)\b|\bin tears\b|\bbreaking down\b",
        ),
    ),
    (
        "abuse",
        any_of(
            r"\bf+u+c*k+ (?:you|off|your\w*|this bot)\b|\bgo (?:fuck|screw) yourself|\bfuck\w* (?:bot|machine|idiot|thing|useless|stupid)|\bstfu\b|\bgtfo\b|\bpiece of (?:shit|crap|garbage|junk)\b|\bgo to hell\b|\bscrew you\b|\bshut (?:the \w+ )?up\b|\bshut your \w+|^f+ (?:you|off)\b|^you (?:all )?suck\b|\bkill yourself\b|\bdrop dead\b|\basshole\b|\bbitch\b|\bbastard\b|\bdickhead\b|\bwanker\b",
            r"^(?:you|this|the|such|what|bloody|fucking|you are|this is)(?: (?:are|is|a|an|such|so|complete|total|absolute|fucking|bloody|damn|really|machine|bot|thing|ai|interviewer|interview)){0,5} (?:stupid|useless|dumb|worthless|idiot\w*|moron\w*|pathetic|garbage|trash|rubbish|crap|shit|imbecile|retard\w*|joke|braindead|clown)(?: (?:\w+ ?){0,6})?$",
            r"^(?:stupid|useless|dumb|worthless|bloody|fucking|idiotic|pathetic|damn) (?:\w+ )?(?:bot|machine|ai|robot|thing|computer|interviewer|program|software|idiot)\b|^(?:idiot|moron|loser|dumbass)s?(?: \w+){0,2}$",
        ),
    ),
    (
        "technical_problem",
        any_of(
            rf"\b(?:my|your) (?:\w+ )?{_device}(?: (?:is|was|has|have|had|keeps?|got|just|seems?|been|to|be|very|so|too|getting)){{0,4}} {_broken}\b",
            rf"^(?:the |this |there (?:is|was) (?:some |a |an )?)?{_device}(?: (?:is|was|has|had|keeps?|got|seems?|been|to|be|very|so|too|getting|went)){{0,4}} {_broken}(?: (?:again|for|a|the|while|minute|second|bit|suddenly|on|me|at|my|end|side|sometimes|back|i|am|it|up|working|properly|very|so|loading|responding|every|few|too)){{0,6}}$",
            r"^(?:i )?(?:cannot|could not|am not able to|am unable to) (?:see|read|hear|scroll|type|send|open|load|click|submit|view|paste)\b(?: \w+){0,9}$",
            r"^(?:i )?(?:got|was|am|getting|keep getting|been|have been) (?:disconnected|kicked out|logged out|cut off|thrown out|an error|a blank)\b|^i (?:have )?lost (?:my |the )?(?:connection|internet|signal|network|power|wifi)\b|^lost (?:my |the )?(?:connection|internet|signal)\b",
            r"^(?:it|this|the page|the site|the screen) (?:says|shows|gives|is showing|is giving|displays) (?:me )?(?:an? )?(?:error|blank|\d{3}|server|loading|404|500)",
            r"^(?:my|the|your) (?:last )?(?:message|answer|response|question|text)s? (?:did|does|was|is|has|have|are|will|got) ?(?:not|cut|lost|vanish\w*|disappear\w*|deleted)(?: (?:go|gone|going|sent|send|sending|through|submitted|show|showing|appear\w*|load\w*|saved|off|been|being)){0,4}",
            r"^power (?:cut|outage|failure|went|is)\b|^(?:network|connection|connectivity|technical|internet) (?:issues?|problems?|error|trouble|glitch)\b|^(?:there is |having |i have |i am having |facing |we have |i am facing )(?:some |a |an )?(?:network|connection|connectivity|technical|internet|tech)(?: \w+)? (?:issues?|problems?|error|trouble|glitch\w*|difficult\w+)",
        ),
    ),
    (
        "amend",
        any_of(
            r"^(?:oh )?(?:one more thing|one (?:more |last )?addition|i forgot to (?:say|mention|add|tell|write|include)|forgot to (?:say|mention|add|tell|write|include)|i (?:should|wanted to|want to|would like to|need to|must|have to) (?:have )?(?:add|added|correct|mention(?:ed)? (?:earlier|before|that before))|let me (?:add|correct|revise|fix|amend|change))\b(?! (?:constraints?|tests?|index\w*|columns?|rows?|a (?:check|test|column))\b)",
            r"^(?:i (?:would like|want|need|have) to |can i |could i |may i |let me )?(?:add|adding|change|changing|correct|correcting|revise|amend|append|update|edit|fix|rectify|go back|come back|going back|coming back|return|returning)(?: (?:something|one thing|this|that|a|point|one))?(?: (?:to|in|on|about))? (?:my|the|that|what i said|what i wrote) ?(?:last|previous|earlier|first|prior|second|above)? ?(?:answer|reply|response|point|message|question|one|before|earlier|statement)?\b.*?(?:answer|reply|response|point|message|said|earlier|before|question|statement|one)\b",
            r"^(?:to add to|adding to|add to|regarding|about|on|for) (?:what i said|my (?:last|previous|earlier|first|prior) (?:answer|reply|response|point))\b|^(?:correction|edit|edited|addendum|typo)\b(?= \w)|^(?:wait )?(?:in )?my (?:last|previous|earlier|first|prior|above) (?:answer|reply|response|message)\b",
            r"^i (?:misspoke|mis spoke|mistyped|made a mistake|was wrong|made an error|meant)\b(?: \w+){0,2} (?:earlier|before|above|in my|about|not|and not|instead)\b",
        ),
    ),
    (
        "stop",
        any_of(
            f"\b(?:stop|end|quit|finish|leave|cancel|abort|terminate|conclude) (?:the|this|our|my) (?:interview|application)\b|\bwithdraw (?:my|from the) (?:application|candidacy|interview|process)\b|\b(?:not|no longer) (?:wish|want|like) to (?:continue|proceed|go)(?: \\w+){0, 3} (?:interview|process)\b"
        ),
    ),
)
"""What a clause of any length says by some of its words, put plainly."""

CUES: tuple[tuple[Intent, re.Pattern[str]], ...] = (("steering", STEERING), *WITHIN)
"""Cues that may be looked for in a text; steering in the text as it is written."""

FILLER = re.compile(
    r"^\W*(?:sorry|apologies|my bad|hm+|ok(?:ay)?|thanks|thank you|hello|hi|good (?:morning|afternoon|evening)|great question|good question|haha+|i (?:really )?(?:need|want|deserve) (?:this|the) (?:job|position|role))\b[^.!?]{0,30}[.!?]?$",
    re.I,
)
REPORTED = re.compile(
    r"\b(?:said|says|say|saying|told|tells|asked|asks|screamed|yelled|called|calls|wrote|writes|shouted|shouts|insists?|insisted|replied|if (?:some\w+|he|she|they|an?|the)|when (?:some\w+|he|she|they|people|users?)|users? who)\b",
    re.I,
)
"""What stands before somebody else's words."""
DENIED = re.compile(
    r"\b(?:do not|did not|does not|never|no longer|without|will not|would not) (?:need|want|require|like|ask|use|wish)\b|\bno need\b",
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
    r"\b(?:(?:read|check|look (?:it |this |that )?(?:up|at|in|into)|search|consult|go (?:to|through)|open|google)\b[^.]{0,40}\b(?:doc\w*|manual|source|code|logs?|spec\w*|reference|web|online|book|release notes|plan|metrics)|ask (?:a |my |our |the |some |an )?(?:\w+ )?(?:colleague|team|expert|owner|lead|engineer|someone|somebody|peer|dba|people|person)\w*|(?:try|test|experiment|reproduce|prototype|measure|benchmark|profile|run (?:a|an|it|the) (?:\w+ )?(?:test|experiment|query|example|explain))\w*)\b",
    re.I,
)

NERVES = re.compile(r"\b(?:nervous|anxious|stressed|shaky|shaking a (?:little|bit))\b")
"""What many people are in an interview."""
