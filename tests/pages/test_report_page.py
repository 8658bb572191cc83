from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml
from visiting import Html, Visitor, visiting

from agent.report.model import Standing
from agent.report.telling import standing_in_words
from api.pages.figures import interval

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</code></pre><svg onload=alert(1)>",
    "</textarea></title><iframe src=javascript:alert(1)></iframe>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "{{ 7 * 7 }}{% include 'base.html' %}",
    "![beacon](https://evil.example/b.png?q=1)",
    "[here](javascript:alert(1)) <https://evil.example>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!-- -->]]><a href=https://evil.example>x</a>",
)
POINT = "The load replaces the whole partition of the day."
QUESTION = "A nightly load ran twice on one day. How do you keep the totals right?"
SAID = "I am sure of this: the load replaces the whole partition of the day. So it can run again."


def kit(hostile: str = "") -> str:
    """A kit of one question; the hostile text stands wherever a document could have put it."""
    question = {
        "question": f"{QUESTION} {hostile}",
        "has": [
            {"point": f"{POINT} {hostile}"},
            {"indicator": f"Deletes all of it first. {hostile}", "polarity": "negative"},
        ],
    }
    level = {"level": f"Repairs a load alone. {hostile}", "at": "mid"}
    money = {"money": "What is a DAG?", "has": [{"reference": f"A graph of tasks. {hostile}"}]}
    return yaml.safe_dump(
        {
            "viva": 1,
            "name": "nightly",
            "title": f"Night {hostile}",
            "about": {"company": f"Owl {hostile}", "role": f"Loader {hostile}"},
            "atoms": [
                {"advice": f"Bring a story. {hostile}"},
                {"competency": f"Loading {hostile}", "has": [level, question]},
                {"flag": f"Works in production by hand. {hostile}", "polarity": "negative"},
                {"technology": f"Airflow {hostile}", "has": [money]},
            ],
        },
        sort_keys=False,
    )


@pytest.fixture
async def visitor(home: Path) -> AsyncIterator[Visitor]:
    async with visiting(home) as opened:
        yield opened


async def interviewed(
    visitor: Visitor, answer: str, mode: str = "practice", level: str = "mid"
) -> str:
    """An interview with one answer, which is over."""
    interview = await visitor.begin("nightly", mode=mode, level=level)
    await visitor.send(interview, "answer", "I have loaded tables for three years.")
    await visitor.send(interview, "answer", answer)
    await visitor.send(interview, "end")
    return interview


def quotes(page: Html) -> list[str]:
    return page.texts("mark", "quote")


async def test_a_quote_is_lit_in_the_answer_and_tied_to_its_mark_both_ways(
    visitor: Visitor,
) -> None:
    await visitor.load(kit())
    page = await visitor.page(f"/interviews/{await interviewed(visitor, SAID)}/report")
    told = await visitor.service.report(page_id(page), "candidate")
    given = [g for q in told.questions for g in q.marks if g.mark.verdict == "met"]
    assert given
    assert given[0].mark.quote is not None
    assert given[0].mark.quote.text in quotes(page)
    leads = page.attributes("a", "href")
    assert "#q1-mark1" in leads
    assert "#q1-quote1" in leads
    assert page.broken_links() == []


def page_id(page: Html) -> str:
    """The interview's id, as the head of the report tells it."""
    return page.texts("code")[0]


async def test_the_report_says_all_that_the_terminals_says(visitor: Visitor) -> None:
    await visitor.load(kit())
    interview = await interviewed(visitor, SAID)
    for audience in ("candidate", "team"):
        told = await visitor.service.report(
            interview, "team" if audience == "team" else "candidate"
        )
        page = await visitor.page(f"/interviews/{interview}/report?for={audience}")
        wanted = [
            told.verdict,
            *told.notes,
            *(standing.name for standing in told.competencies),
            *(standing.verdict for standing in told.competencies),
            *(question.text.strip() for question in told.questions),
            *(answer.text for question in told.questions for answer in question.answers),
            *(line.anchor for line in told.communication),
            *(item.text.strip() for item in told.study),
            *told.flags_never_asked,
            told.scale,
        ]
        shown = page.text.casefold()
        assert [each for each in wanted if " ".join(each.split()).casefold() not in shown] == []


async def test_an_interval_is_drawn_with_its_numbers_in_words(visitor: Visitor) -> None:
    await visitor.load(kit())
    page = await visitor.page(f"/interviews/{await interviewed(visitor, SAID)}/report")
    told = await visitor.service.report(page_id(page), "candidate")
    drawn = page.attributes("svg", "aria-label")
    known = [each for each in told.competencies if each.level is not None]
    assert len(drawn) == len(known) + (told.overall is not None and told.overall.level is not None)
    for each in known:
        assert any(standing_in_words(each) in words for words in drawn)
    for place in page.attributes("rect", "x") + page.attributes("rect", "width"):
        assert 0 <= float(place.removesuffix("%")) <= 100


def test_an_interval_that_goes_beyond_the_scale_stays_in_its_figure_and_says_so() -> None:
    standing = Standing(
        name="Loading",
        verdict="not shown in this interview",
        probability=0.05,
        level=-1.0,
        low=-2.1,
        high=0.1,
        testlets=3,
        marks=0,
    )
    drawn = interval(standing, "junior")
    assert drawn is not None
    assert drawn.low == 0 < drawn.middle < 5
    assert (drawn.goes_below, drawn.goes_above) == (True, False)
    assert "junior or below (below junior to 0.1); asked at junior" in drawn.words
    assert "-" not in drawn.words


async def test_what_it_was_made_with_is_folded_away_for_the_candidate_and_open_for_the_team(
    visitor: Visitor,
) -> None:
    await visitor.load(kit())
    interview = await interviewed(visitor, SAID)
    told = await visitor.service.report(interview, "team")
    own = await visitor.page(f"/interviews/{interview}/report")
    team = await visitor.page(f"/interviews/{interview}/report?for=team")
    (made,) = own.texts("details", "making")
    assert told.kit_version in made
    assert "by local" in made
    assert "(point, local)" in team.text
    assert "(point" not in own.text
    for each in (told.kit_version, "by local"):
        assert own.text.count(each) == 1
    assert team.texts("details", "making") == []
    assert told.kit_version in team.text


async def test_the_words_for_the_two_views_fit_practice_and_a_screen(visitor: Visitor) -> None:
    await visitor.load(kit())
    for mode, words in (("practice", "Everything that was noted"), ("screen", "The team's view")):
        interview = await interviewed(visitor, SAID, mode=mode)
        page = await visitor.page(f"/interviews/{interview}/report")
        links = [" ".join(text.split()) for text in page.texts("a", "button")]
        assert links[0] == words


async def test_a_question_that_the_documents_do_not_answer_is_left_to_no_team_in_practice(
    visitor: Visitor,
) -> None:
    await visitor.load(kit())
    told = {"practice": "(not answered by the documents)", "screen": "(open: please answer)"}
    for mode, words in told.items():
        interview = await visitor.begin("nightly", mode=mode)
        await visitor.send(interview, "answer", "I have loaded tables for three years.")
        while (await visitor.service.view(interview)).stage != "wrap_up":
            await visitor.send(interview, "skip")
        await visitor.send(interview, "answer", "How many people are on the team?")
        await visitor.send(interview, "end")
        page = await visitor.page(f"/interviews/{interview}/report?for=team")
        assert words in page.text


async def test_an_addition_stands_below_its_answer_and_not_below_what_was_asked_then(
    visitor: Visitor,
) -> None:
    await visitor.load(kit())
    interview = await visitor.begin("nightly")
    await visitor.send(interview, "answer", "I have loaded tables for three years.")
    while (await visitor.service.view(interview)).stage == "probes":
        await visitor.send(interview, "answer", "I would look at the logs first.")
    await visitor.send(interview, "amend", "And I would ask who started it.")
    await visitor.send(interview, "end")
    (asked,) = (await visitor.service.report(interview, "candidate")).questions
    assert asked.answers[-1].amends
    follow_ups = len({answer.question for answer in asked.answers[:-1]}) - 1
    page = await visitor.page(f"/interviews/{interview}/report")
    assert len(page.texts("p", "follow-up")) == follow_ups >= 1
    assert page.text.count("Added later") == 1


async def test_code_in_an_answer_is_shown_as_code(visitor: Visitor) -> None:
    await visitor.load(kit())
    answer = f"{SAID}\n```sql\ndelete from t\n  where day = :day;\n```\nThat is all."
    page = await visitor.page(f"/interviews/{await interviewed(visitor, answer)}/report")
    assert page.texts("pre", "code") == ["delete from t\n  where day = :day;"]
    assert "```" not in page.text


async def test_while_the_interview_runs_its_candidate_reads_nothing_of_the_report(
    visitor: Visitor,
) -> None:
    await visitor.load(kit())
    interview = await visitor.begin("nightly")
    await visitor.send(interview, "answer", "I have loaded tables for three years.")
    await visitor.send(interview, "answer", SAID)
    page = await visitor.page(f"/interviews/{interview}/report")
    assert page.texts("h1") == ["The report comes at the end."]
    assert f"/interviews/{interview}" in page.attributes("a", "href")
    for told in (POINT, SAID, "Loading"):
        assert told not in page.text


async def test_after_a_screen_the_candidate_sees_the_answers_and_neither_mark_nor_rubric(
    visitor: Visitor,
) -> None:
    await visitor.load(kit())
    interview = await interviewed(visitor, SAID, mode="screen")
    own = await visitor.page(f"/interviews/{interview}/report?for=candidate")
    assert "With the team" in own.text
    assert SAID in own.text
    assert POINT not in own.text
    assert quotes(own) == []
    assert own.attributes("svg", "aria-label") == []
    team = await visitor.page(f"/interviews/{interview}/report?for=team")
    assert POINT in team.text
    assert quotes(team) != []


@pytest.mark.parametrize("hostile", [each for each in HOSTILE if "<" in each])
def test_what_looks_for_live_parts_finds_each_where_nothing_is_escaped(hostile: str) -> None:
    assert bool(Html(f"<p>{hostile}</p>").live()) == ("<http" not in hostile)


@pytest.mark.parametrize("hostile", [" ".join(HOSTILE[n::3]) for n in range(3)])
async def test_hostile_text_in_a_kit_and_in_answers_is_shown_and_does_nothing(
    visitor: Visitor, hostile: str
) -> None:
    await visitor.load(kit(hostile))
    answer = f"{SAID} {hostile}\n```{hostile}\n{hostile}\n```\n{hostile}"
    interview = await interviewed(visitor, answer)
    going = await visitor.begin("nightly")
    await visitor.send(going, "answer", answer)
    paths = ["/", "/kits/nightly", "/kits/nightly/notice", f"/interviews/{going}"]
    paths += [f"/interviews/{interview}/report?for={each}" for each in ("candidate", "team")]
    for path in paths:
        response = await visitor.client.get(path)
        page = visitor.read(response)
        assert page.live() == []
        assert hostile in page.text
    report = await visitor.page(paths[-1])
    assert any(hostile in code for code in report.texts("pre", "code"))
    assert report.broken_links() == []


@pytest.mark.parametrize(
    "hostile", [HOSTILE[1].replace("/", ""), "a\x00\x1b[31m\u202eb.md", "..md"]
)
async def test_a_hostile_file_name_is_shown_and_does_nothing(
    visitor: Visitor, hostile: str
) -> None:
    bank = Path(__file__).parents[1] / "documents" / "04_data_analyst_bank.md"
    files = [("files", (f"{hostile}.md", bank.read_bytes(), "text/markdown"))]
    response = await visitor.client.post("/kits", files=files)
    page = visitor.read(response, 201)
    assert page.live() == []
    assert "What Viva understood" in page.text
    for path in page.attributes("form", "action"):
        again = await visitor.page(path.removesuffix("/notice"))
        assert again.live() == []
