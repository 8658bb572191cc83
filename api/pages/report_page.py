"""A report as one page: in the browser, and as a file that stands alone."""

from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from markupsafe import Markup

from agent.contesting import LONGEST
from agent.report.model import Report
from agent.report.telling import disputes_in_words
from agent.ruling import LONGEST_NAME
from api.pages.rendering import STATIC, templates
from api.pages.report_view import questions, standing_view, standings, to_study
from knowledge.errors import BadInput

STYLES = ("viva.css", "pages.css", "report.css")
LONGEST_WRITTEN = {"reason": LONGEST, "words": LONGEST, "name": LONGEST_NAME}
"""In the forms, in characters."""


class NotSent(NamedTuple):
    """A contest that could not be taken, and why."""

    question: int
    atom: str | None
    reason: str
    words: str | None
    error: BadInput


def context(report: Report, *, live: bool, sent: NotSent | None = None) -> dict[str, Any]:
    """What the template needs; `live` where its forms and links lead somewhere."""
    return {
        "report": report,
        "layout": "base.html" if live else "report_alone.html",
        "live": live,
        "title": report.kit,
        "overall": standing_view(report.overall, report) if report.overall else None,
        "competencies": standings(report),
        "questions": questions(report),
        "study": to_study(report),
        "disputes": disputes_in_words(report),
        "longest": LONGEST_WRITTEN,
        "sent": sent,
        "again": lambda id_: _notice(report, again=id_),
        "drill": lambda topic: _notice(report, drill=topic),
        "owner": False,
        "invited": False,
        "trains": report.audience == "candidate",
    }


def standalone(report: Report) -> str:
    """The page with its styles in it: one file that asks nobody for anything."""
    styles = Markup("\n".join((STATIC / name).read_text() for name in STYLES))
    template = templates().get_template("report.html")
    return template.render(context(report, live=False), styles=styles)


def _notice(report: Report, **chosen: str) -> str:
    """Where a practice of this begins: with the notice."""
    same = {"level": report.level, "mode": "practice", "examiner": report.examiner}
    query = urlencode(same | chosen)
    return f"/kits/{quote(report.kit, safe='')}/notice?{query}"
