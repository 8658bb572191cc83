"""The ways to ask for a reply of a given shape, and reading what comes back."""

import json
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.model.call import Answer
from agent.model.errors import Fault, Unreadable
from agent.model.prompts import Filled, Messages

Form = Literal["json_schema", "tools", "json_object"]
FORMS: tuple[Form, ...] = ("json_schema", "tools", "json_object")
LONGEST = 200_000
"""Characters; a longer reply is refused."""
SHOWN_BACK = 2_000
"""Characters of a bad reply that a repair shows the model."""
_ERRORS = 5

Shape = TypeVar("Shape", bound=BaseModel)


class Probe(BaseModel):
    """What a probe asks for: nothing that prose would give by chance."""

    model_config = ConfigDict(extra="forbid")

    word: Literal["viva"]
    number: Literal[7]


PROBE = Filled(
    purpose="examine",
    hash="probe",
    messages=(("human", "A probe of the connection. The word is viva and the number is seven."),),
)


def options(form: Form, schema: type[BaseModel]) -> dict[str, Any]:
    """The request's own fields that ask for the schema in this form."""
    name, body = schema.__name__, schema.model_json_schema()
    if form == "json_schema":
        wanted = {"name": name, "schema": body, "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": wanted}}
    if form == "tools":
        tool = {"name": name, "description": "Hand in the reply.", "parameters": body}
        chosen = {"type": "function", "function": {"name": name}}
        return {"tools": [{"type": "function", "function": tool}], "tool_choice": chosen}
    return {"response_format": {"type": "json_object"}}


def worded(messages: Messages, form: Form, schema: type[BaseModel]) -> Messages:
    """The messages; where the form cannot carry the schema, they end with it in words."""
    if form != "json_object":
        return messages
    (role, text), rest = messages[-1], messages[:-1]
    shape = json.dumps(schema.model_json_schema())
    return (*rest, (role, f"{text}\n\nReply with one JSON object that fits this schema: {shape}"))


def read(answer: Answer, schema: type[Shape]) -> Shape:
    """The reply as its schema, whatever fence or prose stands around its one object.

    Raises:
        Unreadable: it does not fit.
        Fault: it is a refusal, or too long.
    """
    check(answer)
    if not answer.text.strip():
        raise Unreadable("the reply was empty")
    body = answer.text[answer.text.find("{") : answer.text.rfind("}") + 1]
    try:
        return schema.model_validate_json(body)
    except ValidationError as error:
        raise Unreadable(f"the reply does not fit: {_told(error)}") from error


def check(answer: Answer) -> None:
    """Raise Fault for a refusal, a cut reply or one beyond all measure."""
    if answer.refusal or answer.finish == "content_filter":
        raise Fault("the model refused")
    if answer.finish == "length":
        raise Fault("the reply was cut off at the model's limit")
    if len(answer.text) > LONGEST:
        raise Fault(f"the reply is longer than {LONGEST} characters")


def repair(messages: Messages, answer: Answer, fault: Unreadable) -> Messages:
    """The same request with the bad reply and what is wrong with it."""
    shown = answer.text.strip()[:SHOWN_BACK]
    bad = (("ai", shown),) if shown else ()
    wish = f"That could not be used: {fault.reason}. Send the whole JSON object again, mended."
    return (*messages, *bad, ("human", wish))


def _told(error: ValidationError) -> str:
    """The first errors, without the input they came from."""
    first = error.errors(include_input=False, include_url=False)[:_ERRORS]
    told = (f"{'.'.join(map(str, e['loc'])) or 'the whole'}: {e['msg']}" for e in first)
    return "; ".join(told)[:500]
