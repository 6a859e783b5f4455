"""What is run aside gives way, and ends as it would by itself."""

from __future__ import annotations

import os
import subprocess
import sys

TELLS = "import os, sys; print(os.getsid(0) == os.getpid(), os.nice(0)); sys.exit(3)"


def test_gives_way_in_a_session_of_its_own_and_tells_its_status() -> None:
    command = [sys.executable, "-m", "tests.aside", sys.executable, "-c", TELLS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    alone, nice = done.stdout.split()
    assert done.returncode == 3
    assert alone == "True"
    assert int(nice) > os.nice(0)
