"""A language model at an address: asked, timed, repaired once, and accounted for."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, SecretStr

from agent.events import ModelCalled
from agent.model.call import Answer, Call, Prices
from agent.model.errors import Fault, ModelFailed, Unreadable
from agent.model.forms import (
    FORMS,
    LONGEST,
    PROBE,
    Form,
    Probe,
    Shape,
    check,
    options,
    read,
    repair,
    worded,
)
from agent.model.prompts import Filled, Messages
from knowledge.errors import BadInput

if TYPE_CHECKING:
    from agent.model.wire import Wire

OPENAI = "https://api.openai.com/v1"
NO_KEY = "none"
"""Sent where no key is set: a local server takes any, and no other key may go out by accident."""


class Access(Protocol):
    """Where the model is, how long a call may take (seconds), and what a million tokens cost."""

    @property
    def model(self) -> str | None: ...
    @property
    def base_url(self) -> str | None: ...
    @property
    def api_key(self) -> SecretStr | None: ...
    @property
    def timeout(self) -> float: ...
    @property
    def price_in(self) -> float | None: ...
    @property
    def price_out(self) -> float | None: ...


class Endpoint:
    """One model behind any OpenAI-compatible URL. Nothing is sent before the first call.

    Raises:
        BadInput: no model is named.
    """

    def __init__(self, access: Access) -> None:
        if not access.model:
            raise BadInput("No language model is set.", "Set VIVA_MODEL to its name.")
        self.model = access.model
        self.url = access.base_url or OPENAI
        self._key = access.api_key.get_secret_value() if access.api_key else NO_KEY
        self._timeout = access.timeout
        self._prices = Prices(access.price_in, access.price_out)
        self._form: Form | None = None
        self._probing = asyncio.Lock()

    @cached_property
    def _wire(self) -> "Wire":
        from agent.model.wire import Wire

        return Wire(self.model, self.url, self._key, self._timeout)

    async def close(self) -> None:
        """Close its connections, where there are any."""
        if "_wire" in self.__dict__:
            await self._wire.close()

    async def probe(self) -> Form:
        """The structured form that works here; found out once, however many ask at a time.

        Raises:
            BadInput: none works, or the endpoint cannot be used at all; with the remedy.
        """
        async with self._probing:
            if self._form is None:
                self._form = await self._probe()
            return self._form

    async def _probe(self) -> Form:
        call = self._call(PROBE)
        said = ""
        for form in FORMS:
            try:
                await call.within(self._ask(call, PROBE.messages, form, Probe))
                return form
            except TimeoutError as error:
                raise self._unusable(Fault(self._late)) from error
            except Fault as fault:
                if not _is_about_the_form(fault):
                    raise self._unusable(fault) from fault
                said = fault.said or fault.reason
        raise BadInput(
            f"{self.model} at {self.url} gives no structured replies: json_schema, tool calls "
            f"and json_object all fail. The last one: {self._safe(said)}.",
            "Set VIVA_MODEL or VIVA_BASE_URL to a model that supports one of them.",
        )

    async def structured(self, prompt: Filled, schema: type[Shape]) -> tuple[Shape, ModelCalled]:
        """The reply as `schema`, mended once where it does not fit.

        Raises:
            ModelFailed: there is none within the time; its `calls` hold what was tried.
        """
        call = self._call(prompt)
        try:
            form = await call.within(self.probe())
            return await call.within(self._mended(call, prompt.messages, form, schema))
        except TimeoutError as error:
            failure, cause = self._late, Exception(error)
        except Fault as fault:
            failure, cause = fault.reason, fault
        except BadInput as unusable:
            failure, cause = unusable.message, unusable
        raise ModelFailed(call.ended("failed", failure)) from cause

    async def _mended(
        self, call: Call, messages: Messages, form: Form, schema: type[Shape]
    ) -> tuple[Shape, ModelCalled]:
        answer = await self._answer(call, messages, form, schema)
        try:
            return read(answer, schema), call.ended("ok")
        except Unreadable as unfit:
            again = repair(messages, answer, unfit)
        call.forget()
        return await self._ask(call, again, form, schema), call.ended("repaired")

    async def _ask(self, call: Call, messages: Messages, form: Form, schema: type[Shape]) -> Shape:
        return read(await self._answer(call, messages, form, schema), schema)

    async def _answer(
        self, call: Call, messages: Messages, form: Form, schema: type[BaseModel]
    ) -> Answer:
        """The reply of the first attempt that brings one."""
        sent, wanted = worded(messages, form, schema), options(form, schema)
        for attempt in itertools.count():
            call.attempts += 1
            try:
                answer = await self._wire.ask(sent, wanted)
            except Fault as fault:
                await call.wait_for_another(fault, attempt)
            else:
                call.heard(answer)
                return answer
        raise AssertionError("an attempt ends in a reply or a fault")

    async def stream(
        self, prompt: Filled, longest: int = LONGEST
    ) -> AsyncIterator[str | ModelCalled]:
        """The reply in pieces of text as they come, and the event for the log as the last thing.

        Raises:
            ModelFailed: it broke off, came too late, or has more than `longest` characters.
        """
        call = self._call(prompt)
        length = 0
        try:
            async with aclosing(self._pieces(call, prompt.messages)) as pieces:
                async for piece in pieces:
                    length += len(piece.text)
                    if length > longest:
                        raise Fault(f"the reply is longer than {longest} characters")
                    if piece.text:
                        yield piece.text
            if not length:
                raise Fault("the reply was empty")
        except TimeoutError as error:
            raise ModelFailed(call.ended("failed", self._late)) from error
        except Fault as fault:
            raise ModelFailed(call.ended("failed", fault.reason)) from fault
        yield call.ended("ok")

    async def _pieces(self, call: Call, messages: Messages) -> AsyncGenerator[Answer, None]:
        """The pieces of the first attempt that brings any; once it has, there is no other."""
        for attempt in itertools.count():
            call.attempts += 1
            begun, finished = False, False
            try:
                async with aclosing(self._wire.stream(messages)) as pieces:
                    while piece := await call.within(anext(pieces, None)):
                        check(piece)
                        call.heard(piece)
                        begun, finished = True, finished or piece.finish is not None
                        yield piece
                if finished:
                    return
                raise Fault("the connection failed", again=True)
            except Fault as fault:
                if begun:
                    raise
                await call.within(call.wait_for_another(fault, attempt))

    def _call(self, prompt: Filled) -> Call:
        _ = self._wire  # its import takes a second that is none of the model's
        return Call(prompt, self._timeout, self._prices)

    @property
    def _late(self) -> str:
        return f"no answer within {self._timeout:g} s"

    def _safe(self, words: str) -> str:
        return words.replace(self._key, "***").rstrip(".")

    def _unusable(self, fault: Fault) -> BadInput:
        """What to do about an endpoint that no form will help."""
        if fault.status in {401, 403}:
            return BadInput(f"{self.url} refuses the key.", "Set VIVA_API_KEY to one it accepts.")
        if fault.status == 404:
            return BadInput(
                f"{self.url} has no model {self.model!r}.",
                "Set VIVA_MODEL to one it offers; VIVA_BASE_URL usually ends in /v1.",
            )
        if fault.status is None and fault.again:
            return BadInput(
                f"{self.url} cannot be reached.", "Start the model, or mend VIVA_BASE_URL."
            )
        return BadInput(
            f"{self.model} at {self.url} does not work just now: {fault.reason}.",
            "Try again later, or raise VIVA_TIMEOUT where it is slow.",
        )


def _is_about_the_form(fault: Fault) -> bool:
    """Whether another form may fare better: a refusal to go on has nothing to do with it."""
    if fault.status is None:
        return not fault.again and "in time" not in fault.reason
    return fault.status not in {401, 403, 404, 429}
