"""Where somebody wanted to go before they had to sign in; only ever to a page of ours."""

from urllib.parse import quote, urlsplit

from fastapi import Request

SIGN_IN = "/sign-in"
LONGEST_PATH = 2_000
NOT_BACK_TO = ("/sign-in", "/sign-out", "/password", "/view", "/static/")


def own_path(given: str) -> str:
    """This path if it is one of our own pages, else the start page.

    Browsers read `//host`, `/\\host` and a path with a tab in it as another site.
    """
    try:
        parts = urlsplit(given)
    except ValueError:
        return "/"
    ours = given.startswith("/") and not given.startswith("//") and "\\" not in given
    plain = (
        given.isprintable() and len(given) <= LONGEST_PATH and not (parts.scheme or parts.netloc)
    )
    return given if ours and plain and not given.startswith(NOT_BACK_TO) else "/"


def sign_in_for(request: Request) -> str:
    """The address of the sign-in page that leads back to the page asked for."""
    url = request.url
    path = own_path(f"{url.path}?{url.query}" if url.query else url.path)
    if request.method not in {"GET", "HEAD"} or path == "/":
        return SIGN_IN
    return f"{SIGN_IN}?next={quote(path)}"
