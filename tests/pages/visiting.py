"""A visitor without a browser: the real application, asked in process, its pages read as HTML."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx2

from api.pages.notice import notice
from api.service import Service
from api.settings import Settings
from api.web.app import make_app
from knowledge.kit_yaml import parse_kit

VOID = {"meta", "link", "img", "input", "br", "hr", "rect", "line", "circle", "path"}
NEVER = {"iframe", "object", "embed", "base", "style", "video", "audio", "math"}


class Html(HTMLParser):
    """A page: its elements as (name, attributes), and their text, without references."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.inside: list[tuple[str, dict[str, str], list[str]]] = []
        self._texts: list[tuple[str, dict[str, str], str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag not in VOID:
            self.inside.append((tag, found, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self.inside and tag in {each[0] for each in self.inside}:
            name, found, texts = self.inside.pop()
            self._texts.append((name, found, "".join(texts)))
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        refers = any(tag == "sup" for tag, _, _ in self.inside)
        for _, _, texts in self.inside:
            texts.append("" if refers else data)

    @property
    def text(self) -> str:
        return " ".join(self.texts("html")[0].split())

    def texts(self, tag: str, cls: str = "") -> list[str]:
        """The text in each such element."""
        return [
            text
            for name, found, text in self._texts
            if name == tag and (not cls or cls in found.get("class", "").split())
        ]

    def attributes(self, tag: str, attribute: str) -> list[str]:
        """This attribute of each such element that has it."""
        return [
            found[attribute] for name, found in self.elements if name == tag and attribute in found
        ]

    def live(self) -> list[str]:
        """All that could run or load something that is not ours."""
        return [told for tag, found in self.elements for told in _live(tag, found)]

    def broken_links(self) -> list[str]:
        """Links within the page that lead nowhere, and ids given twice."""
        ids = [found["id"] for _, found in self.elements if "id" in found]
        leads = {href[1:] for href in self.attributes("a", "href") if href.startswith("#")}
        return sorted(leads - set(ids)) + [each for each in set(ids) if ids.count(each) > 1]


def _live(tag: str, found: dict[str, str]) -> list[str]:
    told = [f"<{tag}>"] if tag in NEVER else []
    if tag == "meta" and "http-equiv" in found:
        told.append("<meta http-equiv>")
    if tag == "script" and not found.get("src", "").startswith("/static/"):
        told.append("<script> in the page")
    for name, value in found.items():
        if name.startswith("on") or name == "style":
            told.append(f"{tag} {name}={value}")
        if name in {"src", "href", "action", "formaction", "srcset", "data"}:
            ours = value.startswith(("/", "#", "?")) and not value.startswith("//")
            told += [] if ours else [f"{tag} {name}={value}"]
    return told


class Visitor:
    """Somebody with a browser on this machine."""

    def __init__(self, client: httpx2.AsyncClient, service: Service) -> None:
        self.client = client
        self.service = service

    async def page(self, path: str, status: int = 200) -> Html:
        """The page at this address."""
        return self.read(await self.client.get(path), status)

    def read(self, response: httpx2.Response, status: int = 200) -> Html:
        """A response that must be a page."""
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        return Html(response.text)

    async def load(self, kit: str) -> None:
        """Keep a kit, given as YAML."""
        await self.service.library.save(parse_kit(kit, "kit.yaml"))

    async def begin(self, kit: str, **chosen: Any) -> str:
        """Agree to the notice and begin; the interview's id, once the opening was said."""
        response = await self.client.post("/interviews", data=agreed(kit, **chosen))
        assert response.status_code == 303, response.text
        interview = response.headers["location"].removeprefix("/interviews/")
        await self.settle(interview)
        return interview

    async def settle(self, interview: str) -> None:
        """Wait until no turn is under way."""
        while (look := await self.service.store.look(interview)).pending:
            await self.service.turns.run(look.pending)
            assert interview not in self.service.turns.trouble, self.service.turns.trouble

    async def send(self, interview: str, kind: str, text: str = "") -> None:
        """Send one message, or press one button, and wait for what is said to it."""
        stored = await self.service.store.load(interview)
        turn_id = f"turn-{(await self.service.view(interview)).turns:06}"
        await self.service.send(
            interview, turn_id=turn_id, question=stored.question, kind=kind, text=text
        )
        await self.settle(interview)


def agreed(kit: str, **chosen: Any) -> dict[str, str]:
    """The notice's form as a candidate sends it who agrees."""
    shown = notice(chosen.get("mode", "practice"), days=Settings().expire_days)
    return {
        "kit": kit,
        "level": "mid",
        "minutes": "45.0",
        "mode": "practice",
        "examiner": "local",
        "notice": shown.digest,
        "consent": "yes",
        **chosen,
    }


@asynccontextmanager
async def visiting(home: Path) -> AsyncIterator[Visitor]:
    """The application on a home of its own, and somebody who visits it."""
    app = make_app(Settings(home=home, embedder="light"))
    transport = httpx2.ASGITransport(app=app)
    client = httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1")
    async with app.router.lifespan_context(app), client:
        yield Visitor(client, app.state.service)
