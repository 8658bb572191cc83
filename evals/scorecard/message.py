"""Rules about one message: how long, how many questions, in which words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from agent.draft import MOST_WORDS, said_before
from agent.events import Heard, Said, Understood
from agent.hearing import sentences
from agent.wording import stems
from evals.scorecard.finding import Found, Rule
from evals.scorecard.view import PUTS, View

ASKING = PUTS | {"clarification"}
MAY_REPEAT = {"clarification", "time", "hint", "reply"}
"""What is said again on the candidate's own wish, or with the clock."""

_quoted = re.compile(r"[\"“][^\"”\n]{0,600}[\"”]")
_second_question = re.compile(
    r"(?:,|;|\band)\s+(?:(?:and|or|also)\s+)?(?:how|what|when|which|who|whom|where|by what)\b"
    r"(?=[^?]*\?)|\?\s*(?:and|or)\b[^?]*\?",
    re.IGNORECASE,
)
_first_question = re.compile(
    r"\b(?:how|what|why|when|which|who|whom|where)\b[^,;?]*"
    r"\b(?:do|does|did|is|are|was|were|can|could|would|will|should|have|has|goes|go)\b",
    re.IGNORECASE,
)
_leading = re.compile(
    r"\b(?:don'?t|wouldn'?t|isn'?t|aren'?t|won'?t|couldn'?t|shouldn'?t|didn'?t|haven'?t) "
    r"(?:you|it|that|they|we)\b[^.!]*\?|, (?:right|correct|yes|no|ok(?:ay)?)\?"
    r"|\b(?:surely|obviously|of course|as we all know|needless to say|clearly,|i (?:assume|suppose|"
    r"take it|guess|bet|am sure|'m sure) (?:that )?you|you would agree|would you agree|"
    r"do you agree)\b",
    re.IGNORECASE,
)
_begins = r"^(?:[^:?]{0,40}: )?(?:so |and |but |then |now )?"
_yes_or_no = re.compile(
    _begins + r"(?:do|does|did|is|are|was|were|have|has|had|can|could|would|will|should|must)"
    r"n?'?t? (?:you|it|that|this|there|they|your|the|we|i|one|somebody)\b"
    r"(?!.*\bor\b)[^?]*\?$",
    re.IGNORECASE,
)
_request = re.compile(
    _begins + r"(?:can|could|would|will) you (?:please |briefly |also )?"
    r"(?:tell|describe|explain|walk|talk|take|give|name|say|share|think|outline|sketch|show|list|"
    r"elaborate|expand)\b",
    re.IGNORECASE,
)
_praise = re.compile(
    r"\b(?:great|excellent|perfect(?:ly)?|impressive|impressed|brilliant\w*|awesome|amazing\w*|"
    r"fantastic|wonderful|superb|outstanding|bravo|kudos|congrat\w*|spot[- ]on|insightful|"
    r"well (?:done|said|put|explained|answered)|nicely|nice (?:answer|one|point|work|job|idea)|"
    r"(?:very |really |that'?s |is a |was a )good\b(?! at)|good (?:answer|point|job|work|idea|"
    r"thinking|thought|explanation|example|call|start|one|approach)|strong (?:answer|point)|"
    r"weak (?:answer|point)|solid (?:answer|point)|fair point|makes sense|i (?:dis)?agree|"
    r"(?:that|this|it|you|which)(?:'s|'re| is| was| are| were) (?:not |almost |nearly |quite |"
    r"partly |exactly |absolutely |completely |not quite )*(?:right|correct|wrong|incorrect|true|"
    r"false|valid|mistaken|exactly it|missing|incomplete)|not quite|almost there|"
    r"you (?:missed|forgot|left out|failed)|mistaken?|unfortunately|correct!|exactly[.!,]|"
    r"precisely[.!,])|[👍👎👏✅❌🎉💯🌟⭐]",
    re.IGNORECASE,
)
IDIOMS = (
    "ball ?park|rule of thumb|low[- ]hanging fruit|silver bullet|piece of cake|break the ice|"
    "on the same page|hit the ground running|think outside the box|outside the box|deep dive|"
    "drill down|in a nutshell|back to square one|touch base|circle back|move the needle|"
    "boil the ocean|elephant in the room|bite the bullet|cut corners|get the ball rolling|"
    "out of the blue|rings? a bell|shoot from the hip|take a stab|off the top of your head|"
    "bread and butter|can of worms|double[- ]edged|game[- ]changer|heads[- ]up|no[- ]brainer|"
    "ducks in a row|wrap your head|under the hood|war stor(?:y|ies)|gotchas?|nitty[- ]gritty|"
    "sanity check|big picture|at the end of the day|par for the course|up to speed|"
    "pick your brain|pull the plug|on the fly|in the weeds|rabbit hole|walk in the park|"
    "curve ?ball|hang tight|fire away|shoot!|no worries|my bad|hit a wall|keep tabs"
)
_idiom = re.compile(rf"\b(?:{IDIOMS})\b", re.IGNORECASE)
_acknowledges = re.compile(
    r"^(?:so |and |ok(?:ay)?,? |thanks?(?: you)?,? )?(?:you (?:just )?(?:said|say|mention\w*|"
    r"not(?:ed|e)|br(?:ought|ing) up|describ\w+|talk\w* about|told|spoke|named|explain\w*|"
    r"point\w* out|rais\w+|work\w*|use\w*)|i (?:noted?|hear|heard|see)\b)",
    re.IGNORECASE,
)
_small = frozenset(
    "said say mention note brought bring describ talk told spoke name explain point rais work use "
    "used hear heard see now more other thank ok okay just so".split()
)
HELD_BY = 0.5
"""Share of an acknowledgement's telling words that stand in what was said."""


@lru_cache(maxsize=10_000)
def asked_in(text: str) -> tuple[str, ...]:
    """The sentences of a message that ask something; what is quoted is not asked."""
    bare = _quoted.sub(" ", text)
    spans = sentences(bare)
    return tuple(span.text for span in spans if span.text.rstrip(" \"'”)").endswith("?"))


def one_question(view: View) -> Iterator[Found]:
    """A message asks once; so does a turn. What the kit asks twice is the kit's."""
    for said in view.said:
        if said.purpose in {"feedback", "closing"} or _from_documents(said):
            continue
        if len(asked_in(said.text)) > 1:
            own = len(asked_in(view.own(said)))
            kits = said.atom is not None and own == 0
            why = "the kit's own words ask more than once" if kits else "it asks more than once"
            yield Found(said, said.text, why, "look" if kits else "fault")
    for exchange in view.exchanges:
        for said in exchange.puts[1:]:
            yield Found(said, said.text, "a second question in the same turn")


def _from_documents(said: Said) -> bool:
    return said.purpose == "reply" and said.atom is not None


def double_barrelled(view: View) -> Iterator[Found]:
    """One sentence that asks for two things; asking why beside the first is no second one."""
    for said in view.said:
        if said.purpose not in ASKING:
            continue
        for sentence in asked_in(said.text):
            found = _second_question.search(sentence)
            if found and _first_question.search(sentence[: found.start()]):
                yield Found(
                    said, sentence, f"two questions in one sentence{_whose(view, said)}", "look"
                )


def _whose(view: View, said: Said) -> str:
    own = "".join(asked_in(view.own(said)))
    return "" if own else ", in the kit's words"


def length(view: View) -> Iterator[Found]:
    """At most 70 words; where the kit's text alone is longer, the kit is to be mended."""
    for said in view.said:
        words = len(said.text.split())
        if words > MOST_WORDS:
            own = len(view.own(said).split())
            kits = words - own > MOST_WORDS or _from_documents(said)
            why = f"{words} words" + (", most of them the kit's" if kits else "")
            yield Found(said, said.text, why, "look" if kits else "fault")


def says_something(view: View) -> Iterator[Found]:
    """No message is empty."""
    for said in view.said:
        if not any(map(str.isalnum, said.text)):
            yield Found(said, said.text, "an empty message")


def said_twice(view: View) -> Iterator[Found]:
    """No message a second time, unless the candidate or the clock called for it.

    To several questions of theirs the same may have to be said.
    """
    before: dict[str, Said] = {}
    for said in view.said:
        text = " ".join(said.text.casefold().split())
        first = before.setdefault(text, said)
        at_once = first is not said and first.turn == said.turn
        if first is not said and (at_once or said.purpose not in MAY_REPEAT):
            asked_by_them = at_once or said.stage == "wrap_up"
            why = f"said before, at event {first.seq}"
            yield Found(said, said.text, why, "look" if asked_by_them else "fault")


def acknowledged_twice(view: View) -> Iterator[Found]:
    """Never the same acknowledgement: nothing said back in the same words or on the same thing."""
    used: list[str] = []
    for said in view.said:
        for sentence in _acknowledgements(view, said):
            if said_before(sentence, tuple(used)):
                yield Found(said, sentence, "acknowledged so before")
            used.append(sentence)


def _acknowledgements(view: View, said: Said) -> Iterator[str]:
    if said.purpose in PUTS and said.stage in {"probes", "money"}:
        own = view.own_sentences(said)
        yield from (s for s in own if _acknowledges.search(s) and not s.endswith("?"))


def phrase_twice(view: View) -> Iterator[Found]:
    """A phrase before questions that comes again; signposts, which name where we are, may."""
    counted: Counter[str] = Counter()
    names = [name.casefold() for name in view.names]
    for said in view.said:
        if said.purpose not in PUTS or said.stage in {"opening", "wrap_up"}:
            continue
        for sentence in view.own_sentences(said):
            plain = sentence.casefold()
            signpost = any(name in plain for name in names) or plain.endswith(":")
            counted[plain] += not signpost
            if counted[plain] == 2 and not signpost:
                yield Found(said, sentence, "the same phrase once more", "look")


def acknowledges_what_was_said(view: View) -> Iterator[Found]:
    """What is said back was said."""
    heard: set[str] = set(_small)
    for event in view.events:
        if isinstance(event, Heard):
            heard |= stems(event.text)
        elif isinstance(event, Understood):
            named = (mention.technology for mention in event.mentions)
            heard |= set().union(*map(stems, named))
        elif isinstance(event, Said):
            for sentence in _acknowledgements(view, event):
                telling = stems(sentence) - _small
                if telling and len(telling & heard) < HELD_BY * len(telling):
                    yield Found(event, sentence, "the candidate did not say that", "look")


def leading(view: View) -> Iterator[Found]:
    """No question that holds its answer."""
    for said in view.said:
        if said.purpose in ASKING:
            for sentence in asked_in(said.text):
                if found := _leading.search(sentence):
                    why = f'leading: "{found.group().strip()}"{_whose(view, said)}'
                    yield Found(
                        said, sentence, why, "look" if sentence not in view.own(said) else "fault"
                    )


def seeks_a_yes(view: View) -> Iterator[Found]:
    """A question that a yes or a no answers invites a yes; requests and choices do not."""
    for said in view.said:
        if said.purpose in ASKING and said.stage in {"probes", "money"}:
            for sentence in asked_in(said.text):
                if _yes_or_no.match(sentence) and not _request.match(sentence):
                    yield Found(said, sentence, f"a yes answers it{_whose(view, said)}", "look")


def no_praise(view: View) -> Iterator[Found]:
    """In a screen nothing that is said tells how an answer was."""
    if not view.is_screen:
        return
    for said in view.said:
        if _from_documents(said) or said.purpose == "notice":
            continue
        for sentence in view.own_sentences(said):
            found = _praise.search(_without(view.names, sentence))
            if found and not sentence.endswith("?"):
                yield Found(said, sentence, f'praise or a verdict: "{found.group()}"')


def _without(names: Iterable[str], sentence: str) -> str:
    """ "Great Expectations" is a tool and no praise."""
    for name in names:
        sentence = sentence.replace(name, "it")
    return sentence


def plain_words(view: View) -> Iterator[Found]:
    """No idiom of a small list; long words and hard sentences are not looked at."""
    for said in view.said:
        if not _from_documents(said) and (found := _idiom.search(said.text)):
            yield Found(said, said.text, f'an idiom: "{found.group()}"', "look")


RULES = (
    Rule("one question", "a message, and a turn, asks one thing", one_question),
    Rule("double-barrelled", "a question asks for one thing", double_barrelled),
    Rule("length", "a message has at most 70 words", length),
    Rule("empty", "a message says something", says_something),
    Rule("said twice", "no message comes again", said_twice),
    Rule("acknowledged twice", "no acknowledgement comes again", acknowledged_twice),
    Rule("phrase twice", "no phrase before a question comes again", phrase_twice),
    Rule("acknowledges", "what is said back was said", acknowledges_what_was_said),
    Rule("leading", "no question holds its answer", leading),
    Rule("seeks a yes", "no question is answered by a yes", seeks_a_yes),
    Rule("praise", "in a screen no praise and no verdict", no_praise),
    Rule("plain words", "no idioms", plain_words),
)
