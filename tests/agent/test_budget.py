"""How the time of an interview is shared out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.budget import budget
from agent.policy import Policy
from knowledge.atoms import Atom, Kit

HOUR = Kit(
    name="hour",
    atoms=(
        Atom(id="a", kind="format", text="Opening", minutes=5),
        Atom(id="b", kind="format", text="Core questions", minutes=45),
        Atom(id="c", kind="format", text="Your questions", minutes=10),
    ),
)


@pytest.mark.parametrize("minutes", [30, 60, 90])
def test_the_kits_own_format_shares_the_time(minutes: float) -> None:
    shared = budget(HOUR, minutes, Policy())
    assert shared.opening == pytest.approx(minutes * 5)
    assert shared.wrap_up == pytest.approx(minutes * 10)
    assert shared.money == 0


@given(st.floats(0.5, 500), st.sampled_from([HOUR, Kit(name="none")]))
def test_the_stages_share_the_whole_and_leave_room_for_a_question(minutes: float, kit: Kit) -> None:
    shared = budget(kit, minutes, Policy())
    parts = (shared.opening, shared.probes, shared.money, shared.wrap_up)
    assert sum(parts) == pytest.approx(minutes * 60)
    assert min(parts) >= 0
    assert 1 <= shared.core <= Policy().most_core
