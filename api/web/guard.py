"""What may come in at all: from this machine or to its address, small enough, not another site.

One ASGI middleware in front of everything. It also bounds the size of what is sent and how often
it comes, and puts the security headers on what goes out.
"""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.hiring.limits import ENTRIES, Limits, TooFast
from api.identity.accounts import Accounts
from api.identity.caller import NOBODY, THIS_MACHINE, Caller
from api.identity.gate import is_https
from api.settings import Settings, open_database
from api.uploads import MOST_BYTES
from api.web.address import client_address, networks
from api.web.headers import dress
from api.web.problems import REMEDIES, problem
from knowledge.errors import BadInput

UNASKED = ("/health", "/ready", "/static/", "/favicon")
"""Where it does not matter who asks."""

OWN_KEYS = "/v1/"
"""The practice door has keys of its own."""

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
WRONG = {400, 401, 403, 404, 410, 422}
MOST_JSON = 256 * 2**10
MOST_INVITES = 4 * 2**20
MOST_UPLOAD = MOST_BYTES + 2**20


class TooLarge(HTTPException):
    """The body went past its limit while it was read."""


class Guard:
    """Refuses strangers, other sites and bodies that are too large."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._secret = settings.secret.get_secret_value() if settings.secret else None
        self._origin = settings.origin
        self._https = is_https(settings)
        self._proxies = networks(settings.proxies or "")
        self._limits = Limits()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope["viva.limits"] = self._limits
        address = client_address(scope, headers, self._proxies)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                dress(MutableHeaders(scope=message), https=self._https)
                self._note_failure(scope, address, message["status"])
            await send(message)

        refused = self._refuse(scope, headers) or await self._let_in(scope, headers, address)
        if refused is not None:
            await refused(scope, receive, dressed)
            return
        await _bounded(self._app, scope, receive, dressed)

    def _refuse(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        if "\0" in scope["path"]:  # no database takes it
            return _refusal(404, "There is no such thing")
        if not self._named_right(headers):
            return _refusal(403, "This server does not go by that name")
        if scope["method"] not in SAFE and not self._same_site(headers):
            return _refusal(403, "That was asked from another site")
        if _length(headers) > _limit(scope["path"]):
            return _refusal(413, f"The body is larger than {_limit(scope['path']):,} bytes")
        if self._secret is None:
            client = scope.get("client")
            here = client is None or is_loopback(client[0])
            return None if here else _refusal(403, "Only this machine may come in")
        return None

    async def _let_in(self, scope: Scope, headers: Headers, address: str) -> ASGIApp | None:
        """Refuse what comes too often; else find out who asks, for the route to say what they may.

        An address that gave too many wrong keys or links is not looked at for a while.
        """
        if scope["path"].startswith(UNASKED):
            return None
        try:
            if _is_entry(scope, headers):
                self._limits.check("entry", _by(headers, address))
            caller = await self._identify(scope, headers)
            if caller is None:
                return _refusal(401, "That key opens nothing here")
            form = headers.get("content-type", "").startswith("multipart/")
            self._limits.admit(caller, address, scope["method"], scope["path"], form)
        except TooFast as error:
            return _too_fast(scope, error)
        scope["viva.caller"] = caller
        return None

    async def _identify(self, scope: Scope, headers: Headers) -> Caller | None:
        if scope["path"].startswith(OWN_KEYS):
            return NOBODY if self._secret is not None else THIS_MACHINE
        caller: Caller | None = await scope["app"].state.service.gate.caller(headers)
        return caller

    def _note_failure(self, scope: Scope, address: str, status: int) -> None:
        """What was wrong at an entry counts against its address."""
        if self._secret is None or status not in WRONG:
            return
        headers = Headers(scope=scope)
        if _is_entry(scope, headers) and (status == 401 or "authorization" not in headers):
            self._limits.count("entry", _by(headers, address))

    def _named_right(self, headers: Headers) -> bool:
        """Without a secret only this machine's own names count, so that no name can be rebound."""
        if self._secret is not None:
            return True
        return is_loopback(_split(f"//{headers.get('host', '')}").hostname or "")

    def _same_site(self, headers: Headers) -> bool:
        """Whether a request that changes something comes from our own pages, or from no page."""
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return False
        origin = headers.get("origin")
        if origin is None:
            return True
        ours = {urlsplit(self._origin).netloc} if self._origin else set()
        return _split(origin).netloc in ours | {headers.get("host", "")}


def check_open(settings: Settings, host: str) -> None:
    """Refuse to serve others than this machine without a secret.

    Raises:
        BadInput: there is no secret, and the address is not this machine's own.
    """
    if settings.secret is None and (place := _public(settings, host)):
        raise BadInput(
            f"Serving on {place} would let strangers in.",
            "Set VIVA_SECRET to at least 16 characters, or serve on 127.0.0.1.",
        )


NO_ACCOUNT = "VIVA_SECRET is set and there is no account yet: nobody can sign in."
MAKE_ONE = "Make the first one: viva account add EMAIL --role admin"


async def check_accounts(settings: Settings, host: str) -> str | None:
    """Refuse to serve others than this machine while nobody could sign in.

    On this machine alone it is a warning, which is returned: a secret asks for accounts.

    Raises:
        BadInput: there is no account with a password that is not disabled.
        StorageFailed: the database cannot be reached or written.
    """
    place = _public(settings, host)
    if place is None and settings.secret is None:
        return None
    database = await open_database(settings)
    try:
        if await Accounts(database).any():
            return None
        if place is None:
            return f"{NO_ACCOUNT} {MAKE_ONE}"
        raise BadInput(
            f"Nobody could sign in on {place}: there is no account yet.",
            MAKE_ONE,
        )
    finally:
        await database.close()


def _public(settings: Settings, host: str) -> str | None:
    """The address at which others than this machine come in, if there is one."""
    if settings.origin and not is_loopback(urlsplit(settings.origin).hostname or ""):
        return settings.origin
    return None if is_loopback(host) else host


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _split(address: str) -> SplitResult:
    """Its parts; none of them where it is no address at all."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _is_entry(scope: Scope, headers: Headers) -> bool:
    """Whether a secret comes along that could be a guess."""
    posted = scope["method"] == "POST" and scope["path"] in ENTRIES
    return posted or headers.get("authorization") is not None


def _by(headers: Headers, address: str) -> str:
    """Keys and what people type are counted apart: neither shuts the other out."""
    return f"key {address}" if "authorization" in headers else address


def _too_fast(scope: Scope, error: TooFast) -> ASGIApp:
    """To a browser that looks for a page, as a page."""
    from api.pages.errors import error_page, wants_page

    if wants_page(Request(scope)):
        answer: Response = error_page(429, error.message, error.remedy)
    else:
        answer = problem(429, "too_fast", error.message, error.remedy)
    answer.headers["Retry-After"] = str(error.wait)
    return answer


def _refusal(status: int, message: str) -> ASGIApp:
    code, remedy = REMEDIES[status]
    return problem(status, code, f"{message}.", remedy)


def _length(headers: Headers) -> int:
    told = headers.get("content-length", "0")
    return int(told) if told.isdecimal() and len(told) < 16 else 0


def _limit(path: str) -> int:
    uploads = path in {"/kits", "/library", "/api/library"} or (
        path.startswith("/api/kits/") and path.endswith("/documents")
    )
    if ("/screens/" in path and "/invites" in path) or path.startswith("/marking/"):
        return MOST_INVITES
    return MOST_UPLOAD if uploads or path.startswith(OWN_KEYS) else MOST_JSON


async def _bounded(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Stop reading a body that tells no length once it is past its limit."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > _limit(scope["path"]):
            raise TooLarge(413, f"The body is larger than {_limit(scope['path']):,} bytes")
        return message

    await app(scope, counted, send)
