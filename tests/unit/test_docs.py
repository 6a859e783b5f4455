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
HOUSE = ("desk", "web", "workers", "commands", "connectors")
WITHIN = ("desk/publishing", "connectors/http", "web/frontend", "web/frontend/scripts")
DESCRIBED = ("desk", "desk/publishing", "workers", "connectors")  # file by file


def rooms() -> list[Path]:
    """What stands in these folders: packages, and files with a name of their own."""
    inside = [one for folder in DESCRIBED for one in sorted((ROOT / folder).iterdir())]
    return [
        one
        for one in inside
        if (one.suffix == ".py" and one.stem != "__init__")
        or (one.is_dir() and any(one.glob("*.py")))
    ]


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


@pytest.mark.parametrize("room", rooms(), ids=lambda one: str(one.relative_to(ROOT)))
def test_every_room_stands_on_the_page_of_the_house(room: Path) -> None:
    page = (DOCS / "architecture.md").read_text()

    name = f"{room.name}/" if room.is_dir() else room.name
    assert re.search(rf"(?<![\w.]){re.escape(name)}", page), f"{name} is not named"


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/glossary.md"])
def test_every_file_that_is_named_is_there(page: str) -> None:
    named = re.findall(r"`([\w./]+(?:\.py|\.js|\.toml|/))`", (ROOT / page).read_text())

    assert named
    assert [one for one in named if not _is_there(one)] == []


def test_every_room_that_is_drawn_is_there() -> None:
    page = (DOCS / "architecture.md").read_text()
    plan = page.split("## Rooms")[1].split("\n\n", 2)[1]
    drawn = re.findall(r"^ {4}(?: {2})?([a-z/]+)/ ", plan, re.M)

    assert len(drawn) > 15
    assert [one for one in drawn if not _is_there(f"{one}/")] == []


def _is_there(named: str) -> bool:
    return any(
        (ROOT / folder / named).exists() for folder in ("", "tests", *HOUSE, *WITHIN)
    )


def _exists(page: Path, link: str) -> bool:
    return (ROOT / page.parent / link).exists()
