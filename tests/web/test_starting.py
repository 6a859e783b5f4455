"""Starting: the dashboard as gunicorn starts it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from desk.config import Settings
from desk.garbage import COLLECT_AFTER

STARTED = """
import gc, json
import web

web.create_app()
print(json.dumps([gc.get_freeze_count(), gc.get_threshold()[0]]))
"""


def test_it_looks_for_garbage_seldom_and_not_among_what_stays(
    settings: Settings,
) -> None:
    home = {"STANDFIRST_HOME": str(settings.home), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", STARTED],
        env=os.environ | home,
        capture_output=True,
        text=True,
        check=True,
    )

    stays, after = json.loads(done.stdout.splitlines()[-1])
    assert (stays > 100_000, after) == (True, COLLECT_AFTER)
