"""Aside: a command that takes what everything else on this machine leaves over.

    python -m tests.aside python -m pytest tests/unit

In a session of its own: on Linux each has a share of its own, and niceness says nothing
to other sessions, as those are in which the desks of the fault tests run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from commands.processes import born_to

GIVES_WAY = 12  # a fifteenth of what one share more would be


def aside(command: Sequence[str]) -> int:
    """Its status, when it has ended; Ctrl-C is passed on."""
    begin = born_to(os.getpid(), GIVES_WAY)
    with subprocess.Popen(command, start_new_session=True, preexec_fn=begin) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                child.send_signal(signal.SIGINT)


if __name__ == "__main__":
    sys.exit(aside(sys.argv[1:]))
