"""All that is kept of one person, for them to have: a ZIP of JSON and of the same in words."""

import io
import json
import time
import zipfile
from dataclasses import asdict

import sqlalchemy as sa

from agent.report.markdown import as_markdown
from api.gradings import Gradings
from api.hiring.personal_text import as_text
from api.hiring.reviewing import is_blind
from api.hiring.tables import audit as log_lines
from api.hiring.tables import decisions, devices, invites, screens
from api.records import Json
from api.service import Service
from api.tables import interviews
from knowledge.errors import NotFound

NOT_HELD_BACK = (
    "This is all that Viva keeps of you and may show you. What people of the team wrote for "
    "themselves while they reviewed is not in it, and while others are asked the same, neither is "
    "what answers are compared with: ask the team about either."
)
WHO = {"invite": "you", "user": "the team", "key": "the team's software", "retention": "Viva"}
"""Who did something, by what the audit log has; never which person."""


async def of_invite(service: Service, invite: str, *, for_team: bool = False) -> Json:
    """All of somebody invited, JSON-native; times are Unix seconds.

    `for_team` leaves out what was said in practice, which is the candidate's own, and the report
    while a person is to mark the interview first.

    Raises:
        NotFound: there is no such invite, or it was erased.
    """
    mine = (invites.c.id == invite) & invites.c.erased.is_(None)
    names = [c for c in invites.c if c.name not in {"hash", "workspace_id", "screen_id", "erased"}]
    async with service.store.database.read() as connection:
        row = (await connection.execute(sa.select(*names).where(mine))).mappings().one_or_none()
        if row is None:
            raise NotFound("There is no such invite, or it was erased.", "Look at its address.")
        of_it = sa.select(screens).join(invites, invites.c.screen_id == screens.c.id)
        screen = (await connection.execute(of_it.where(mine))).mappings().one()
        browsers = sa.select(devices.c.agent, devices.c.created).where(
            devices.c.invite_id == invite
        )
        opened = [dict(each) for each in (await connection.execute(browsers)).mappings()]
        held = sa.select(interviews.c.id).where(interviews.c.invite_id == invite)
        ids = list(await connection.scalars(held.order_by(interviews.c.attempt)))
    is_shut = for_team and screen["mode"] == "practice"
    return {
        **_head(),
        "invite": dict(row),
        "screen": _screen(dict(screen)),
        "browsers": opened,
        "interviews": [] if is_shut else [await _interview(service, id_, for_team) for id_ in ids],
        "practised": len(ids) if is_shut else None,
        "audit": await _audit(service, screen["workspace_id"], [invite, *ids]),
    }


async def of_interview(service: Service, interview: str) -> Json:
    """All of an interview that nobody was invited to, JSON-native.

    Raises:
        NotFound: there is no such interview.
    """
    stored = await service.store.load(interview)
    return {
        **_head(),
        "interviews": [await _interview(service, interview)],
        "audit": await _audit(service, stored.workspace_id, [interview]),
    }


def as_zip(told: Json) -> bytes:
    """Two files: `viva.json`, and `viva.md` for reading."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        content = json.dumps(told, ensure_ascii=False, indent=2)
        archive.writestr("viva.json", content)
        archive.writestr("viva.md", as_text(told))
    return packed.getvalue()


def _head() -> Json:
    return {"made": time.time(), "about": NOT_HELD_BACK}


def _screen(row: Json) -> Json:
    kept = {name: row[name] for name in ("title", "mode", "status", "level", "minutes", "attempts")}
    texts = {name: row["texts"].get(name, "") for name in ("company", "contact", "notice", "brief")}
    return kept | texts


async def _interview(service: Service, id_: str, for_team: bool = False) -> Json:
    stored = await service.store.load(id_)
    log = await service.store.events(id_)
    consents = [{"at": e.at, **e.body} for e in log if e.type == "consented"]
    told: Json = {
        "id": id_,
        "kit": stored.kit,
        "kit_version": stored.kit_version,
        "level": stored.level,
        "mode": stored.mode,
        "minutes": stored.options["minutes"],
        "examiner": stored.examiner,
        "status": stored.status,
        "begun": stored.created,
        "ended": stored.ended,
        "consent": consents[0] if consents else stored.options.get("consent"),
        "transcript": [
            seen.model_dump(mode="json", exclude_none=True) for seen in await service.seen(id_)
        ],
        "decisions": await _decisions(service, id_),
        "report": None,
        "report_in_words": None,
        "gradings": [],
    }
    async with service.store.database.read() as connection:
        shut = for_team and await is_blind(connection, id_)
    if stored.status == "ended" and any(event.type == "header" for event in log) and not shut:
        report = await service.report(id_, "candidate")
        told["report"] = report.model_dump(mode="json")
        told["report_in_words"] = as_markdown(report)
        if report.opened:
            kept = await Gradings(service.store.database).of(id_)
            told["gradings"] = [asdict(grading) for grading in kept]
    return told


async def _decisions(service: Service, interview: str) -> list[Json]:
    """What was decided, as the candidate is told it: without the reason and the name."""
    query = sa.select(decisions.c.outcome, decisions.c.at)
    query = query.where(decisions.c.interview_id == interview).order_by(decisions.c.at)
    async with service.store.database.read() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


async def _audit(service: Service, workspace: str, ids: list[str]) -> list[Json]:
    """Lines of the audit log about these ids, or by them."""
    named = [f"{kind}:{id_}" for id_ in ids for kind in ("invite", "interview")]
    about = log_lines.c.object.in_(named) | log_lines.c.actor.in_(named)
    about |= sa.cast(log_lines.c.detail, sa.Text).contains(f'"{ids[0]}"', autoescape=True)
    columns = (log_lines.c[name] for name in ("seq", "at", "actor", "action", "object"))
    query = sa.select(*columns).where(log_lines.c.workspace_id == workspace, about)
    async with service.store.database.read() as connection:
        rows = (await connection.execute(query.order_by(log_lines.c.seq))).mappings().all()
    return [{**row, "actor": WHO.get(row["actor"].partition(":")[0], "the team")} for row in rows]
