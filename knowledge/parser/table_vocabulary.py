"""The words by which columns of tables, and the signs and rungs in them, are recognised."""

from knowledge.parser.vocabulary import Listed, listed

# The name of a column, in whole; what is not here may still be a label (see `vocabulary`).
COLUMNS: Listed = listed(
    number=r"\#|no\.?|nr\.?|id|ref\.?|number|q ?\#|question (no|id|number|\#)\.?|row|item (no|\#)",
    they_ask=r"""
        (questions? )?(they|candidates?)( (may|might|can|could|often|will|usually))? asks?( us)?
        (candidate['’]?s? )questions?
        questions? (from|by) (the )?candidates?""",
    retired=r"""
        (used|asked|valid|in use) until
        (retired|archived|withdrawn|dropped|discontinued|expired)( (on|at|in|since|reason))?
        no longer (used|asked|in use)( since)?""",
    hint=r"""
        (hints?|nudges?|help|prompts? if stuck)( \d)?
        (if|when) (they|the candidate)( (are|is|get|gets))? (hesitates?|struggles?|stuck)""",
    follow_up=r"""
        (possible |optional )?follow[ -]?ups?( .*)?
        (further|second|third|additional) questions?
        prob(e|es|ing)( .*)?
        (go|going|dig|digging) deeper( .*)?
        (then|next|also) ask
        if (they|needed|time).*""",
    advice=r"(interviewer )?(notes?|comments?|remarks?|guidance|tips?|instructions?)( .*)?",
    negative=r"""
        (be )?(wary|careful|aware) of
        (watch|look) out( for)?|watch for
        (weak|poor|bad|unsatisfactory|negative)( .*)?
        (what )?(weak|poor|bad) (looks|sounds) like
        not (acceptable|accepted|okay|ok)
        (evidence|signs?) of (ineffectiveness|ineffective .*|weakness(es)?|concern)
        what we (don['’]t|do not) (want|like|hope|wish).*
        (less|not) (convincing|good enough)""",
    positive=r"""
        (what )?(good|great|strong|excellent) (looks|sounds) like
        (what )?(we|you) (want|hope|like|love|expect|are hoping)( to)? (see|hear|find)
        (what (to )?)?(listen|look)(ing)?( out)? for
        (good|great|strong|positive)( .*)?
        evidence of (effectiveness|effective .*|strengths?|success)
        (positive )?(evidence|signals?|indicators?|(observable )?behaviou?rs?)
        how (it|this|that|we) (shows?|looks?|sees?)( .*)?
        what (it|this) looks like( .*)?""",
    at_level=r"(junior|mid|middle|senior|staff|principal)([ -](level|answers?|engineers?))?",
    level=r"""
        (target |min(imum)? |for |seniority )?(levels?|lvl|seniority|grade|difficulty|band)
        sen\.?|diff\.?""",
    minutes=r"""
        (time|duration|length|timing|how long)( .*)?
        (.* )?min(ute)?s?( .*)?
        clock|when""",
    weight=r"""
        (.* )?weight(s|ing|age)?( .*)?
        %|share|importance|max(imum|\.)? (points|score|marks)|points available""",
    kind=r"((question|interview) )?(type|kind|format)( of question)?",
    critical=r"""
        critical|knock[ -]?out|deal[ -]?breaker|severity|must[ -]have|essential|blocker
        .*\b(critical|knock[ -]?out|deal[ -]?breaker)\?""",
    definition=r"""
        definitions?|descriptions?|meaning|explanations?|in (other )?words|details?
        what (it|this|that)( is|['’]s)?( about| means?)?
        what (it )?means?( .*)?""",
    competency=r"""
        ((core|key) )?(competenc(y|ies)|capabilit(y|ies)|attributes?|qualit(y|ies))
        traits?|dimensions?
        (competenc(y|ies)|skills?|values?|behaviou?rs?) (tested|assessed|measured|area|being .*)
        (our |company )?values|(our|company) value
        criteri(on|a)
        what we (mark|score|grade|assess|measure|rate|look at)""",
    topic=r"""
        topics?|category|categories|areas?|skills?( area)?|themes?|subjects?|sections?
        domains?|block""",
    score=r"value|scores?|ratings?|marks?|points?|grades?|rungs?",
    question=r"""
        (?!.*\b(number|no|id|type|kind|topic|category)\b).*\bquestions?\b.*
        q|prompts?|(what )?(we|you|to) ask|ask( them)?|scenario""",
)

# What a cell says of its row: that it speaks for a candidate, or against.
SIGN_WORDS: Listed = listed(
    negative=r"negative|bad|minus|against|con|red|weak",
    positive=r"positive|good|plus|for|pro|green|strong",
)

# What the rungs of a scale are called, the narrow ones first.
RUNGS: Listed = listed(
    exceeds=r"""
        (strong|definite|clear|enthusiastic) (hire|yes)
        (well )?(above|exceeds?)\b.*
        outstanding|exceptional|excellent|expert|mastery|great|(very )?strong|very good""",
    below=r"""
        (strong|definite|clear|lean(ing)?|weak)? ?(no|not?)[ -]?(hire)?
        (strong|definite|clear|lean(ing)?)? ?(reject|decline)
        (does not|not yet|doesn['’]t|fails to|partly) meet.*
        (well )?below\b.*
        not (yet|there yet|ready)( .*)?
        poor|weak|unsatisfactory|insufficient|inadequate|not (yet )?(demonstrated|shown|safe|there)
        needs (improvement|work|development)|concern""",
    meets=r"""
        (lean(ing)? )?(hire|yes)
        meets?\b.*
        solid|good|ok(ay)?|average|medium|satisfactory|acceptable|proficient|competent
        adequate|sufficient|safe|as expected""",
)
