"""`desk` whose processes are forked: a launcher for tests that are about what it does.

    python -m tests.e2e.soon up

The command is the same, and so are its processes; what each of them would load by
itself is loaded once for all desks of a test run. `test_up.py` starts a desk as people
do.
"""

from __future__ import annotations

from commands import desk, supervising
from tests.faults.forked import Forked, Nursery, branched


class Part(Forked):
    """Forked from a branch of what has begun this."""

    @staticmethod
    def nursery() -> Nursery:
        return ours


if __name__ == "__main__":
    ours = branched()
    supervising.Process = Part  # type: ignore[attr-defined]  # how they begin, and no more
    desk(prog_name="desk")
