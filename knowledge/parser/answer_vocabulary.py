"""The words by which the statements of an answer are told apart."""

from knowledge.parser.vocabulary import phrases

# Sentences of an answer hint that tell the candidate how to answer, not what to say.
INSTRUCTION = phrases(
    r"""
    ^use (the )?star\b
    ^be (clear|specific|prepared|honest|ready|concise|concrete|enthusiastic)\b
    ^(relate|link|connect) (it |this )?to\b
    ^if (yes|not|no|you|applicable|possible)\b
    ^(provide|give) (\w+ )?examples?\b
    ^(tailor|adapt|practi[cs]e|don['’]t)\b
    ^(structure your|keep it|avoid rambling)\b
    ^show (your )?enthusiasm\b"""
)
# Verbs with which a hint introduces what it wants to hear.
LEAD_VERB = phrases(
    r"""
    ^(you (should|could|can|might) )?(discuss|mention|talk about|focus on|emphasi[sz]e)\b:?\s*
    ^(cover( stages)?|explain|consider|describe|highlight|include|address|touch on|stress)\b:?\s*
    ^(look for|check( for)?|using|tools include)\b:?\s*
    ^candidates? (might|may|could|can|should) (discuss|mention|talk about)\b:?\s*"""
)
GENERIC_LABEL = phrases(
    r"""
    ^(components?|stages?|benefits?|advantages?|steps?|answer|summary|details?|explanation|tools?)$
    ^(key|simple|main|short|brief|quick|full|long) .*$
    ^here (are|is)\b.*$
    ^(in short|cover stages|this means)$
    ^\S+ works like this$"""
)
EXAMPLE_LABEL = phrases(
    r"""
    ^(for )?examples?\b
    ^(simple )?analogy\b
    ^(e\.g\.|such as|sample)"""
)
OPEN_LIST_LABEL = phrases(
    r"""
    ^(used for|uses?|use cases?|types)\b
    ^(\w+ )?(best|good) for\b
    ^what .*\bgood for\b
    ^when (it['’]?s used|to use)\b
    ^what (can )?you (can )?run\b
    ^.*\bequivalents?$"""
)
