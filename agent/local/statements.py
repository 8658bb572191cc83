"""Whose statement a sentence is, and whether it says or denies: what likeness cannot see."""

import re
from functools import lru_cache

from agent.local.opposites import opposites, other_number
from agent.wording import stems

_flags = re.IGNORECASE
_negators = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|nowhere|without|neither|nor|cannot|hardly|rarely|seldom|"
    r"avoid\w*|refus\w+|stop(?:ped|s)? (?:doing|using)|instead of|rather than|lack(?:s|ing)?|missing|"
    r"fail(?:s|ed)? to|poor|ignor\w+|skip\w*|dismiss\w*|neglect\w*|overlook\w*|disregard\w*|gloss\w* over|too (?:\w+ )?to|far from|un(?:able|willing)|"
    r"un(?!der|til|it|ion|iqu|less|expect|i)\w+ed)\b|n['’]t\b",
    _flags,
)
_idle = re.compile(
    r"\b(?:not only|no doubt|no matter|nothing but|not just|no longer than|without a doubt|why not|"
    r"not least|no wonder|can(?:no|['’])t stand|no idea)\b",
    _flags,
)
"""Words that look like a denial and are none."""
_quoted = re.compile(r"[\"“«][^\"”»]{4,}[\"”»]|(?<!\w)['‘][^'’]{12,}['’](?!\w)")
_abandoned = re.compile(
    r"\b(?:used to|back then|in the past|years ago|in the early days|early on|previously|formerly|"
    r"at first|at one time|no longer|any ?more|not proud|learned (?:not )?to|unlearn\w*|"
    r"(?:had|was|were|been) (?:once|taught|trained|told)|(?:i|we) once|once(?:,| (?:i|we|had|thought))|"
    r"in my (?:\w+ )?(?:first|early|younger)|(?:at|in) my (?:old|previous|last|former|first)|"
    r"as a (?:student|junior|trainee|beginner|child|young)|when i (?:started|was|joined|began|came)|"
    r"before (?:i|we) (?:joined|came|arrived|started)|for a while|last (?:year|job)|had been)\b"
    r"|\bsince then\b|\bever since\b",
    _flags,
)
_was = (
    r"\b(?:was|were|had|did|used|once|went|came|took|gave|thought|kept|made|told|left|ran|threw|wrote|"
    r"sold|put|said|knew|began|(?!need|feed|speed|exceed|proceed|indeed)[a-z]{2,}ed)\b"
)
_turned = re.compile(
    rf"{_was}[^.]*\b(?:until|till|before i)\b"
    rf"|{_was}[^.]*(?:[,;]|\band\b|\bbut\b)(?:(?!\b(?:because|since|as)\b)[^.])*"
    r"\b(?:now|today|these days|nowadays|by now|here i)\b",
    _flags,
)
_person = (
    r"(?:colleagues?|co-?workers?|managers?|boss(?:es)?|leads?|heads?|predecessors?|vendors?|suppliers?|"
    r"providers?|consultants?|contractors?|agenc(?:y|ies)|compan(?:y|ies)|firms?|start-?ups?|teams?|squads?|"
    r"departments?|management|people|persons?|folks|staff|rep|reps|juniors?|seniors?|interns?|students?|nurses?|"
    r"doctors?|teachers?|analysts?|engineers?|developers?|designers?|architects?|directors?|founders?|owners?|"
    r"customers?|clients?|partners?|users?|agents?|shifts?|banks?|competitors?|friends?|auditors?|"
    r"candidates?|book|article|blog|speaker|\w+(?:man|men|woman|women|people))"
)
_determiner = (
    r"(?:my|our|your|his|her|their|the|a|an|some|many|most|other|another|several|few|half of(?: the)?|"
    r"all(?: the)?|one|two|three|that|this|those|these|good|certain|old(?:er)?)"
)
_others_first = re.compile(
    rf"^\W*(?:[\w'’ ]{{0,28}},\s*)?(?:(?:in|at|on|with|before|from) [\w' ]{{2,24}}?\s)?(?:"
    rf"(?:{_determiner} )(?:[\w'’-]+ ){{0,4}}?{_person}\b(?!['’]s)|{_person}\b(?!['’]s)"
    r"|(?:they|he|she|someone|somebody|you|one)\b(?! of us))",
    _flags,
)
_reported = re.compile(
    r"\b(?:said|says|told|tells|suggest(?:s|ed)|advis(?:es|ed)|claim(?:s|ed)|think(?:s)?|thought|"
    r"insist(?:s|ed)|like to (?:say|claim)|wrote|argue[sd]?)\b",
    _flags,
)
_counterfactual = re.compile(
    r"\bif (?:i|we|it|there|they|he|she|you|one|every(?:one|body)|some(?:one|body)|nobody|the|our|my)\b"
    r".{0,160}?\b(?:would|could|might)\b|\b(?:suppose|imagine|hypothetically|let'?s say|in theory)\b"
    r"|\bit (?:would|could|might) be\b|\b(?:one|you|somebody|someone|everybody|everyone) (?:should|would|could|ought|"
    r"might)\b|\b(?:should|ought to) (?:be|not|have|\w+)\b",
    _flags,
)
_supposed = re.compile(
    r"\b(?:i|we|it|that|they|you) (?:\w+ )?(?:would|could|might)\b|\b(?:i|we)['’]d\b|\bunless\b",
    _flags,
)
_self = re.compile(r"\b(?:i|we|my|our|me|us|mine|ours|myself|ourselves)\b|\bi['’]", _flags)
_self_acts = re.compile(
    r"\b(?:i|we)\b|\bi['’]|\b(?:all|each|every one|both|two|three|none) of us\b|\bwith us\b"
    rf"|\b(?:my|our) (?!(?:[\w'-]+ ){{0,2}}{_person}\b)\w+",
    _flags,
)
_careless = re.compile(
    r"\b(?:(?:do(?:es)?n['’]t|not) (?:care|matter|need|bother|mind)|not (?:my|our|the) (?:\w+ )?"
    r"(?:problem|job|business|concern|fault)|too (?:long|slow|much)|waste of|no time|nobody|anyway|"
    r"whatever|simply|just|right away|straight|enough|fault|easier|quick\w*|convenient|otherwise|"
    r"as it is|no (?:point|idea)|i know|by feeling|gut)\b",
    _flags,
)
_careful = re.compile(
    r"\b(?:before (?:i|we|any|it|every)|make sure|first|each|every|only after|twice|openly|check\w*|"
    r"ask\w*|compar\w+|review\w*|tell|explain|responsible|together|notes?|trac(?:e|ing)|until)\b",
    _flags,
)
_lacking = re.compile(
    r"(?:(?:has|have|shows|gives|with|is) )?(?:no|not|lack|lacks|lacking|missing|without|cannot|can['’]t|"
    r"unable|fails?|does not|doesn['’]t|never|little|poor|insufficient|struggles)\b",
    _flags,
)
_speaking = re.compile(r"\b(?:i|we)\b", _flags)
_clauses = re.compile(r"[,;:]|\b(?:because|since|so that|even if|although|but)\b", _flags)
_joints = re.compile(
    r"[,;:]|\b(?:because|since|so|even if|although|though|but|while|when|if|as|once|whenever|until|"
    r"till|unless|before|except|where|which|who)\b",
    _flags,
)
_little = stems("never none nobody nothing nowhere neither cannot hardly rarely seldom")
_subordinate = re.compile(
    r"\s*(?:when|if|as|once|whenever|although|while|after|before|on|in|at)\b", _flags
)
_left_out = re.compile(r"\b(?:without|before|instead|rather|and not)\b", _flags)
MAIN_WORDS = 3
SHARED = 0.5
"""Share of a statement's words that a sentence has to repeat to speak of the same thing."""
REACH = 4
"""How many words after a denial it speaks of."""


def plain(sentence: str) -> str:
    """The sentence without what it quotes."""
    return _quoted.sub(" ", sentence)


@lru_cache(maxsize=8192)
def denials(text: str) -> int:
    """How many words deny, refuse or miss something."""
    return len(_negators.findall(_idle.sub(" ", text)))


def negated(text: str) -> bool:
    """Whether the sentence denies, refuses or misses something."""
    return denials(text) > 0


def leaves_out(statement: str) -> bool:
    """Whether an indicator is about something left out: "ignores", "without", "no"."""
    return denials(statement) > 0


@lru_cache(maxsize=8192)
def main_clause(sentence: str) -> str:
    """What the sentence says first, without a clause before it or what follows a comma."""
    clauses = [part for part in _clauses.split(plain(sentence)) if len(part.split()) >= MAIN_WORDS]
    return next((part for part in clauses if not _subordinate.match(part)), sentence)


def refused(statement: str, sentence: str) -> bool:
    """The sentence denies what the statement says is done.

    "I don't drop rows before I ask" refuses "drops rows without asking": both hold a denial.
    """
    done = stems(_left_out.split(_negators.split(statement)[0])[0])
    said = _idle.sub(" ", sentence)
    found = _negators.search(said)
    return bool(found and done & stems(" ".join(said[found.end() :].split()[:REACH])))


def says_the_same(statement: str, sentence: str) -> bool:
    """Whether both deny or neither does: a denial of a denial ("never without") says yes."""
    if refused(statement, sentence):
        return False
    if leaves_out(statement):
        return denials(sentence) % 2 == 1
    return denials(main_clause(sentence)) == 0


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence, the subordinate ones too; at least one."""
    return [part for part in _joints.split(sentence) if part.strip()] or [sentence]


@lru_cache(maxsize=8192)
def after_denial(text: str) -> frozenset[str]:
    """Stems of what the first denial speaks of, with its own where it has one ("ignores")."""
    said = _idle.sub(" ", text)
    found = _negators.search(said)
    if not found:
        return frozenset()
    own = frozenset[str]() if found.group().endswith("t") else stems(found.group())
    return (own | stems(said[found.end() :])) - _little


def of_themselves(text: str) -> bool:
    """Whether it speaks of "I", "we", "my" or "our"."""
    return bool(_self.search(plain(text)))


def agrees_in_sign(statement: str, sentence: str) -> bool:
    """Both deny or neither does: "we never edit by hand" is not "edits by hand".

    A statement's sign may be that of its beginning alone: "removes duplicates without asking why"
    says that something is done. Nor may the sentence turn the statement's own words round.
    """
    said = denials(sentence)
    beginning = " ".join(statement.split()[:MAIN_WORDS])
    alike = denials(statement) % 2 == said % 2 or negated(beginning) == (said > 0)
    return alike and not denies(statement, sentence)


def lacking(statement: str) -> bool:
    """The statement is about something that is not there: "no mention of testing"."""
    return bool(_lacking.match(statement.strip()))


@lru_cache(maxsize=8192)
def careless(sentence: str) -> bool:
    """The tone of somebody who takes the short way: "that is enough", "I just"."""
    return bool(_careless.search(sentence))


@lru_cache(maxsize=8192)
def careful(sentence: str) -> bool:
    """The tone of somebody who looks first: "I check", "before I"."""
    return bool(_careful.search(sentence))


@lru_cache(maxsize=8192)
def in_first_person(sentence: str) -> bool:
    """Says "I" or "we"."""
    return bool(_speaking.search(plain(sentence)))


def asks(sentence: str) -> bool:
    """A question states nothing."""
    return sentence.rstrip().rstrip("\"'”’)").endswith("?")


def quotes(sentence: str) -> bool:
    """Some of the words are somebody else's."""
    return bool(_quoted.search(sentence))


def of_others(sentence: str) -> bool:
    """Tells what other people do or say, and not what the candidate does."""
    said = plain(sentence)
    if not _others_first.search(said):
        return False
    return not _self_acts.search(said) or bool(_reported.search(said[:60]))


def abandoned(sentence: str) -> bool:
    """A practice the candidate has left: "used to", "until", "now we"."""
    return bool(_abandoned.search(sentence) or _turned.search(sentence))


def counterfactual(sentence: str) -> bool:
    """What would be if, or what one should do; not what somebody does or would do."""
    return bool(_counterfactual.search(sentence))


def own_and_present(sentence: str) -> bool:
    """The candidate's own practice or knowledge, now: the only thing a red flag may stand on."""
    if not own(sentence) or not _self.search(plain(sentence)):
        return False
    return not (abandoned(sentence) or _supposed.search(sentence))


def own(sentence: str) -> bool:
    """The candidate speaks of what they do, did or would do, not of what others do."""
    return not (
        asks(sentence) or quotes(sentence) or of_others(sentence) or counterfactual(sentence)
    )


def denies(statement: str, sentence: str) -> bool:
    """Whether the sentence says the same of the same thing with the sign turned round.

    It has to repeat half of the statement's informative words, and then differ by one denial, one
    pair of opposites or a number of the same unit. Two turns cancel: "not after" is "before".
    """
    if asks(sentence) or of_others(sentence) or counterfactual(sentence):
        return False
    wanted, said = stems(statement), stems(sentence)
    shared = sum(any(alike(word, other) for other in said) for word in wanted)
    if shared < max(2, SHARED * len(wanted)):
        return False
    turns = (denials(statement) + denials(sentence)) % 2 + opposites(statement, sentence)
    return turns % 2 == 1 or (turns == 0 and other_number(statement, sentence))


def alike(one: str, other: str) -> bool:
    """Whether two stems are one word. They are rough: "commit" is "committ", "proces" is "process"."""
    short, long = sorted((one, other), key=len)
    return one == other or (
        len(short) >= 4 and long.startswith(short) and len(long) - len(short) < 3
    )
