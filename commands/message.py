"""What a post or a share says, as options of a command, and the file of its picture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy.orm import Session

from commands.bootstrap import Refused
from desk import pictures, picturing
from desk.desk import Desk
from desk.lifecycle import Priority

Command = TypeVar("Command", bound=Callable[..., object])

_OPTIONS = (
    click.option("--text", required=True, help="What it says."),
    click.option("--link", default="", help="The link that goes with it."),
    click.option("--image", type=click.Path(path_type=Path), help="A picture file."),
    click.option("--alt", default="", help="The picture in words."),
    click.option("--credit", default="", help="The picture's source line."),
    click.option(
        "--once", "idempotency_key", help="Made once, however often this is typed."
    ),
    click.option(
        "--class",
        "priority",
        type=click.Choice([one.value for one in Priority]),
        default=Priority.NORMAL.value,
        show_default=True,
    ),
)


def message_options(command: Command) -> Command:
    """Its words, link, picture, class, and the key by which it is made once."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def accept_file(image: Path | None) -> picturing.Accepted | None:
    """Raises `Refused` where it can't be read, and what `picturing.accept` raises."""
    if image is None:
        return None
    try:
        return picturing.accept(image.read_bytes())
    except OSError as error:
        raise Refused(f"{image} can't be read ({error.strerror}).") from None


def keep_picture(
    desk: Desk, session: Session, picture: picturing.Accepted | None, at: datetime
) -> int | None:
    """The number of the picture, kept."""
    if picture is None:
        return None
    return pictures.keep(session, desk.pictures, picture, at).id
