"""The scorecard as a page: evidence, then marks, then scores; links that lead, text that stays."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from axe import findings
from served_viva import Served, Visit
from visiting import Visitor, visiting

from api.hiring.invites import Invites, NewInvite
from api.hiring.screens import NewScreen, Screens, Texts
from api.hiring.sittings import Sittings
from api.identity.caller import THIS_MACHINE

SMALL = (Path(__file__).parents[1] / "api" / "service" / "small.yaml").read_text()
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}\u202e"
SAID = (
    "The old version of every row stays beside the new version.\n```sql\nselect '<b>' from rows;\n"
    f"```\nI edit rows of the production database by hand. {EVIL}"
)

in_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visitor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visitor]:
    """Whoever has this machine, with a small kit."""
    async with visiting(tmp_path_factory.mktemp("scorecards") / "viva") as made:
        await made.load(SMALL)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def screen(visitor: Visitor) -> str:
    """An open screen in which nobody is to be marked first."""
    texts = Texts(company="Acme", contact="people@example.org")
    wish = NewScreen(title="First talk", kit="small", minutes=15.0, texts=texts, blind_share=0.0)
    screens = Screens(visitor.service.store.database)
    made = await screens.make(THIS_MACHINE, wish)
    await screens.open(THIS_MACHINE, made)
    return made


async def interviewed(visitor: Visitor, screen: str, text: str, name: str = "Cleo") -> str:
    """A candidate's interview, answered with this throughout."""
    invites = Invites(visitor.service.store.database)
    [(invite, _)] = await invites.make(THIS_MACHINE, screen, [NewInvite(name=name)])
    begin = Sittings(visitor.service).begin
    interview = await begin(invite, 1, {"notice": "1", "text_hash": "x"})
    await visitor.settle(interview)
    while (await visitor.service.store.load(interview)).status != "ended":
        await visitor.send(interview, "answer", text)
    return interview


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def evil(visitor: Visitor, screen: str) -> str:
    """An interview of somebody who tries what text can do, with everything said of it."""
    interview = await interviewed(visitor, screen, SAID, name=EVIL[:200])
    path, by = f"/scorecards/{interview}", {"by": EVIL[:90]}
    await visitor.client.get(path)
    report = await visitor.service.report(interview, "team")
    mark = {"question": "1", "subject": report.questions[0].earned[0].atom, "value": "met"}
    sent = (
        ("notes", {"text": EVIL}),
        ("decisions", {"outcome": "hold", "reason": EVIL}),
        ("overrides", {"subject": "verdict", "value": "likely shown", "reason": EVIL}),
        ("overrides", mark | {"reason": EVIL}),
    )
    for what, form in sent:
        answer = await visitor.client.post(f"{path}/{what}", data=form | by)
        assert answer.status_code == 303, answer.text
    return interview


@in_one_loop
async def test_in_each_question_the_answer_comes_first_and_the_score_last(
    visitor: Visitor, evil: str
) -> None:
    text = (await visitor.client.get(f"/scorecards/{evil}")).text
    articles = re.findall(r'<article class="question.*?</article>', text, re.DOTALL)
    assert articles
    for article in articles:
        places = [article.index(each) for each in ("<blockquote", '<table class="score"', "of 1)")]
        assert places == sorted(places)
    assert text.index("What needs a person") < text.index("The answers")
    assert "Nothing here predicts how somebody will do in the job" in text


@in_one_loop
async def test_each_quote_leads_to_the_moment_in_the_conversation_where_it_was_said(
    visitor: Visitor, evil: str
) -> None:
    page = await visitor.page(f"/scorecards/{evil}")
    report = await visitor.service.report(evil, "team")
    quoted = [g for q in report.questions for g in q.marks if g.mark.quote]
    assert quoted
    leads = [href[1:] for href in page.attributes("a", "href") if href.startswith("#turn-")]
    assert len(leads) > len(quoted) / 2
    turns = {found["id"] for _, found in page.elements if found.get("id", "").startswith("turn-")}
    assert set(leads) <= turns
    events = await visitor.service.seen(evil)
    said = {f"turn-{each.turn}": each.text or "" for each in events if each.type == "heard"}
    for lead in leads:
        assert "The old version of every row" in said[lead]
    assert page.broken_links() == []


@in_one_loop
async def test_what_a_candidate_and_the_team_wrote_neither_runs_nor_loads(
    visitor: Visitor, evil: str
) -> None:
    for path in (f"/scorecards/{evil}", f"/reviews/{evil}", "/reviews"):
        page = await visitor.page(path)
        assert page.live() == []
        assert "49" not in page.texts("h1")[0]
    card = await visitor.page(f"/scorecards/{evil}")
    assert card.text.count("onerror=alert(2)") > 6


@in_one_loop
async def test_on_this_machine_a_person_gives_a_name_and_nothing_written_is_lost(
    visitor: Visitor, screen: str
) -> None:
    interview = await interviewed(visitor, screen, "I do not know that.")
    path = f"/scorecards/{interview}"
    await visitor.client.get(path)
    form = {"outcome": "hold", "reason": "A long thought of mine."}
    answer = visitor.read(await visitor.client.post(f"{path}/decisions", data=form), 422)
    assert "A long thought of mine." in answer.texts("textarea")
    assert any(found.get("value") == "hold" and "checked" in found for _, found in answer.elements)
    kept = await visitor.client.post(f"{path}/decisions", data=form | {"by": "Ada"})
    assert kept.status_code == 303
    assert "Ada, 2" in (await visitor.page(path)).text


@in_one_loop
async def test_one_gets_from_candidate_to_candidate_and_puts_them_side_by_side(
    visitor: Visitor, screen: str
) -> None:
    first, second = [await interviewed(visitor, screen, f"Number {n}.") for n in (1, 2)]
    text = (await visitor.client.get(f"/scorecards/{first}")).text
    assert f'rel="next" href="/scorecards/{second}"' in text
    back = (await visitor.client.get(f"/scorecards/{second}")).text
    assert f'rel="prev" href="/scorecards/{first}"' in back
    assert f'rel="next" href="/scorecards/{second}"' not in back
    assert f'type="checkbox" name="interview" value="{second}"' in text
    beside = await visitor.page(f"/compare?interview={first}&interview={second}")
    assert "Side by side" in beside.text


@in_one_loop
async def test_a_scorecard_of_long_answers_stays_under_its_weight(
    visitor: Visitor, screen: str
) -> None:
    words = "The old version of every row stays beside the new version, and I say why. " * 25
    interview = await interviewed(visitor, screen, words)
    page = await visitor.client.get(f"/scorecards/{interview}")
    assert len(page.content) < 150_000


@pytest.mark.long
def test_axe_finds_nothing_on_scorecards_and_reviews(served: Served, visit: Visit) -> None:
    interview = ended_screen(served)
    page = visit("/reviews", expects=("422",), reduced_motion="reduce")
    found: dict[str, Any] = {"queue": findings(page)}
    page.goto(f"{served.url}/scorecards/{interview}")
    for each in page.locator("details").all():
        each.evaluate("e => e.open = true")
    found["scorecard"] = findings(page)
    page.goto(f"{served.url}/reviews/{interview}")
    found["marking"] = findings(page)
    assert {state: list_ for state, list_ in found.items() if list_} == {}


def ended_screen(served: Served) -> str:
    """A screen held by whoever has the machine, to its end."""
    interview = served.interview(mode="screen", questions=2)
    url = f"{served.url}/api/interviews/{interview}"
    for number in range(60):
        view = settled(url)
        if view["status"] == "ended":
            return interview
        message = "I would write each day to its own partition, so a second run changes nothing."
        turn = {"turn_id": f"turn-{number:06}", "message": message}
        turn |= {"question": view["question"]["number"] if view["question"] else 0}
        httpx2.post(f"{url}/turns", json=turn, timeout=30.0).raise_for_status()
    raise AssertionError("the interview does not end")


def settled(url: str) -> dict[str, Any]:
    """The interview once nothing is under way: its stream ends then, or tells so."""
    while True:
        view: dict[str, Any] = httpx2.get(url, timeout=30.0).json()
        if view["pending"] is None and (view["question"] or view["status"] == "ended"):
            return view
