"""A `desk` to type commands at, in a home folder of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result

from commands import desk
from desk.home_folder import PRIVATE


@dataclass(frozen=True)
class Terminal:
    """Types `desk …`, and reads what comes back."""

    home: Path

    def types(self, *words: str, stdin: str = "") -> Result:
        result = CliRunner().invoke(desk, words, input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception  # a bug, not a refusal
        return result

    def asks(self, *words: str, stdin: str = "") -> Any:
        """What `--json` prints, where all is well."""
        result = self.types(*words, "--json", stdin=stdin)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    def refused(self, *words: str, stdin: str = "") -> str:
        """The one sentence of a refusal; nothing else was said."""
        result = self.types(*words, stdin=stdin)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1
        return result.stderr.strip()


@pytest.fixture
def terminal(
    tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """In a home that has its tables already."""
    home = tmp_path / "home"
    home.mkdir(mode=PRIVATE)
    shutil.copy(migrated, home)
    monkeypatch.setenv("STANDFIRST_HOME", str(home))
    for name in ("DATABASE_URL", "REDIS_URL", "STANDFIRST_KEYS", "STANDFIRST_ZONE"):
        monkeypatch.delenv(name, raising=False)
    yield Terminal(home)
    structlog.reset_defaults()
