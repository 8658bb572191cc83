"""Pages of any kind become what a person reads on them, and each line knows its line."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import BadInput
from knowledge.parser import parse
from knowledge.readers import html, read
from knowledge.reading import Received

CALM = (
    "<p>We look for a calm person who leads a small team and writes things down for the others.</p>"
)


def page(inner: str) -> Received:
    return read(f"<!doctype html>\n<body>\n{inner}\n</body>".encode(), "page.html")


def lines(received: Received) -> list[str]:
    return [line for line in received.text.split("\n") if line]


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        ("<h1>A</h1><h4>B <b>C</b></h4>", ["# A", "#### B C"]),
        ("<p>One<p>two &amp; three&nbsp;&eacute;", ["One", "two & three é"]),
        ("<p><b>One</b> and <strong>two</strong><b> more</b>", ["**One** and **two more**"]),
        ("<p>One<br>Two<br>and on", ["One", "Two and on"]),
        ("<p>Run <code>x = y</code> now", ["Run `x = y` now"]),
        ("<ol start=3><li>a<li value=7>b<li>c</ol>", ["3. a", "7. b", "8. c"]),
        ("<ol type=a><li>x<li>y</ol>", ["a. x", "b. y"]),
        ("<ol reversed><li>x<li>y</ol>", ["2. x", "1. y"]),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", ["- a", "    - b", "- c"]),
        ("<ul><li><p>a</p><p>b</p></ul>", ["- a", "    b"]),
        ("<blockquote>Tell me<br>About it</blockquote>", ["> Tell me", "> About it"]),
        ("<blockquote>a<blockquote>b</blockquote>c</blockquote>", ["> a", "> b", "c"]),
        ("<pre>if x:\n    y</pre><p>z", ["```", "if x:", "    y", "```", "z"]),
        ("<p>He said <q>no</q>", ["He said “no”"]),
        ("<p>kept <del>struck</del> kept", ["kept kept"]),
        ("<h2>A<a class=headerlink href=#a>¶</a></h2>", ["## A"]),
        ("<p>soft&shy;ly &#8203;said", ["softly said"]),
        ("<table role=presentation><tr><td><p>a</p><td>b</table>", ["a", "b"]),
    ],
)
def test_what_is_marked_up_is_read_as_it_is_meant(inner: str, wanted: list[str]) -> None:
    assert lines(page(inner)) == wanted


def test_each_line_tells_its_line_in_the_file() -> None:
    received = page("<h1>A</h1>\n\n<p>\nOne\n</p><ul>\n<li>x\n</ul>")
    told = {line: received.place(n) for n, line in enumerate(received.text.split("\n"), 1) if line}
    assert told == {"# A": "line 3", "One": "line 6", "- x": "line 8"}


# Tables


def test_spans_are_filled_and_names_of_two_rows_joined() -> None:
    received = page(
        "<table><tr><th rowspan=2>Skill<th colspan=2>Level<tr><th>Junior<th>Senior"
        "<tr><td rowspan=2>Care<td>a<br>b<td>c<tr><td>d<td><ul><li>e<li>f</ul></table>"
    )
    assert lines(received) == [
        "| Skill | Junior | Senior |",
        "| --- | --- | --- |",
        "| Care | a<br>b | c |",
        "| Care | d | e<br>f |",
    ]


def test_cells_know_their_own_lines() -> None:
    received = page("<table><tr><th>Question<th>Level\n<tr><td>What is it?\n<td>Mid</table>")
    assert received.places[2] == ("line 4", "line 5")


def test_names_beside_their_values_are_labels() -> None:
    received = page(
        "<table><tr><th>Question<td>What is a roux?"
        "<tr><th>Good answer<td><ul><li>Fat<li>Flour</ul></table>"
    )
    assert lines(received)[0] == "**Question:** What is a roux?"
    kinds = [(atom.kind, atom.text) for atom in parse(received).atoms]
    assert kinds == [
        ("question", "What is a roux?"),
        ("indicator", "Fat"),
        ("indicator", "Flour"),
    ]


def test_a_table_without_a_header_gets_names() -> None:
    received = page("<table><tr><td>What is x?<td>senior<tr><td>What is y?<td>junior</table>")
    assert lines(received)[0] == "| Question | Level |"


def test_a_table_in_a_cell_is_lines_of_it() -> None:
    received = page(
        "<table><tr><th>A<th>B<tr><td>x<td><table><tr><td>1<td>one<tr><td>2<td>two</table></table>"
    )
    assert lines(received)[-1] == "| x | 1 – one<br>2 – two |"


def test_absurd_spans_are_bounded() -> None:
    rows = "<tr><td colspan=99999999 rowspan=99999999>x<td>y" * 200
    assert "x" in page(f"<table>{rows}</table>").text


# Questions and answers


def test_terms_that_ask_are_questions_and_others_labels() -> None:
    received = page(
        "<h2>Handover</h2><dl><dt>What is SBAR?<dd>A way to hand over."
        "<dt>Communication<dd>Listens<dt>Red flags<dd><ul><li>Rude</ul></dl>"
    )
    assert lines(received)[1:] == [
        "### What is SBAR?",
        "A way to hand over.",
        "**Communication:** Listens",
        "**Red flags:**",
        "- Rude",
    ]


def test_what_a_press_opens_is_read() -> None:
    received = page(
        "<details><summary>What is a roux?</summary>Fat and flour.</details>"
        "<h3><button aria-controls=p aria-expanded=false>What is a jus?</button></h3>"
        "<div id=p hidden>Juice of meat.</div>"
    )
    found = {(atom.kind, atom.text) for atom in parse(received).atoms}
    assert ("question", "What is a roux?") in found
    assert ("reference", "Juice of meat.") in found


def test_a_hint_within_an_answer_is_a_label() -> None:
    received = page(
        "<details><summary>What is a roux?</summary>Fat"
        "<details><summary>Hint</summary>Think of butter.</details></details>"
    )
    assert "**Hint:** Think of butter." in received.text


# Furniture


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><a href=/>Home</a> <a href=/a>Teams</a></nav>",
        "<header><a href=/>Logo words</a></header>",
        "<footer>© 2024 Bistro</footer>",
        "<aside>Read more of our posts</aside>",
        "<div class='cookie-banner'>We use cookies. Accept?</div>",
        "<div role=dialog>Sign in to go on</div>",
        "<ol class=breadcrumb><li>Home<li>Kitchen</ol>",
        "<div class='social-share'>Share this page</div>",
        "<ul><li><a href=#a>One<li><a href=#b>Two<li><a href=#c>Three</ul>",
        "<form><select><option>Pick one</select><input value=x><button>Send</button></form>",
        "<script>words()</script><style>p{}</style><template><p>words</p></template>",
    ],
)
def test_furniture_is_left_out(furniture: str) -> None:
    assert lines(page(f"{furniture}<h1>Chef</h1>{CALM * 3}")) == ["# Chef", *[CALM[3:-4]] * 3]


def test_what_was_left_out_is_told_with_its_line() -> None:
    assert page(f"<nav>Menu</nav>{CALM}").notes == (
        "Left out as furniture of the page: navigation (line 3).",
    )


def test_the_main_part_is_read_where_it_is_most_of_the_page() -> None:
    assert lines(page(f"<div>Beside</div><main>{CALM}</main>")) == [CALM[3:-4]]


@pytest.mark.parametrize(
    "inner",
    [
        f"<main><p>Small</p></main><div>{CALM}</div>",
        f"<div class=sidebar><h1>Kit</h1>{CALM * 8}</div>",
        f"<header><h1>Kit</h1></header>{CALM}",
        "<h1>Kit</h1><ul><li><a href=/a>What is a roux?<li><a href=/b>What is a jus?"
        "<li><a href=/c>Explain resting.</ul>",
        "<nav>What is a roux? The page is nothing else.</nav>",
    ],
)
def test_a_page_is_not_emptied_by_a_misleading_mark(inner: str) -> None:
    received = page(inner)
    assert received.text.count(" ") >= 2
    assert "Kit" in received.text or "Kit" not in inner


def test_a_title_stands_in_for_a_missing_great_heading() -> None:
    data = f"<title>Nurse guide - Confluence</title><body><h2>Care</h2>{CALM}".encode()
    assert lines(read(data, "page.html"))[0] == "# Nurse guide"


# Hidden text


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>SECRET words</p>",
        "<p style='display: none'>SECRET words</p>",
        "<div style='visibility:hidden'>SECRET words</div>",
        "<span aria-hidden=true>SECRET words</span>",
        "<span style='font-size:0'>SECRET words</span>",
        "<span style='font-size:1px'>SECRET words</span>",
        "<span style='color:#FFFFFF'>SECRET words</span>",
        "<font color=white>SECRET words</font>",
        "<p style='opacity:0'>SECRET words</p>",
        "<style>.x{color:white}</style><p class=x>SECRET words</p>",
        "<style>@media print{p{display:none}} .y{display:none!important}</style>"
        "<p class=y>SECRET words</p>",
    ],
)
def test_text_that_nobody_sees_is_left_out_and_told(hidden: str) -> None:
    received = page(f"{hidden}{CALM}")
    assert "SECRET" not in received.text
    assert "“SECRET words”" in received.notes[0]


@pytest.mark.parametrize(
    "seen",
    [
        "<p style='background:#003366'><span style='color:#fff'>SEEN</span></p>",
        "<table><tr style='color:white'><th>SEEN<th>B<tr><td>x<td>y</table>",
        "<div style='display:block'>SEEN</div>",
    ],
)
def test_text_that_somebody_sees_is_kept(seen: str) -> None:
    assert "SEEN" in page(f"{seen}{CALM}").text


def test_a_body_that_a_script_would_show_is_read() -> None:
    assert "calm" in read(f"<body style='visibility:hidden'>{CALM}".encode(), "p.html").text


def test_comments_are_no_text() -> None:
    assert lines(page(f"<!-- SECRET -->{CALM}")) == [CALM[3:-4]]


# Exports


def test_a_google_document_is_read() -> None:
    received = read(
        b"<html><head><style>.c1{font-weight:700}</style></head><body><p class='c9 title'>Guide</p>"
        b"<p><span class=c1>What is a roux?</span></p>"
        b"<p><span>Fat and</span><span> flour.</span></p>"
        b"<ul class='lst-kix_ab-0'><li>x</ul><ul class='lst-kix_ab-1'><li>y</ul>",
        "guide.html",
    )
    assert lines(received) == [
        "# Guide",
        "**What is a roux?**",
        "Fat and flour.",
        "- x",
        "    - y",
    ]


def test_lists_as_word_saves_them_are_lists() -> None:
    item = (
        "<p class=MsoListParagraph style='mso-list:l0 level{} lfo1'>"
        "<span style='mso-list:Ignore'>{}</span>{}</p>"
    )
    received = page(item.format(1, "1.", "What is a roux?") + item.format(2, "·", "Fat"))
    assert lines(received) == ["1. What is a roux?", "    - Fat"]


def test_toggles_of_notion_are_questions_and_answers() -> None:
    received = page(
        "<ul class=toggle><li><details><summary>What is a jus?</summary>"
        "<p>Juice.</p></details></ul>"
    )
    assert lines(received) == ["## What is a jus?", "Juice."]


def test_a_text_file_that_a_browser_saved_is_text() -> None:
    received = read(b"<html><body><pre># Chef\n\n- What is a roux?\n</pre></body></html>", "x.html")
    assert received.text.split("\n")[:3] == ["# Chef", "", "- What is a roux?"]
    assert received.place(3) == "line 3"


def test_a_web_archive_is_read() -> None:
    data = (
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        b'\tboundary="B"\r\n\r\n--B\r\nContent-Type: text/html\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<html><body><p>What is a roux=3F</p></body></html>\r\n--B--\r\n"
    )
    assert lines(read(data, "page.mhtml")) == ["What is a roux?"]
    with pytest.raises(BadInput, match="without a page"):
        read(data.replace(b"text/html", b"text/css"), "page.mhtml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("said", ["", "<meta charset=iso-8859-1>", "<meta charset=nonsense>"])
def test_characters_arrive_in_any_encoding(encoding: str, said: str) -> None:
    data = f"<!doctype html><html>{said}<p>Größe – what’s it?</p>".encode(encoding)
    assert "Größe – what’s it?" in read(data, "page.html").text


# What cannot be used


@pytest.mark.parametrize(
    "data",
    [
        b"<html></html>",
        b"<!doctype html><body><script>x()</script><img src=a>",
        b"<!doctype html><!-- only a comment -->",
        b"<html><body><pre> \n </pre>",
        b"<html>\x00\x01\x02",
        b"<html><body>" + b"<ul><li>" * 5_000 + b"deep",
    ],
)
def test_a_page_without_text_says_so(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"page\.html") as refused:
        read(data, "page.html")
    assert refused.value.remedy


def test_a_hundred_thousand_boxes_break_nothing() -> None:
    inner = "<div>" * 100_000 + "<p>What is a roux?" + "</div>" * 100_000 + "<p>after"
    assert lines(page(inner)) == ["What is a roux?", "after"]


TAGS = st.sampled_from(
    "p b ul ol li table tr td th dl dt dd h2 details summary blockquote pre br a div q".split()
)
PIECES = st.one_of(
    TAGS.map("<{}>".format),
    TAGS.map("</{}>".format),
    st.sampled_from(["What is it?", "word", " ", "\n", "&amp;", "<td rowspan=2>", "<li value=3>"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30))
def test_broken_markup_is_normal(pieces: Sequence[str]) -> None:
    received = html.read(f"<html><body>Kept {''.join(pieces)}".encode(), "page.html")
    assert "Kept" in received.text
    assert len(received.places) == len(received.text.split("\n"))
    assert parse(received).document == "page.html"


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_in_a_page_are_read_or_refused(data: bytes) -> None:
    try:
        received = html.read(b"<html><p>" + data, "page.html")
    except BadInput:
        received = None
    assert received is None or received.text


def test_boxes_called_titles_are_headings_where_a_page_has_none() -> None:
    boxes = (
        "<div class=pageTitle>Baker</div><div class=sub-title>Day shift</div>"
        "<div class='card section-heading'>Bread</div>"
        "<div class=q><span class=num>1</span> What is a crumb?</div>"
        "<div class='section-heading'>Cakes</div><p>Later.</p>"
    )
    wanted = ["# Baker", "Day shift", "## Bread", "1. What is a crumb?", "## Cakes", "Later."]
    assert lines(page(boxes)) == wanted
    assert "## Bread" not in lines(page(f"<h2>Kit</h2>{boxes}"))


def test_cells_of_buttons_are_no_values() -> None:
    row = (
        "<tr><td><div>Care</div><div>Junior: asks.</div><td><button>Yes</button><button>No</button>"
    )
    assert lines(page(f"<table>{row}{row}</table>")) == ["Care", "Junior: asks."] * 2
