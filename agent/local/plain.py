"""A clause put plainly: chat spelling written out, courtesies left out, slips mended."""

import re

from rapidfuzz.distance import OSA

_word = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
SPELLINGS = {
    written: meant
    for meant, spelled in {
        "you": "u ya",
        "your": "ur",
        "you are": "you're youre",
        "are": "r",
        "i am": "i'm im",
        "i have": "i've ive",
        "i would": "i'd",
        "i will": "i'll",
        "we": "v",
        "we are": "we're",
        "we have": "we've",
        "we would": "we'd",
        "do not": "don't dont dnt donot",
        "does not": "doesn't doesnt",
        "did not": "didn't didnt didn",
        "cannot": "can't cant cannt",
        "could not": "couldn't couldnt",
        "would not": "wouldn't wouldnt",
        "will not": "won't wont",
        "have not": "haven't havent",
        "is not": "isn't isnt",
        "are not": "aren't arent",
        "was not": "wasn't wasnt",
        "what is": "what's whats wats",
        "what": "wat wut",
        "who is": "who's whos",
        "how is": "how's hows",
        "when is": "when's",
        "where is": "where's wheres",
        "it is": "it's",
        "this is": "this's",
        "that is": "that's thats",
        "let us": "let's lets",
        "let me": "lemme",
        "give me": "gimme gimmie",
        "got to": "gotta",
        "want to": "wanna",
        "going to": "gonna",
        "do not know": "dunno donno",
        "i do not know": "idk dk",
        "what do you mean": "wdym",
        "be right back": "brb bbl bbs",
        "away from keyboard": "afk",
        "minute": "min mins minutes",
        "second": "sec secs seconds",
        "question": "ques qn que qs q",
        "next": "nxt",
        "something": "smth sth",
        "about": "abt",
        "explain": "expl",
        "answer": "ans",
        "because": "cuz bcoz coz",
        "": "please pls plz plss pl sorry apologies sir madam ma'am mam mate man bro buddy guys "
        "dear "
        "kindly honestly frankly tbh ngl imo lol haha hehe lmao hm hmm hmmm um umm uh uhm er ah "
        "oh ok "
        "okay okey k really just actually basically so yeah yep yes yup alright thanks thx ty "
        "unfortunately nope nah quite totally absolutely now here today currently hi hello hey "
        "dude "
        "guess completely truly simply maybe perhaps again also and but then possibly quickly "
        "anymore "
        "fully sry srry soz anyway wow gosh damn",
    }.items()
    for written in spelled.split()
}
"""Chat spelling and contractions written out; courtesies and fillers are nothing."""

_asides = re.compile(
    r"^well\b|\b(?:i am afraid|to be (?:honest|fair|frank)|thank you(?: (?:very|so) much)?|"
    r"i (?:think|believe|suppose|fear)|"
    r"if (?:possible|you (?:can|do not mind)|that is ok)|excuse me|good (?:morning|afternoon|"
    r"evening)|"
    r"at the moment|right|i mean|a bit|by the way|would it be possible|is it possible|no problem|"
    r"my bad)\b",
    re.I,
)
"""Phrases that add nothing to a clause put plainly."""

CUE_WORDS = frozenset(
    "skip pass next question another different move know idea clue experience remember sure hint "
    "nudge pointer help stuck repeat rephrase clarify explain elaborate understand simpler again "
    "mean unclear confused minute second moment pause break wait think back stop finish leave quit "
    "interview continue answer please salary remote team company weather joke this that what which "
    "could would have give need want never used heard about there here with from your more long "
    "many will feel well sick when then than them they some time take make like only even over "
    "been does were come know knew left last late later".split()
)
"""Words of the cues, in which a slip of one letter is mended, and others that are no slip."""


def plain(clause: str) -> str:
    """A clause in small letters, chat spelling written out, courtesies and points left out."""
    words = _word.findall(clause.casefold())
    said = " ".join(SPELLINGS.get(word, word) for word in words)
    return " ".join(_asides.sub(" ", said).split())


def respelled(said: str) -> str:
    return " ".join(_cue_word(word) for word in said.split())


def _cue_word(word: str) -> str:
    """The cue word of which this is a slip of one letter, or the word itself."""
    if len(word) < 4 or word in CUE_WORDS:
        return word
    near = (
        cue
        for cue in CUE_WORDS
        if cue[0] == word[0] and len(cue) >= 4 and OSA.distance(cue, word, score_cutoff=1) <= 1
    )
    return next(near, word)
