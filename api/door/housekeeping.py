"""Requests that a chat client slips in beside the conversation: titles, tags, suggestions.

They are known by what they have in common, whatever client sends them: they tell somebody to make
something (a title, tags, a summary) of a conversation, and in which form to give it. A message in
the midst of an interview must show all of that before it is taken for one: it may be an answer.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api.door.wire import ChatMessage

Kind = Literal[
    "title", "tags", "follow_ups", "summary", "queries", "completion", "emoji", "image", "tools"
]
LONGEST_ORDER = 8_000
"""Characters in which a request says all it has to say, beside what it quotes."""
LONGEST_LEAD = 700
"""Characters of a request in which it says what it wants."""
_words: tuple[tuple[Kind, str], ...] = (
    ("follow_ups", r"follow[- ]?ups?\b|suggest\w* .{0,40}\b(?:questions|prompts|replies)"),
    ("tags", r"\btags?\b|标签"),
    ("queries", r"\bsearch quer|关键词|搜索"),
    ("completion", r"\bautocomplet"),
    ("image", r"\bimage generation\b|\bprompt for (?:an?|am) image"),
    ("emoji", r"\bfacial expression"),
    ("title", r"\b(?:titles?|headline|subject line)\b|标题|主题|命名"),
    ("summary", r"\bsummar|\bcompact|\bcondens|\brecap\b|总结|摘要|概括"),
    ("title", r"\b(?:name|topic)\b"),
)
"""What is wanted, by the first of these that is named: titles come with emojis and summarize."""
_making = re.compile(
    r"\b(?:generat|creat|writ|giv|provid|suggest|summari[sz]|mak|com(?:e|ing) up|propos|return|"
    r"produc|determin|condens|compact|recap|extract|find|categori[sz]|output|respond|pick|choos|"
    r"nam|titl|analy[sz]|continue|reflect|read)\w*|生成|总结|概括|返回|提取|起|写",
    re.I,
)
_opens_with_order = re.compile(
    r"[\W_]{0,20}(?:#+\s*task\b\W*)?(?:(?:please|now|okay|ok|kindly|your task is to|based on|given|"
    r"using|from|considering|in|within|with|for)\b[^.!?\n]{0,160}?\W+)?"
    r"(?:please )?(?:generate|create|write|give|provide|suggest|summari[sz]e|make|come up with|"
    r"propose|return|produce|determine|condense|compact|recap|extract|find|categori[sz]e|output|"
    r"name|title|analy[sz]e|do not respond|read|you are|请|使用|生成|总结|根据)",
    re.I,
)
_of_what = re.compile(
    r"\b(?:conversations?|chat|chats|dialog(?:ue)?s?|discussion|message|messages|exchange|thread|"
    r"history|session|user's (?:query|request|question)|user query|transcript)\b|"
    r"对话|会话|聊天|这句话|消息",
    re.I,
)
_in_which_form = re.compile(
    r"\bjson\b|\bno quot|quotation marks|punctuation|nothing else|no (?:other|extra|additional)|"
    r"\b(?:only|just) (?:the|a|with|return|respond|output|reply)|"
    r"(?:return|output|respond|reply)\w*(?: with)? only|without any|"
    r"\b(?:max(?:imum)?|at most|under|up to|within|less than|fewer than|no more than|in|than|≤|<)"
    r"\W{0,3}(?:of )?\d+ (?:words|characters|sentences)|"
    r"\d+[\s-]*(?:words?|characters)\b|(?:three|four|five|six|seven|ten)[- ]words?|"
    r"words? or (?:less|fewer)|for future context|do not (?:add|include|use|respond|answer)|"
    r"字以内|个字|不要|直接返回",
    re.I,
)
_our_talk = (
    r"(?:our|this|the|above|whole|entire|previous|preceding)\s+(?:\w+\s+){0,2}"
    r"(?:conversation|chat|discussion|dialog(?:ue)?)\b"
)
_in_the_midst = (
    rf"(?:generate|create|write|give|provide|suggest|make|come up with|propose)\b[^.\n]{{0,60}}?"
    rf"\b(?:title|name|headline)\s+(?:for|of|to|that|which|summari|captur)[^.\n]{{0,60}}?{_our_talk}",
    rf"(?:based on|given|from|considering)\s+{_our_talk}\W+(?:please\s+)?(?:generate|create|write|"
    r"give|provide|suggest|make|come up with|propose)\b[^.\n]{0,60}\b(?:title|name|headline)\b",
    rf"(?:give|name|title)\s+{_our_talk}",
    r"(?=[^\n]*(?:标题|主题))(?=[^\n]*(?:对话|会话|聊天|这句话))",
)
_orders_in_the_midst = re.compile(
    rf"[\W_]{{0,20}}(?:please,?\s+)?(?:{'|'.join(_in_the_midst)})", re.I
)
_set_to_make = re.compile(
    r"(?:generat|creat|summari[sz]|provid|writ|suggest|mak|giv)\w*\b[\s\S]{0,160}?\b(?:titles?|tags|"
    r"names?|follow[- ]?ups?|search quer\w+|summary)\b|标题|主题|总结",
    re.I,
)
_chat_quoted = re.compile(
    r"<(?:chat_history|conversation|messages|transcript)>|^#+ *(?:chat|conversation) history",
    re.I | re.M,
)
_tools = re.compile(r"\s*available tools:", re.I)
_wrapped = re.compile(r"\s*#+ *task:\s*\n+\s*respond to the user", re.I)
_key = re.compile(r"\{+\s*\\?[\"'](?P<key>\w+)\\?[\"']\s*:\s*(?P<list>\[)?")
_bare_list = re.compile(r"json (?:array|list)", re.I)
_of_key: dict[str, Kind] = {
    "title": "title",
    "name": "title",
    "topic": "title",
    "tags": "tags",
    "follow_ups": "follow_ups",
    "questions": "follow_ups",
    "suggestions": "follow_ups",
    "queries": "queries",
    "text": "completion",
    "prompt": "image",
    "summary": "summary",
    "tool_calls": "tools",
}


@dataclass(frozen=True)
class Task:
    """What a client wants made of a conversation, and the JSON it wants it in, if any."""

    kind: Kind
    keys: tuple[tuple[str, bool], ...] = ()
    """Names of the JSON fields asked for, and whether each is a list."""
    bare_list: bool = False


@dataclass(frozen=True)
class About:
    """What can be said of the conversation without looking into any answer."""

    title: str
    code: str | None = None
    ended: bool = False


def task(messages: Sequence[ChatMessage], response_format: dict[str, Any] | None) -> Task | None:
    """The housekeeping this request is, or None for a message to the interviewer."""
    talk = [message for message in messages if message.text.strip()]
    if not talk:
        return None
    last, ours = talk[-1], any(_ours(message) for message in talk)
    if last.role != "assistant" and _orders(last.text, strict=ours and last.role == "user"):
        return _wanted(last.text, response_format)
    orders = " ".join(m.text for m in talk if m.role in {"system", "developer"})[:LONGEST_ORDER]
    if not ours and _tools.match(orders):
        return Task("tools", (("tool_calls", True),))
    if not ours and _set_to_make.search(orders) and _asks(orders):
        return _wanted(orders, response_format)
    return None


def wrapped(text: str) -> bool:
    """Whether a client has wrapped the user's words into documents it found."""
    return bool(_wrapped.match(text[:LONGEST_LEAD]))


def answer(wanted: Task, about: About) -> str:
    """The reply, in the form that was asked for."""
    if wanted.keys:
        return json.dumps(
            {key: _value(_of_key.get(key, wanted.kind), many, about) for key, many in wanted.keys},
            ensure_ascii=False,
        )
    if wanted.bare_list:
        return json.dumps(_value(wanted.kind, True, about), ensure_ascii=False)
    value = _value(wanted.kind, wanted.kind in {"tags", "follow_ups"}, about)
    return "\n".join(value) if isinstance(value, list) else value


def _ours(message: ChatMessage) -> bool:
    return message.role == "assistant" and "Interview code:" in message.text


def _orders(text: str, *, strict: bool) -> bool:
    """Whether a message tells somebody what to make of a conversation.

    Without an interview under way it may also do so further on, around what it quotes.
    """
    if wrapped(text) or text.lstrip().startswith("/"):
        return False
    if strict:
        lead = text[:LONGEST_LEAD]
        return bool(_orders_in_the_midst.match(lead) and _in_which_form.search(lead))
    if _kind(text) == "emoji":
        return True
    if _chat_quoted.search(text) and _kind(text) and _making.search(text):
        return True
    if _opens_with_order.match(text[:LONGEST_LEAD]) and _asks(text[:LONGEST_LEAD]):
        return True
    return len(text) > LONGEST_LEAD and _asks(text[-LONGEST_LEAD:])


def _asks(text: str) -> bool:
    signs = (_making, _of_what, _in_which_form)
    return _kind(text) is not None and all(sign.search(text) for sign in signs)


def _kind(text: str) -> Kind | None:
    """What is wanted, if any of it is named at all."""
    leads = (text[: 2 * LONGEST_LEAD], text[-LONGEST_LEAD:])
    return next(
        (kind for lead in leads for kind, named in _words if re.search(named, lead, re.I)), None
    )


def _wanted(text: str, response_format: dict[str, Any] | None) -> Task:
    kind, text = _kind(text) or "title", text[:LONGEST_ORDER]
    keys = _schema_keys(response_format)
    if not keys and re.search(r"\bjson\b", text, re.I):
        found = _key.search(text)
        keys = ((found["key"], bool(found["list"])),) if found else ()
        if not found and _bare_list.search(text):
            return Task(kind, bare_list=True)
    if len(keys) == 1:
        kind = _of_key.get(keys[0][0], kind)
    if not keys and (response_format or {}).get("type") == "json_object":
        keys = ((kind, kind in {"tags", "follow_ups", "queries"}),)
    return Task(kind, keys)


def _schema_keys(response_format: dict[str, Any] | None) -> tuple[tuple[str, bool], ...]:
    fields: Any = response_format
    for name in ("json_schema", "schema", "properties"):
        fields = fields.get(name) if isinstance(fields, dict) else None
    if not isinstance(fields, dict):
        return ()
    return tuple(
        (name, isinstance(field, dict) and field.get("type") == "array")
        for name, field in fields.items()
    )


def _value(kind: Kind, many: bool, about: About) -> str | list[str]:
    values: dict[Kind, list[str]] = {
        "title": [f"Practice interview: {about.title}"],
        "tags": ["Interview practice", about.title],
        "follow_ups": ["/report"] if about.ended else ["/hint", "/clarify", "/skip", "/pause"],
        "summary": [_summary(about)],
        "emoji": ["💬"],
    }
    found = values.get(kind, [])
    return found if many else " ".join(found)


def _summary(about: About) -> str:
    code = f" Interview code: {about.code}." if about.code else ""
    return f"A practice interview with Viva, an AI interviewer, for {about.title}.{code}"
