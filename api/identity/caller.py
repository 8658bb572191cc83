"""Who makes a request, and what they may do."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from api.hiring.tables import LOCAL

Role = Literal["admin", "recruiter", "evaluator", "viewer", "candidate", "nobody"]
TEAM: frozenset[Role] = frozenset({"admin", "recruiter", "evaluator"})


@dataclass(frozen=True, kw_only=True)
class Caller:
    """One person or machine; `roles` are all it has, for a recruiter may hold an invite too."""

    roles: frozenset[Role]
    workspace: str | None = None
    """None for nobody, and for a candidate alone: theirs is the invite's."""
    name: str = ""
    """As it stands beside what was decided."""
    id: str = ""
    """As it stands in the audit log: never a name."""
    user: str | None = None
    invite: str | None = None
    """The invite whose cookie came along."""
    screen: str | None = None
    """The one screen that a viewer's link opens."""
    writes: bool = True
    session: str | None = None
    """Hash of the session's cookie."""

    def is_any(self, roles: Collection[Role]) -> bool:
        """Whether it has one of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_team(self) -> bool:
        """Whether it is of the hiring team."""
        return self.is_any(TEAM)

    @property
    def owner(self) -> str | None:
        """Whose their own practice is; None: of whoever has the machine."""
        return self.user or (self.id if self.id.startswith("key:") else None)

    @property
    def is_local(self) -> bool:
        """Whether it is whoever has this machine, with no account."""
        return self.id in {"local", "operator"}


NOBODY = Caller(roles=frozenset({"nobody"}), id="nobody")
THIS_MACHINE = Caller(roles=frozenset({"admin"}), workspace=LOCAL, name="this machine", id="local")
OPERATOR = Caller(roles=frozenset({"admin"}), workspace=LOCAL, name="the operator", id="operator")
