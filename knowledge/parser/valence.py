"""Titles that say what a team likes or fears to hear, in whatever words it does.

Not the phrase is known but its tone: "Walk away if you hear" warns, "Warm to" approves, and
"Concerns and reassurances" does both and so tells nothing.
"""

import re
from collections.abc import Iterable
from typing import Literal

from knowledge.atoms import Polarity
from knowledge.parser.languages import SPOKEN
from knowledge.parser.titles import Title
from knowledge.parser.vocabulary import phrases
from knowledge.parser.wording import Meaning, title_purpose

NOT = r"(?:not|no|never|hardly|less|too|do not|don['’]t|doesn['’]t|didn['’]t|isn['’]t)"
LIKES = phrases(
    r"""
    \b(love[sd]?|likes? (to|about)|we like|warms?|delight\w*)\b
    \b(impress\w*|excit\w+|encourag\w+|reassur\w+)\b
    \b(hop(e|ing)s? (to|for)|nice to (see|hear|have)|promising)\b
    \b((good|great|glad|happy|want) to (see|hear))\b
    \b(welcome|wins us|stands? out|thumbs up|yes if|hire if|lean in|bonus(es)?|applaud|celebrate)\b
    ^(plus(es)?|pros?|green|expect(ed)?|upsides?|strengths?)$"""
)
FEARS = phrases(
    r"""
    \b(worr(y|ie[sd]|ying|isome)|concern\w*|beware|wary|alarm\w*)\b
    \b(danger\w*|nervous|hesita\w+|doubt\w*|fears?|dislikes?)\b
    \b(walk (away|out)|run away|turn (them )?down|put us off|puts us off)\b
    \b(turns us off|thumbs down|careful|caution)\b
    \b(stop signs?|no[- ]?gos?|warn(s|ings?)|red lights?|deal[- ]?break\w*)\b
    \b(disqualif\w*|reject\w*|pass (on|if)|cringe)\b
    ^(minus(es)?|cons?|red|downsides?|weakness(es)?)$"""
)
DENIED = re.compile(
    rf"\b{NOT}\s+(?:(?:so|very|as|quite|hire|want|like|love|wish|hope|good|great|welcome|expect|to|see|hear)\b\s*)+",
    re.I,
)
MOST_WORDS = 7
HOLDS = (None, "statements", "topics", "prose", "lines", "orders")


def tone(said: str) -> Polarity | Literal[False] | None:
    """What a title likes or fears: a polarity, False for both at once, none for neither."""
    if len(said.split()) > MOST_WORDS or "?" in said:
        return None
    denied = bool(DENIED.search(said))
    rest = DENIED.sub("", said).strip()
    against = denied or bool(FEARS.search(rest)) or _other("fears", said)
    favours = bool(rest and LIKES.search(rest)) or _other("likes", said)
    if against and favours:
        return False
    return "negative" if against else "positive" if favours else None


def _other(which: str, said: str) -> bool:
    return any(getattr(language, which).search(said) for language in SPOKEN.get())


def toned(titles: Iterable[Title]) -> dict[str, Meaning | None]:
    """What the titles of unknown wording mean by their tone, in small letters.

    Nothing stands for a title that speaks of both: it must not be given either meaning. One word
    alone is too little: "Plus" approves only where there is a "Minus" too.
    """
    found: dict[str, Meaning | None] = {}
    for each in titles:
        key = each.text.casefold()
        if key in found or each.holds not in HOLDS or title_purpose(each.text):
            continue
        heard = tone(each.text)
        if heard is not None:
            found[key] = Meaning(heard) if heard else None
    both = len({meant.purpose for meant in found.values() if meant}) > 1
    return {key: meant for key, meant in found.items() if both or " " in key or not meant}
