"""Edits of a workspace's kits: checked against what else happened, kept as a version, noted."""

from collections.abc import Callable, Sequence

from api.hiring import audit
from api.identity.caller import Caller
from knowledge import editing, proposals
from knowledge.atoms import Atom, Kind, Kit
from knowledge.database import Database
from knowledge.editing import Outdated, Wording
from knowledge.library import Library, revise


class KitEditing:
    """One person's edits of one kit, begun when it was at `version`.

    Each returns the kit with the edit, which is its current version from then on; a kit of all
    becomes the workspace's own. What others changed elsewhere in the kit meanwhile stays.

    Raises of every edit:
        NotFound: there is no such kit or atom.
        Wrong: a field cannot be as it is.
        Outdated: somebody else has changed the same thing since that version.
    """

    def __init__(self, database: Database, caller: Caller, name: str, version: str) -> None:
        self._database, self._caller = database, caller
        self._name, self._version = name, version

    async def reword(self, id_: str, new: Wording) -> Kit:
        """Have an atom say something else."""
        return await self._edit(lambda kit: editing.reworded(kit, id_, new), ("edited", id_))

    async def add(self, parent: str | None, kind: Kind, new: Wording) -> tuple[Kit, Atom]:
        """Add an atom below another, or to the kit; it comes with the kit."""
        made: list[Atom] = []

        def extended(kit: Kit) -> Kit:
            kit, atom = editing.extended(kit, parent, kind, new)
            made.append(atom)
            return kit

        return await self._edit(extended, ("added to", parent)), made[-1]

    async def withdraw(self, id_: str, reason: str) -> Kit:
        """Keep an atom to be read, and use it no more."""
        return await self._edit(lambda kit: editing.withdrawn(kit, id_, reason), ("withdrew", id_))

    async def put_back(self, id_: str) -> Kit:
        """Use an atom again."""
        return await self._edit(lambda kit: editing.put_back(kit, id_), ("put back", id_))

    async def decide(self, accept: Sequence[str], reject: Sequence[str]) -> Kit:
        """Use what is proposed under some ids, and keep others as what is not wanted."""
        done = [("accepted", id_) for id_ in accept] + [("rejected", id_) for id_ in reject]

        def decided(kit: Kit) -> Kit:
            return proposals.rejected(proposals.accepted(kit, accept), reject)

        return await self._edit(decided, *done)

    async def _edit(self, make: Callable[[Kit], Kit], *done: tuple[str, str | None]) -> Kit:
        """Make it; `done` is what that does (a verb) to which atoms (ids), for the log."""
        workspace = self._caller.workspace or ""
        library = Library(self._database, workspace)
        known = {each.version for each in await library.versions(self._name)}
        seen = await library.get(self._name, self._version) if self._version in known else None

        replaced = ""

        def edited(now: Kit) -> Kit:
            nonlocal replaced
            replaced = now.version
            if seen is None:
                raise Outdated(now)
            for _, touched in done:
                editing.check_untouched(seen, now, touched)
            return make(now)

        async with self._database.write() as connection:
            kit = await revise(connection, self._name, workspace, edited, self._caller.name)
            if kit.version != replaced:
                for action, touched in done:
                    told = {"atom": (touched or "")[:200], "before": replaced}
                    made = f"kit:{kit.version}"
                    await audit.record(connection, self._caller, action, made, **told)
        return kit
