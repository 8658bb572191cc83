"""What a screen would be: whether it can be held at all, and its opening, with nothing recorded."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent import words
from agent.budget import budget
from agent.choosing import has_stretch
from agent.planning import plan
from agent.syllabus import Syllabus
from api.calibrations import Calibrations
from api.conduct import Conductor
from api.hiring.errors import Unfit
from api.hiring.screen import NewScreen, Screen, policy_of
from knowledge.errors import BadInput, NotFound
from knowledge.library import Library


@dataclass(frozen=True)
class Outlook:
    """How an interview would be. `core` counts core questions, a stretch included."""

    subjects: tuple[str, ...]
    """The competencies that are asked about, in order."""
    core: int
    stretch: bool
    opening: tuple[str, ...]
    """What the candidate is told first."""


async def outlook(conductor: Conductor, workspace: str, screen: NewScreen) -> Outlook:
    """The interview that this screen's candidates get.

    Raises:
        NotFound: there is no such kit.
        BadInput: no such interview can be held; where one field is to blame, it is `Unfit`.
    """
    try:
        await conductor.examiners.check(screen.examiner)
    except BadInput as error:
        raise Unfit("examiner", error.message, error.remedy) from error
    database = conductor.store.database
    held = screen if isinstance(screen, Screen) and screen.status != "draft" else None
    kit = await Library(database, workspace).get(screen.kit, held.kit_version if held else None)
    policy = policy_of(held) if held else None
    policy = policy or await Calibrations(database, workspace).policy(kit)
    syllabus = await conductor.syllabus(kit)
    try:
        planned = plan(
            syllabus,
            policy,
            mode=screen.mode,
            level=screen.level,
            minutes=screen.minutes,
            subjects=screen.subjects,
        )
    except (BadInput, NotFound) as error:
        raise Unfit("subjects", error.message, error.remedy) from error
    told = _opening(syllabus, screen, planned.subjects, planned.core)
    stretch = screen.mode == "screen" and planned.core > len(planned.form)
    return Outlook(planned.subjects, planned.core, stretch, told)


async def room_for(conductor: Conductor, workspace: str, screen: NewScreen) -> tuple[int, bool]:
    """The competencies that its minutes hold, one core question each; and whether a stretch
    question comes on top.

    Raises:
        NotFound: there is no such kit.
    """
    kit = await Library(conductor.store.database, workspace).get(screen.kit)
    policy = await Calibrations(conductor.store.database, workspace).policy(kit)
    core = budget(kit, screen.minutes, policy).core
    stretch = has_stretch(screen.mode, core)
    return core - stretch, stretch


def _opening(
    syllabus: Syllabus, screen: NewScreen, subjects: Sequence[str], core: int
) -> tuple[str, ...]:
    opening = words.opening(
        role=syllabus.role or syllabus.kit.title or "this role",
        minutes=screen.minutes,
        subjects=subjects,
        mode=screen.mode,
        core=core,
        quick=bool(syllabus.bites),
    )
    adapts = words.ADAPTS[screen.mode].format(screen.level)
    return opening, f"{adapts} {words.HELP}", words.WARM_UP
