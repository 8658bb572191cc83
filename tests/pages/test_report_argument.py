"""What a report page lets its reader argue with: firmness, claims, treatment, contests, a plan."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from axe import findings
from served_viva import Served, Visit
from talking import ANSWER, BACKGROUND, answer, press, ready
from test_report_page import SAID, interviewed, kit
from typer.testing import CliRunner
from visiting import Html, Visitor, visiting

from agent.events import Quote
from agent.report import as_markdown
from agent.report.argument import (
    ClaimLine,
    Contest,
    ContestState,
    Evidence,
    Flip,
    Receipt,
    Share,
    Since,
    Stability,
    StudyPlan,
    TryNext,
)
from agent.report.model import Earned, Report
from agent.report.telling import OUTCOMES, OUTCOMES_MEAN, REVIEWS
from api.cli import app
from api.pages.rendering import templates
from api.pages.report_page import context, standalone

MISSES = "An alert goes to whoever owns the job."
PLAN = StudyPlan(
    next_questions=(
        TryNext(id="q-7", text="A load fails.", subject="Loading", level="mid", why="It is near."),
    ),
    since=(Since(name="Loading", before=0.5, now=0.9, sentence="The ranges overlap."),),
    last="earlier",
    drill="Loading",
)


def two_points() -> str:
    """The kit of one question, which asks for something more."""
    body = yaml.safe_load(kit())
    question = next(atom for atom in body["atoms"] if "competency" in atom)["has"][1]
    question["has"].append({"point": "Watermarks postpone stragglers, weekly."})
    return yaml.safe_dump(body, sort_keys=False)


@pytest.fixture
async def visitor(home: Path) -> AsyncIterator[Visitor]:
    async with visiting(home) as opened:
        await opened.load(two_points())
        yield opened


@pytest.fixture
async def told(visitor: Visitor) -> Report:
    """The team's report of a practice with one answer that misses the point."""
    interview = await interviewed(visitor, MISSES)
    return await visitor.service.report(interview, "team")


def drawn(report: Report, **parts: Any) -> Html:
    """The page of a report with these parts in the place of its own."""
    page = templates().get_template("report.html")
    return Html(page.render(context(report.model_copy(update=parts), live=True)))


def own(report: Report) -> Report:
    return report.model_copy(update={"audience": "candidate"})


def missed(report: Report) -> str:
    """A point of the first question that was not shown."""
    return next(e.atom for e in report.questions[0].earned if e.state == "not shown")


async def test_how_firm_a_verdict_is_stands_in_one_sentence_and_in_full(told: Report) -> None:
    flips = (
        Flip(kind="question", what="without question 1", question=1, becomes="likely shown"),
        Flip(kind="threshold", what="likely from 0.75", question=None, becomes="likely shown"),
    )
    firm = Stability(
        sentence="It stands on one answer.",
        flips=flips,
        tried={"question": 1, "mark": 2, "threshold": 4},
        agreeing=0.625,
        bootstraps=200,
    )
    page = drawn(told, stability=firm)
    assert page.text.count("It stands on one answer.") == 1
    (full,) = page.texts("details", "in-full")
    for part in ("1 question, 2 marks, 4 thresholds", "62%", "Likely from 0.75 → likely shown"):
        assert part in " ".join(full.split())
    assert page.broken_links() == []


async def test_claims_tell_their_state_and_their_words(told: Report) -> None:
    said = (Evidence(quote="I know Kafka"),)
    line = ClaimLine(what="Kafka", status="contradicted", claimed=said, against=said)
    page = drawn(told, claim_ledger=(line,), claims=("Kafka",))
    assert page.texts("span", "claim-contradicted") == ["contradicted"]
    assert page.texts("q", "said").count("I know Kafka") == 2
    assert "Tools the candidate says" not in page.text


async def test_the_receipt_shows_ranges_only_where_there_are_any(told: Report) -> None:
    share = Share(name="hints", mine=2, median=1, low=0, high=4)
    receipt = Receipt(
        others=12, common=4, core=5, shares=(share,), examiners=("local",), sentence="Alike."
    )
    assert "0 to 4" in drawn(told, receipt=receipt).text
    bare = receipt.model_copy(update={"shares": (Share(name="hints", mine=2),)})
    assert "Middle of" not in drawn(told, receipt=bare).text


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_each_outcome_looks_and_reads_differently(told: Report, outcome: str) -> None:
    question = told.questions[0].model_copy(update={"outcome": outcome, "review": None})
    page = drawn(told, questions=(question,))
    (shown,) = page.texts("p", f"outcome-{outcome}")
    assert shown.startswith(OUTCOMES[outcome])
    assert OUTCOMES_MEAN[outcome] in page.text


@pytest.mark.parametrize("review", REVIEWS)
async def test_what_a_person_looks_at_is_told_as_that_and_not_as_an_outcome(
    told: Report, review: str
) -> None:
    question = told.questions[0].model_copy(update={"review": review})
    page = drawn(told, questions=(question,))
    (shown,) = page.texts("p", f"outcome-{review}")
    assert shown.startswith(REVIEWS[review])


async def test_a_score_is_told_point_by_point(visitor: Visitor) -> None:
    interview = await interviewed(visitor, SAID)
    report = await visitor.service.report(interview, "candidate")
    page = await visitor.page(f"/interviews/{interview}/report")
    (question,) = report.questions
    assert question.sum
    assert question.sum in page.text
    (table,) = page.texts("table", "score")
    for line in question.earned:
        assert line.text.strip() in table
        assert (
            f"{line.credit:.2f}" if line.aid else f"−{line.off:.2f}" if line.off else "0"
        ) in table


def contest(report: Report, state: ContestState, atom: str | None) -> Contest:
    decided = {} if state == "open" else {"decided_by": "Ada", "decision": "It stands there."}
    return Contest(
        number=1,
        question=1,
        atom=atom,
        text=None,
        reason="I did say it.",
        quote=None,
        at=0.0,
        state=state,
        withdrawn=state == "upheld",
        **decided,
    )


@pytest.mark.parametrize("state", ["open", "upheld", "refused"])
@pytest.mark.parametrize("whole", [False, True])
async def test_a_contest_stands_at_its_mark_with_its_state(
    told: Report, state: ContestState, whole: bool
) -> None:
    atom = None if whole else missed(told)
    page = drawn(own(told), contests=(contest(told, state, atom),))
    (shown,) = page.texts("div", f"contest-{state}")
    assert "I did say it." in shown
    assert ("It stands there." in shown) == (state != "open")
    assert ("leaves the kit" in shown) == (state == "upheld")
    assert any(("I did say it." in row) != whole for row in page.texts("table", "score"))
    asked = page.attributes("input", "value")
    assert (atom in asked if atom else page.text.count("I see this differently: question 1")) == (
        state != "open"
    )


async def test_only_the_team_decides_and_only_what_is_open(told: Report) -> None:
    for audience, state, forms in (("team", "open", 1), ("team", "refused", 0)):
        whole = contest(told, state, None)  # type: ignore[arg-type]
        page = drawn(told, audience=audience, contests=(whole,))
        decide = f"/interviews/{told.interview}/contests/1/decision"
        assert page.attributes("form", "action").count(decide) == forms
    candidate = drawn(own(told), contests=(contest(told, "open", missed(told)),))
    assert not any("decision" in action for action in candidate.attributes("form", "action"))


async def test_a_candidate_contests_a_mark_and_a_person_upholds_it(visitor: Visitor) -> None:
    interview = await interviewed(visitor, MISSES)
    report = await visitor.service.report(interview, "candidate")
    form = {"question": "1", "reason": "I said so.", "words": "whoever owns the job"}
    path = f"/interviews/{interview}/contests"
    sent = await visitor.client.post(path, data=form | {"atom": missed(report)})
    assert sent.status_code == 303, sent.text
    own_page = await visitor.page(sent.headers["location"].partition("#")[0])
    assert len(own_page.texts("div", "contest-open")) == 1
    team = await visitor.page(f"/interviews/{interview}/report?for=team")
    (decide,) = [a for a in team.attributes("form", "action") if a.endswith("/decision")]
    asked = [*team.attributes("input", "name"), *team.attributes("textarea", "name")]
    assert {"by", "reason", "withdraw"} <= set(asked)
    ruling = {"decision": "uphold", "reason": "It is there.", "by": "Ada", "words": form["words"]}
    ruled = await visitor.client.post(decide, data=ruling)
    assert ruled.status_code == 303, ruled.text
    after = await visitor.page(f"/interviews/{interview}/report")
    (upheld,) = after.texts("div", "contest-upheld")
    assert "It is there." in upheld
    assert after.live() == []


async def test_of_a_question_contested_as_a_whole_a_person_names_the_points_that_are_made(
    visitor: Visitor,
) -> None:
    interview = await interviewed(visitor, MISSES, mode="screen")
    path = f"/interviews/{interview}/contests"
    await visitor.client.post(path, data={"question": "1", "reason": "I said so."})
    atom = missed(await visitor.service.report(interview, "team"))
    team = await visitor.page(f"/interviews/{interview}/report?for=team")
    assert atom in team.attributes("option", "value")
    words = {"point": ["", atom], "point_words": ["", "whoever owns the job"]}
    ruling = {"decision": "uphold", "reason": "It is there.", "by": "Ada", **words}
    ruled = await visitor.client.post(f"{path}/1/decision", data=ruling)
    assert ruled.status_code == 303, ruled.text
    after = await visitor.page(f"/interviews/{interview}/report?for=team")
    (row,) = [each for each in after.texts("tr", "row-shown") if "Watermarks" in each]
    assert "A person has ruled on it; local had marked it not shown." in " ".join(row.split())
    assert after.broken_links() == []


async def test_after_a_screen_only_a_whole_question_can_be_contested(visitor: Visitor) -> None:
    interview = await interviewed(visitor, SAID, mode="screen")
    page = await visitor.page(f"/interviews/{interview}/report")
    assert "atom" not in page.attributes("input", "name")
    assert page.attributes("form", "action") == [f"/interviews/{interview}/contests"]


async def test_a_contest_from_another_site_is_refused(visitor: Visitor) -> None:
    interview = await interviewed(visitor, SAID)
    headers = {"origin": "https://evil.example", "accept": "text/html"}
    form = {"question": "1", "reason": "So."}
    sent = await visitor.client.post(
        f"/interviews/{interview}/contests", data=form, headers=headers
    )
    assert sent.status_code == 403


async def test_words_that_do_not_stand_come_back_in_the_form_that_they_were_written_in(
    visitor: Visitor,
) -> None:
    interview = await interviewed(visitor, MISSES)
    report = await visitor.service.report(interview, "candidate")
    atom = missed(report)
    form = {"question": "1", "atom": atom, "reason": "I <b>did</b>.", "words": "nobody said this"}
    path = f"/interviews/{interview}/contests"
    page = visitor.read(await visitor.client.post(path, data=form), 422)
    assert page.text.count("“nobody said this”") == 2
    assert f"#see-1-{atom}" in page.attributes("a", "href")
    assert page.broken_links() == []
    (open_,) = [e for e in page.texts("details", "contesting") if "nobody said this" in e]
    assert "I <b>did</b>." in open_
    assert page.attributes("input", "value").count("nobody said this") == 1
    assert page.live() == []
    assert (await visitor.service.report(interview, "team")).contests == ()


@pytest.mark.parametrize("mode", ["practice", "screen"])
async def test_in_practice_no_team_is_promised(told: Report, mode: str) -> None:
    text = drawn(own(told), mode=mode, contests=(contest(told, "open", None),)).text
    assert ("of the team" in text) == (mode == "screen")
    assert ("Nobody waits" in text) == (mode == "practice")


async def test_the_team_reads_at_the_top_how_much_is_contested_and_changed(told: Report) -> None:
    contests = tuple(contest(told, state, None) for state in ("open", "open", "refused"))
    ruled = told.questions[0].model_copy(update={"overruled": (told.questions[0].marks[0].mark,)})
    parts = {"contests": contests, "questions": (ruled,)}
    said = "2 contests are open; a person has changed 1 mark."
    assert said in drawn(told, **parts).text
    assert said in as_markdown(told.model_copy(update=parts))
    assert said not in drawn(own(told), **parts).text
    assert "contests are open" not in drawn(told).text


async def test_a_middle_beyond_the_scale_is_drawn_and_told_as_beyond(told: Report) -> None:
    beyond = {"level": 3.8, "low": 2.4, "high": 5.0, "probability": 1.0, "testlets": 4}
    page = drawn(told, overall=told.overall and told.overall.model_copy(update=beyond))
    assert "Level principal or beyond (2.4 to beyond principal), over 99% at or above" in page.text
    assert "100%" not in page.text
    assert "junior 0, mid 1, senior 2, principal 3" in page.text


async def test_a_point_that_was_doubted_says_so_and_can_be_seen_differently(told: Report) -> None:
    line = Earned(atom="x", text="So.", state="shown", credit=0.2, aid="unaided", sure=0.2)
    given = told.questions[0].marks[0]
    quote = Quote(text=MISSES[:8], start=0, end=8)
    met = given.mark.model_copy(update={"atom": "x", "verdict": "met", "quote": quote})
    for lines, label, forms in (
        (line, "Perhaps shown (0.20)", 1),
        (line.model_copy(update={"credit": 0.75, "aid": "hinted", "worth": 0.75, "sure": 1.0}),
         "Shown, after a hint (0.75)", 0),
    ):  # fmt: skip
        marks = (given.model_copy(update={"mark": met}),)
        question = told.questions[0].model_copy(update={"earned": (lines,), "marks": marks})
        page = drawn(own(told), questions=(question,))
        assert label in page.text
        assert "Shown in part" not in page.text
        assert page.attributes("input", "value").count("x") == forms


async def test_the_plan_leads_to_the_notice_of_a_new_practice(told: Report) -> None:
    page = drawn(own(told), study_plan=PLAN)
    assert "The ranges overlap." in page.text
    links = [urlsplit(href) for href in page.attributes("a", "href") if "/notice" in href]
    assert {link.path for link in links} == {"/kits/nightly/notice"}
    asked = [parse_qs(link.query) for link in links]
    same = {"level": ["mid"], "mode": ["practice"], "examiner": ["local"]}
    assert {"again": ["q-7"], **same} in asked
    assert {"drill": ["Loading"], **same} in asked
    by_model = drawn(own(told.model_copy(update={"examiner": "model"})), study_plan=PLAN)
    links = [href for href in by_model.attributes("a", "href") if "/notice" in href]
    assert links != []
    assert all("examiner=model" in href for href in links)
    team = drawn(told, study_plan=PLAN)
    assert not any("/notice" in href for href in team.attributes("a", "href"))


async def test_a_page_that_stands_alone_asks_nobody_for_anything(told: Report) -> None:
    firm = Stability(sentence="Firm.", flips=(), tried={}, agreeing=None, bootstraps=0)
    parts = {"stability": firm, "study_plan": PLAN, "contests": (contest(told, "open", None),)}
    for report in (told, own(told)):
        text = standalone(report.model_copy(update=parts))
        page = Html(text)
        assert re.findall(r"(?:src|href|action)=\"(?!#)[^\"]*", text) == []
        assert re.findall(r"url\(|@import|https?:", text) == []
        names = {name for name, _ in page.elements}
        assert names.isdisjoint({"form", "script", "link", "button"})
        assert "style" in names
        assert told.questions[0].text.strip() in page.text
        assert all("open" in found for name, found in page.elements if name == "details")


def test_the_command_prints_the_page_that_stands_alone(home: Path) -> None:
    async def held() -> str:
        async with visiting(home) as visitor:
            await visitor.load(two_points())
            return await interviewed(visitor, SAID)

    interview = asyncio.run(held())
    ran = CliRunner().invoke(app, ["report", interview, "--format", "html"])
    assert ran.exit_code == 0, ran.output
    page = Html(ran.stdout)
    assert page.texts("h1") == ["Interview report"]
    assert SAID in page.text


async def compared(visitor: Visitor, *answers: str) -> tuple[list[str], Html]:
    """Screens with one answer each, side by side."""
    ids = [await interviewed(visitor, each, mode="screen") for each in answers]
    return ids, await visitor.page("/compare?" + "&".join(f"interview={id_}" for id_ in ids))


async def test_candidates_whose_ranges_overlap_stand_in_no_order(visitor: Visitor) -> None:
    ids, page = await compared(visitor, SAID, "I would look at the logs.")
    assert "No order that the answers support" in page.texts("h2")
    assert page.texts("code")[1:] == sorted(ids)
    assert len(page.attributes("svg", "aria-label")) == 2
    assert page.texts("h3") == []
    assert "1 question in common" in page.text
    assert page.live() == []
    assert page.broken_links() == []


async def test_what_cannot_be_compared_says_why(visitor: Visitor) -> None:
    screen = await interviewed(visitor, SAID, mode="screen")
    practice = await interviewed(visitor, SAID)
    for query in (f"interview={screen}", f"interview={screen}&interview={practice}"):
        response = await visitor.client.get(f"/compare?{query}", headers={"accept": "text/html"})
        page = visitor.read(response, response.status_code)
        assert 400 <= response.status_code < 500
        assert page.texts("h1") != []


async def test_the_lobby_offers_screens_of_one_kit_and_level_to_compare(visitor: Visitor) -> None:
    ids = [await interviewed(visitor, SAID, mode="screen") for _ in range(2)]
    other = await interviewed(visitor, SAID, mode="screen", level="senior")
    offered = (await visitor.page("/")).attributes("input", "value")
    assert set(ids) <= set(offered)
    assert other not in offered


def test_axe_finds_nothing_on_a_report_that_is_argued_with(served: Served, visit: Visit) -> None:
    page = visit(f"/interviews/{served.interview(questions=2)}", reduced_motion="reduce")
    ready(page)
    answer(page, BACKGROUND)
    answer(page, ANSWER)
    press(page, "skip")
    answer(page, ANSWER)
    page.click("#tools [data-ends]")
    page.click("#ending .danger")
    page.locator("#over").wait_for()
    page.click("#over a")
    page.wait_for_url("**/report?for=candidate")
    page.locator(".contesting summary").first.click()
    found = {"contesting": findings(page)}
    page.locator(".contesting[open] textarea").fill("I said it in other words.")
    page.locator(".contesting[open] button").click()
    page.locator(".contest-open").wait_for()
    found["contested"] = findings(page)
    page.goto(page.url.partition("?")[0] + "?for=team")
    page.locator(".contest .contesting summary").click()
    found["deciding"] = findings(page)
    assert {state: list_ for state, list_ in found.items() if list_} == {}
