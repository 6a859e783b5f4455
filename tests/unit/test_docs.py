"""The docs and the code tell the same: settings, connectors, states, processes."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from commands import COMMANDS, desk
from commands.processes import procfile
from connectors import installed
from desk.config import Settings
from desk.lifecycle import State

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def setting_names() -> list[str]:
    return [
        str(field.validation_alias or field.alias)
        for field in Settings.model_fields.values()
    ]


@pytest.mark.parametrize("name", setting_names())
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `{name}` |" in (DOCS / "install.md").read_text()


def test_no_setting_is_explained_that_is_not_there() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \|", (DOCS / "install.md").read_text(), re.M)

    assert sorted(told) == sorted(setting_names())


@pytest.mark.parametrize("platform", sorted(installed()))
def test_every_connector_is_explained(platform: str) -> None:
    assert platform in (DOCS / "connectors.md").read_text().lower()


@pytest.mark.parametrize("state", [state.value for state in State])
@pytest.mark.parametrize("page", ["glossary.md", "operate.md"])
def test_every_state_is_explained(state: str, page: str) -> None:
    assert state in (DOCS / page).read_text()


@pytest.mark.parametrize("name", sorted(procfile()))
def test_every_process_is_explained(name: str) -> None:
    assert f"| `{name}` |" in (DOCS / "install.md").read_text()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_says_what_it_is_for(name: str) -> None:
    command = desk.get_command(click.Context(desk), name)

    assert command is not None
    assert command.help


def test_every_page_that_is_linked_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    links = [
        (page.relative_to(ROOT), link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    ]

    missing = [(page, link) for page, link in links if not _exists(page, link)]

    assert missing == []


def _exists(page: Path, link: str) -> bool:
    return (ROOT / page.parent / link).exists()
