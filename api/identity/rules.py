"""The table: which route is open to whom. A route that is missing here is closed to all."""

from typing import Literal, NamedTuple

from api.identity.caller import TEAM, Role

Part = Literal["candidate", "team"]
"""As what a caller has to do with an interview."""


class Rule(NamedTuple):
    """Who may call a route; `part` is what they must have to do with the interview in it."""

    roles: frozenset[Role]
    part: Part | None = None
    unmarked: bool = False
    """The team may call it even while a person is to mark the interview first."""
    marks: bool = False
    """It may tell marks, for whomever it is written: a candidate's report does once opened."""
    bare: bool = False
    """What it shows has nothing of the machine's, though the interview is open to the team."""


ANYBODY = Rule(frozenset({"admin", "recruiter", "evaluator", "viewer", "candidate", "nobody"}))
ADMIN = Rule(frozenset({"admin"}))
RECRUITER = Rule(frozenset({"admin", "recruiter"}))
OF_TEAM = Rule(TEAM)
READS = Rule(TEAM | {"viewer"})
"""The team and a hiring manager with a link."""
RECRUITER_ON = Rule(RECRUITER.roles, "team")
TEAM_MARKS = Rule(TEAM, "team", unmarked=True, bare=True)
TEAM_CARD = Rule(TEAM, "team", unmarked=True)
READS_CARD = Rule(READS.roles, "team", unmarked=True)
"""What shows nothing of the machine's by itself, while it is to be marked by a person."""
TEAM_ON = Rule(TEAM, "team")
INVITED = Rule(frozenset({"candidate"}))
"""Whoever holds an invite; which one, their cookie says."""
INTERVIEWED = Rule(TEAM | {"candidate"}, "candidate")
"""Whose interview it is: a candidate's by invite, or one's own practice."""
EITHER = Rule(TEAM | {"viewer", "candidate"})
"""The candidate, or the team; what they see differs."""
EITHER_MARKS = Rule(EITHER.roles, marks=True)

ACCESS: dict[str, Rule] = {
    "GET /health": ANYBODY,
    "HEAD /health": ANYBODY,
    "GET /ready": ANYBODY,
    "GET /metrics": ADMIN,
    "GET /openapi.json": ANYBODY,
    "GET /static/{file}": ANYBODY,
    "GET /favicon.ico": ANYBODY,
    "GET /favicon.svg": ANYBODY,
    # The practice door asks for keys of its own.
    "POST /v1/chat/completions": ANYBODY,
    "GET /v1/models": ANYBODY,
    "GET /v1/models/{model:path}": ANYBODY,
    "* /v1/{rest:path}": ANYBODY,
    # Signing in.
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "POST /sign-out": ANYBODY,
    "GET /password": ANYBODY,
    "POST /password": ANYBODY,
    "POST /password/change": OF_TEAM,
    "GET /view": ANYBODY,
    "POST /view": ANYBODY,
    "GET /api/me": READS,
    # People, keys, and links for hiring managers.
    "GET /people": ADMIN,
    "POST /people": ADMIN,
    "POST /people/{user}/link": ADMIN,
    "POST /people/{user}/role": ADMIN,
    "POST /people/{user}/disable": ADMIN,
    "POST /people/{user}/enable": ADMIN,
    "GET /keys": ADMIN,
    "POST /keys": ADMIN,
    "POST /keys/{key}/revoke": ADMIN,
    "POST /screens/{screen}/links": RECRUITER,
    "POST /screens/{screen}/links/{link}/revoke": RECRUITER,
    # The candidate's own page.
    "GET /invite": ANYBODY,
    "POST /invite": ANYBODY,
    "GET /mine": INVITED,
    "POST /mine/begin": INVITED,
    "POST /mine/decline": INVITED,
    "POST /mine/return": INVITED,
    "POST /mine/ask": INVITED,
    # One's own data, records and settings.
    "GET /mine/export": INVITED,
    "GET /mine/erase": INVITED,
    "POST /mine/erase": INVITED,
    "GET /interviews/{id}/export": INTERVIEWED,
    "GET /interviews/{id}/erase": INTERVIEWED,
    "POST /interviews/{id}/erase": INTERVIEWED,
    "GET /invites/{invite}/data": RECRUITER,
    "GET /invites/{invite}/export": RECRUITER,
    "POST /invites/{invite}/erase": RECRUITER,
    "POST /invites/{invite}/hold": ADMIN,
    "POST /screens/{screen}/hold": ADMIN,
    "GET /records": ADMIN,
    "GET /records.csv": ADMIN,
    "GET /records.json": ADMIN,
    "POST /records/check": ADMIN,
    "GET /settings": ADMIN,
    "POST /settings": ADMIN,
    "POST /settings/retention": ADMIN,
    "POST /settings/hold": ADMIN,
    "POST /settings/caps": ADMIN,
    # Practice, and what one sees of kits.
    "GET /": EITHER,  # a viewer and a candidate are led to a page of their own
    "GET /kits/{kit}": OF_TEAM,
    "GET /kits/{kit}/notice": OF_TEAM,
    "POST /kits": RECRUITER,
    "POST /interviews": OF_TEAM,
    "GET /api/kits": OF_TEAM,
    "GET /api/kits/{kit}": OF_TEAM,
    "GET /api/kits/{kit}/rehearsal": OF_TEAM,
    "POST /api/kits/{kit}/documents": RECRUITER,
    # The team's kits.
    "GET /library": OF_TEAM,
    "POST /library": RECRUITER,
    "GET /library/{kit}": OF_TEAM,
    "GET /library/{kit}/kit.yaml": OF_TEAM,
    "GET /library/{kit}/versions": OF_TEAM,
    "GET /library/{kit}/atoms": OF_TEAM,
    "POST /library/{kit}/atoms": RECRUITER,
    "POST /library/{kit}/proposals": RECRUITER,
    "POST /library/{kit}/completion": RECRUITER,
    "GET /library/{kit}/add": RECRUITER,
    "POST /library/{kit}/add": RECRUITER,
    "POST /api/library": RECRUITER,
    "GET /api/uploads/{upload}": RECRUITER,
    "GET /api/library/{kit}": OF_TEAM,
    "PUT /api/library/{kit}/atoms": RECRUITER,
    "POST /api/library/{kit}/atoms": RECRUITER,
    "POST /api/library/{kit}/withdrawals": RECRUITER,
    "GET /api/library/{kit}/proposals": OF_TEAM,
    "POST /api/library/{kit}/proposals": RECRUITER,
    "POST /api/library/{kit}/completion": RECRUITER,
    # Interviews.
    "GET /interviews/{id}": INTERVIEWED,
    "GET /interviews/{id}/now": INTERVIEWED,
    "GET /interviews/{id}/report": EITHER_MARKS,
    "POST /interviews/{id}/contests": INTERVIEWED,
    "POST /interviews/{id}/contests/{number}/decision": RECRUITER_ON,
    "GET /compare": READS,
    # How the interviewer did, for whoever judges it.
    "GET /interviews/{id}/replay": TEAM_ON,
    "GET /interviews/{id}/gradings": TEAM_ON,
    "GET /library/{kit}/search": OF_TEAM,
    "GET /library/{kit}/coverage": OF_TEAM,
    "POST /api/interviews": OF_TEAM,
    "GET /api/interviews/{id}": EITHER,
    "POST /api/interviews/{id}/turns": INTERVIEWED,
    "POST /api/interviews/{id}/amend": INTERVIEWED,
    "GET /api/interviews/{id}/events": INTERVIEWED,
    "GET /api/interviews/{id}/transcript": EITHER,
    "GET /api/interviews/{id}/report": EITHER_MARKS,
    "POST /api/interviews/{id}/contests": INTERVIEWED,
    "GET /api/interviews/{id}/contests": EITHER_MARKS,
    "POST /api/interviews/{id}/contests/{number}/decision": RECRUITER_ON,
    "GET /api/contests": TEAM_ON,
    "GET /api/withdrawn": OF_TEAM,
    "GET /api/compare": READS,
    # Scorecards, and what waits for a person.
    "GET /scorecards/{id}": READS_CARD,
    "POST /scorecards/{id}/decisions": RECRUITER_ON,
    "POST /scorecards/{id}/overrides": RECRUITER_ON,
    "POST /scorecards/{id}/notes": TEAM_CARD,
    "POST /scorecards/{id}/unread": TEAM_CARD,
    "GET /reviews": OF_TEAM,
    "GET /reviews/{id}": TEAM_MARKS,
    "POST /reviews/{id}": TEAM_MARKS,
    "GET /api/scorecards/{id}": READS_CARD,
    "POST /api/scorecards/{id}/decisions": RECRUITER_ON,
    "POST /api/scorecards/{id}/overrides": RECRUITER_ON,
    "POST /api/scorecards/{id}/notes": TEAM_CARD,
    "GET /api/reviews": OF_TEAM,
    "GET /api/reviews/{id}": TEAM_MARKS,
    "POST /api/reviews/{id}": TEAM_MARKS,
    # The marking queue.
    "GET /marking": OF_TEAM,
    "GET /marking/new": OF_TEAM,
    "POST /marking/new": OF_TEAM,
    "GET /marking/{set}": OF_TEAM,
    "POST /marking/{set}/close": OF_TEAM,
    "POST /marking/{set}/open": OF_TEAM,
    "POST /marking/{set}/import": OF_TEAM,
    "POST /marking/{set}/next": OF_TEAM,
    "GET /marking/{set}/{number}": OF_TEAM,
    "POST /marking/{set}/{number}": OF_TEAM,
    "POST /marking/{set}/{number}/draft": OF_TEAM,
    "POST /marking/{set}/{number}/back": OF_TEAM,
    "GET /marking/{set}/{number}/settle": OF_TEAM,
    "POST /marking/{set}/{number}/settle": OF_TEAM,
    "GET /api/marking": OF_TEAM,
    "GET /api/marking/{set}": OF_TEAM,
    "GET /api/marking/{set}/marks.csv": OF_TEAM,
    # The table of a screen's candidates, and the webhook.
    "GET /settings/webhook": ADMIN,
    "POST /settings/webhook": ADMIN,
    "POST /settings/webhook/test": ADMIN,
    "GET /screens/{screen}/candidates": READS,
    "GET /screens/{screen}/candidates.csv": OF_TEAM,
    "GET /screens/{screen}/candidates.json": OF_TEAM,
    "GET /api/screens/{screen}/candidates": READS,
    # Screens and invites.
    "GET /screens": READS,
    "GET /screens/new": RECRUITER,
    "POST /screens/new": RECRUITER,
    "GET /screens/{screen}": READS,
    "GET /screens/{screen}/edit": RECRUITER,
    "POST /screens/{screen}/edit": RECRUITER,
    "GET /screens/{screen}/preview": OF_TEAM,
    "GET /screens/{screen}/open": RECRUITER,
    "POST /screens/{screen}/open": RECRUITER,
    "GET /screens/{screen}/close": RECRUITER,
    "POST /screens/{screen}/close": RECRUITER,
    "GET /screens/{screen}/invites": RECRUITER,
    "POST /screens/{screen}/invites": RECRUITER,
    "POST /screens/{screen}/invites/list": RECRUITER,
    "POST /screens/{screen}/invites/all": RECRUITER,
    "POST /screens/{screen}/invites/again": RECRUITER,
    "POST /screens/{screen}/invites/messages.csv": RECRUITER,
    "GET /screens/{screen}/invites/{invite}": RECRUITER,
    "POST /screens/{screen}/invites/{invite}/resend": RECRUITER,
    "POST /screens/{screen}/invites/{invite}/revoke": RECRUITER,
    "POST /screens/{screen}/invites/{invite}/time": RECRUITER,
    "POST /screens/{screen}/invites/{invite}/answered": RECRUITER,
    "GET /api/screens": READS,
    "POST /api/screens": RECRUITER,
    "GET /api/screens/{screen}": READS,
    "PUT /api/screens/{screen}": RECRUITER,
    "POST /api/screens/{screen}/open": RECRUITER,
    "POST /api/screens/{screen}/close": RECRUITER,
    "POST /api/screens/{screen}/invites": RECRUITER,
    "GET /api/screens/{screen}/invites": RECRUITER,
    "GET /api/invites/{invite}": RECRUITER,
    "POST /api/invites/{invite}/resend": RECRUITER,
    "POST /api/invites/{invite}/revoke": RECRUITER,
}
"""By method (* is any) and path, as the route has it."""
