"""Marks out and in as CSV, and what two people's marks come to."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marking_desk import Desk
from scored import GOOD

from api.hiring.reviewing import FOUND
from api.marking.agreement import Agreement, agreement
from api.marking.marks import MarkRow
from api.marking.model import Entry, Mark, Sheet
from api.marking.sets import NewSet, Sets
from api.marking.table import COLUMNS, read, written
from knowledge.errors import BadInput

in_one_loop = pytest.mark.asyncio(loop_scope="module")

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60).map(str.strip)
names = texts.filter(bool)
rows = st.builds(
    MarkRow,
    transcript=st.just("k3m9x2p4qa"),
    question=st.just("question-1"),
    atom=st.just("point-1"),
    verdict=st.sampled_from(FOUND),
    words=texts,
    by=names,
    role=st.sampled_from(("person", "author", "adjudicated")),
    at=st.integers(0, 4_000_000_000).map(float),
    blind=st.booleans(),
)


@given(st.lists(rows, min_size=1, max_size=5))
def test_no_cell_is_a_formula_and_plain_marks_come_back_as_they_were(made: list[MarkRow]) -> None:
    text = written(made)
    for cells in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        assert not any(cell[:1] in {"=", "+", "-", "@"} for cell in cells)
    lines, wrong = read(text.encode())
    plain = [row for row in made if not set(row.words + row.by) & set(";'\"=+-@\ufeff＝＋－＠")]
    assert wrong == []
    assert [line.row for line in lines if line.row in plain] == plain


@in_one_loop
async def test_what_one_set_gives_out_another_takes_in_and_says_which_lines_it_cannot(
    desk: Desk,
) -> None:
    await desk.mark_all("evaluator", "met")
    await desk.mark_all("recruiter", "not_met")
    admin = desk.room.clients["admin"]
    table = (await admin.get(f"/api{desk.path}/marks.csv")).text
    head, *lines = table.removeprefix("\ufeff").splitlines()
    assert head == ",".join(f'"{name}"' for name in COLUMNS)
    assert len(lines) == len(await desk.rows())
    first = desk.interviews[0]
    wish = NewSet("Anew", [first])
    other = await Sets(desk.room.database).make(desk.room.callers["admin"], wish)
    good = [line for line in lines if first in line]
    bad = [
        f"{first},question-none,point-none,met,,Zoe,person,,",
        f"{first},question-none,point-none,maybe,,Zoe,person,,",
        f"{first},question-none",
        good[0].replace('"","Evaluator"', '"never said","Zoe"'),
    ]
    sent = "\n".join([head, *good, *bad]).encode()
    page = await admin.post(f"/marking/{other}/import", files={"file": ("marks.csv", sent)})
    assert page.status_code == 200
    assert f"{len(good)} marks came in" in page.text
    for number, why in enumerate(("no answered question", "no verdict", "nothing stands"), 2):
        assert f"Line {len(good) + number}: " in page.text
        assert why in page.text
    assert "stands in no answer" in page.text
    desk.set = other
    kept = {(row.by, row.question, row.atom, row.verdict) for row in await desk.rows()}
    assert len(kept) == len(good)
    assert await desk.next("evaluator") is None


@in_one_loop
async def test_while_a_set_is_open_only_interviews_with_all_their_marks_are_given_out(
    desk: Desk,
) -> None:
    await desk.mark_all("evaluator", "met")
    recruiter = desk.room.clients["recruiter"]
    assert len((await recruiter.get(f"/api{desk.path}/marks.csv")).text.splitlines()) == 1
    await recruiter.post(f"{desk.path}/close")
    assert len((await recruiter.get(f"/api{desk.path}/marks.csv")).text.splitlines()) > 2


@in_one_loop
async def test_words_are_kept_as_they_stand_in_the_answer(desk: Desk) -> None:
    path = f"{desk.path}/{await desk.number(desk.interviews[0])}"
    while await desk.next("evaluator") != path:
        await desk.mark("evaluator", "met")
    form = await desk.form("evaluator", path, "met")
    name = next(iter(form)).replace("mark-", "words-")
    await desk.send("evaluator", path, form | {name: "THE OLD  version of every row"})
    assert "The old version of every row" in {row.words for row in await desk.rows()}
    assert "The old version of every row" in GOOD


@pytest.mark.parametrize("file", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"x" * (2**21 + 1)])
def test_what_is_no_such_table_is_one_clear_error(file: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        read(file)
    assert refused.value.remedy


def entry_of(*people: tuple[str, list[str]], author: str = "") -> Entry:
    """An interview in which these people found this of its points."""
    kept = tuple(
        Sheet(
            marker=f"user:{name}",
            name=name,
            marks=tuple(
                Mark(1, "question", f"point-{n}", found)  # type: ignore[arg-type]
                for n, found in enumerate(verdicts)
            ),
            is_author=name == author,
            blind=True,
            touched=1.0,
            at=1.0,
            source="page",
        )
        for name, verdicts in people
    )
    return Entry("i", 1, kept, (), ())


def test_kappa_is_cohens() -> None:
    """The example of two raters and fifty cases that textbooks use: 20, 5, 10 and 15."""
    one = ["met"] * 25 + ["not_met"] * 25
    other = ["met"] * 20 + ["not_met"] * 5 + ["met"] * 10 + ["not_met"] * 15
    told = agreement([entry_of(("Ada", one), ("Ben", other))])
    assert (told.pairs, told.agreed, told.by_chance) == (50, 35, 0.5)
    assert told.kappa == pytest.approx(0.4)


def test_an_author_and_what_nobody_can_say_are_in_no_figure() -> None:
    ada, ben, eve = ("Ada", ["met", "abstained"]), ("Ben", ["met", "met"]), ("Eve", ["not_met"] * 2)
    told = agreement([entry_of(ada, ben, eve, author="Eve")])
    assert told == Agreement(pairs=1, agreed=1, by_chance=1.0, left_open=1, not_blind=0)
    assert (told.share, told.kappa) == (1.0, None)
    assert agreement([]).share is None


verdicts = st.lists(st.sampled_from(FOUND), min_size=6, max_size=6)


@given(verdicts, verdicts)
def test_agreement_does_not_ask_who_came_first_and_kappa_is_at_most_the_share(
    one: list[str], other: list[str]
) -> None:
    told = agreement([entry_of(("Ada", one), ("Ben", other))])
    assert told == agreement([entry_of(("Ben", other), ("Ada", one))])
    assert told.pairs + told.left_open == 6
    if told.kappa is not None:
        assert -1.0 <= told.kappa <= (told.share or 0.0) + 1e-9


LINE = "k3m9x2p4qa,question-1,point-1,met,{words},{by},person,{at},no"


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"at": "0001-01-01T00:00:00+23:00"}, "at is a time"),
        ({"at": "9999-12-31T23:59:59-23:00"}, "at is a time"),
        ({"by": "Zo\0e"}, "NUL"),
        ({"words": "a\0b"}, "NUL"),
    ],
)
def test_a_time_or_character_that_could_not_be_given_out_again_is_told(
    cells: dict[str, str], why: str
) -> None:
    line = LINE.format(**{"words": "", "by": "Zoe", "at": ""} | cells)
    lines, [wrong] = read(f"{','.join(COLUMNS)}\n{line}\n".encode())
    assert lines == []
    assert why in wrong.why


@in_one_loop
async def test_a_table_does_not_overrule_what_somebody_settled(desk: Desk) -> None:
    await desk.mark_all("evaluator", "met")
    await desk.mark_all("recruiter", "not_met")
    admin, number = desk.room.clients["admin"], await desk.number(desk.interviews[0])
    path = f"{desk.path}/{number}/settle"
    page = (await admin.get(path)).text
    [key, *_] = re.findall(r'name="reason-([^"]+)"', page)
    form = {f"mark-{key}": "met", f"reason-{key}": "It says so."}
    assert (await admin.post(path, data=form)).status_code == 303
    [ruled] = [row for row in await desk.rows() if row.role == "adjudicated"]
    line = f"{ruled.transcript},{ruled.question},{ruled.atom},not_met,,Zoe,adjudicated,,"
    sent = f"{','.join(COLUMNS)}\n{line}\n".encode()
    told = await admin.post(f"{desk.path}/import", files={"file": ("marks.csv", sent)})
    assert "somebody has settled that point here already" in told.text
    assert [row for row in await desk.rows() if row.role == "adjudicated"] == [ruled]
