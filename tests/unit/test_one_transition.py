"""One transition: nothing else in the house writes a post's state, fence or lease."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.models import Post

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("desk", "web", "workers", "commands")
ROOM = "desk/transition.py"  # the one that may
CARRYING_OVER = "desk/migrations/"  # where old rows get new columns, once
GUARDED = {"state", "fence", "lease_until", "owner", "turn"}
COLUMNS = set(Post.__table__.columns.keys())
WRITES = (
    "post.state = State.DRAFT",
    "post.fence += 1",
    "row.state, row.reason = State.FAILED, ''",
    "post.owner = post.lease_until = None",
    "post.turn: int | None = None",
    "for post.state in states:\n    print(post)",
    "with lease() as post.owner:\n    print(post)",
    "update(Post).values(state=State.DRAFT)",
    "update(Post).values({'fence': 1})",
    "update(Post).values({Post.fence: Post.fence + 1})",
    "GONE = {'lease_until': None, 'triage': None}",
    "row = dict(owner=None, turn=None)",
    "values['state'] = State.DRAFT",
    "Post(channel_id=1, parts=[Part()], state=State.SCHEDULED)",
    "insert(Post).values(fence=3)",
    "setattr(post, 'state', State.DRAFT)",
)
NO_WRITES = (
    "if post.state == State.DRAFT:\n    post.reason = ''",
    "query = select(Post.fence).where(Post.owner.is_(None))",
    "session.add(Event(post_id=1, fence=post.fence, state=post.state))",
    "row = {'post_id': 1, 'state': 'draft', 'fence': 1}",
    "update(Post).values(look_at=None)",
    "shown = page(state=state, turn=turn)",
)


def test_a_post_changes_its_state_in_one_room() -> None:
    found = [
        f"{name}:{line}: {code}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "node_modules" not in path.parts
        if (name := path.relative_to(ROOT).as_posix()) != ROOM
        if not name.startswith(CARRYING_OVER)
        for line, code in writes(path.read_text())
    ]

    assert found == []


@pytest.mark.parametrize("source", WRITES)
def test_a_write_is_seen(source: str) -> None:
    assert list(writes(source))


@pytest.mark.parametrize("source", NO_WRITES)
def test_what_only_reads_is_no_write(source: str) -> None:
    assert list(writes(source)) == []


def writes(source: str) -> list[tuple[int, str]]:
    """Where the guarded columns are written, as (line, code)."""
    found = {
        (node.lineno, ast.unparse(node)[:70])
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.expr) and any(name in GUARDED for name in written(node))
    }
    return sorted(found)


def written(node: ast.expr) -> Iterator[str]:
    """The columns that this writes, whatever else it is."""
    match node:
        case ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.Subscript(slice=ast.Constant(value=str(name)), ctx=ast.Store()):
            yield name
        case ast.Call(
            func=ast.Name(id="setattr"), args=[_, ast.Constant(value=name), _]
        ):
            yield str(name)
        case ast.Call(func=ast.Name(id="Post")):
            yield from (str(one.arg) for one in node.keywords)
        case ast.Call(func=ast.Name(id="dict") | ast.Attribute(attr="values")):
            yield from _named([one.arg for one in node.keywords])
        case ast.Dict():
            yield from _named([_key(key) if key else None for key in node.keys])


def _key(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str(name)):
            return name
        case ast.Attribute(value=ast.Name(id="Post"), attr=name):
            return name
    return None


def _named(names: list[str | None]) -> Iterator[str]:
    """Those of a row of posts; one of another table has columns of its own."""
    told = [name for name in names if name is not None]
    if set(told) <= COLUMNS:
        yield from told
