"""What is kept of one person, in words. Whatever anybody wrote is quoted, never interpreted."""

from collections.abc import Iterator

from agent.report.inert import blockquote, quoted
from api.moments import moment
from api.records import Json

SPEAKERS = {"said": "Viva", "heard": "You"}


def as_text(told: Json) -> str:
    """All of it as Markdown; `told` as `api.hiring.exporting` makes it."""
    lines = ["# What Viva keeps of you", "", f"As of {moment(told['made'])}. {told['about']}", ""]
    if "invite" in told:
        lines += [*_invite(told), ""]
    for interview in told["interviews"]:
        lines += [*_interview(interview), ""]
    lines += _audit(told["audit"])
    return "\n".join(lines).rstrip() + "\n"


def _invite(told: Json) -> Iterator[str]:
    invite, screen = told["invite"], told["screen"]
    yield "## Your invite"
    yield ""
    for name in ("name", "email", "reference"):
        yield from _said(name.capitalize(), invite[name])
    yield from _said("To", screen["title"])
    yield from _said("From", screen["company"])
    yield from _said("Whom to reach", screen["contact"])
    for name in ("created", "opened", "declined", "revoked", "until"):
        if invite[name] is not None:
            yield f"- {name.capitalize()}: {moment(invite[name])}"
    yield f"- Extra time: the usual minutes times {invite['extra_time']:g}"
    for asked in invite["asked"]:
        yield from _said(f"Asked for ({moment(asked['at'])})", asked["text"])
    for browser in told["browsers"]:
        yield from _said(f"Opened ({moment(browser['created'])}) in", browser["agent"])
    if told["practised"]:
        yield f"- Interviews held: {told['practised']}. What was said there is the candidate's own."


def _interview(told: Json) -> Iterator[str]:
    yield f"## Interview {told['id']}"
    yield ""
    yield f"- Begun: {moment(told['begun'])}"
    if told["ended"] is not None:
        yield f"- Ended: {moment(told['ended'])}"
    yield f"- Kind: {told['mode']}, asked at {told['level']} level, {told['minutes']:.0f} minutes"
    yield f"- Kit: version {told['kit_version']} of {quoted(told['kit'])}"
    for decided in told["decisions"]:
        yield f"- Decided by a person ({moment(decided['at'])}): {decided['outcome']}"
    yield from _consent(told["consent"])
    yield "\n### What was said\n"
    for event in told["transcript"]:
        if "text" in event and event["type"] in SPEAKERS:
            yield f"{SPEAKERS[event['type']]}, {moment(event['at'])}:\n"
            yield f"{_block(event['text'])}\n"
    if told["report_in_words"]:
        yield "### Your report\n"
        yield told["report_in_words"].replace("\n#", "\n###").replace("# ", "#### ", 1)
    if told["gradings"]:
        yield "\n### Marked again, to try the machine\n"
        yield "These count for nothing in your report; `viva.json` holds their marks.\n"
    for kept in told["gradings"]:
        yield f"- {moment(kept['at'])}: {quoted(kept['label'])}, {len(kept['events'])} answers"


def _consent(consent: Json | None) -> Iterator[str]:
    if consent is None:
        return
    yield "\n### What you agreed to\n"
    at = f", {moment(consent['at'])}" if consent.get("at") else ""
    language = f", in a browser set to {consent['locale']}" if consent.get("locale") else ""
    yield f"Notice {consent['notice']}{at}{language}. SHA-256: `{consent['text_hash']}`.\n"
    if consent.get("text"):
        yield _block(consent["text"])


def _audit(lines: list[Json]) -> Iterator[str]:
    yield "## What was done, as the audit log has it"
    yield ""
    yield "These lines hold no names and no texts. They stay when the rest is erased."
    yield ""
    for line in lines:
        yield f"- {line['seq']}, {moment(line['at'])}: {line['actor']}, {line['action']}"


def _said(label: str, text: str) -> Iterator[str]:
    if text:
        yield f"- {label}: {quoted(text)}"


def _block(text: str) -> str:
    """Somebody's words, line by line."""
    return "\n".join(blockquote(text))
