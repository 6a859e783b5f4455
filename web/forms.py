"""Forms: what people write into them, as the values that the desk wants."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from itertools import accumulate, pairwise
from urllib.parse import SplitResult, parse_qsl, urlsplit

from flask import request, session
from werkzeug.datastructures import FileStorage

from desk import links
from desk.models.base import LARGEST_ID
from desk.refusal import Refusal, RefusalKind
from web import current

MOST_DIGITS = len(str(LARGEST_ID))
MAX_TEXT = 20_000  # of one post's text or alt, far over any platform's limit
MOST_ARGUMENTS = 100  # of an address; the longest of ours has 9
MOST = 500  # things that one button names: a page shows 200 that wait for a person
MOST_UNDONE = 1_000  # what one press did, all of it
MANY = 8  # numbers, from which on they are packed
MOST_SHOWN = 200  # letters
NOTHING_TO_UNDO = "There is nothing to undo here any more."


class BadForm(Refusal):
    """What was sent is no answer to this form; says what to do."""

    kind = RefusalKind.INVALID


class Unsaid(BadForm):
    """It says not what its page showed, so nobody knows what this person saw."""

    kind = RefusalKind.CONFLICT


UNSAID = (
    "This button doesn't say what its page showed, so nothing was done: someone may "
    "have changed it since. Load the page again, then press again."
)


def text(name: str, most: int = MAX_TEXT) -> str:
    """What stands in a field, with one kind of line end."""
    value = clean(request.form.get(name, ""))
    if len(value) > most:
        raise BadForm(
            f"This text has {len(value):,} characters, and the desk keeps {most:,} "
            "at most. Shorten it and save again."
        )
    return value


def clean(written: str) -> str:
    """What was written, with one kind of line end, and nothing that no text holds."""
    return written.replace("\r\n", "\n").replace("\x00", "")


def number(written: str) -> int | None:
    """The number of a row; None where none can have it."""
    if not (written.isascii() and written.isdecimal() and len(written) <= MOST_DIGITS):
        return None
    return found if (found := int(written)) <= LARGEST_ID else None


def whole_number(name: str) -> int:
    """A number that our own page put into the form."""
    value = number(request.form.get(name, ""))
    if value is None:
        raise BadForm("This form is not complete. Load the page again.")
    return value


def values_of(name: str) -> list[str]:
    """Every value of a field, each once, to be shown again."""
    return list(dict.fromkeys(map(clean, request.form.getlist(name))))


def few_values_of(name: str, most: int = MOST) -> list[str]:
    """Every value of a field, each once: whatever is done with it is done so often."""
    return few(values_of(name), most)


def few(values: list[str], most: int = MOST) -> list[str]:
    """No more of them, and no longer ones, than our own pages send."""
    if len(values) > most or sum(map(len, values)) > MAX_TEXT:
        raise BadForm(
            f"These are more than the desk does at once, which is {most}. Choose "
            "fewer, and the rest after them."
        )
    return values


def many(name: str, most: int = MOST) -> list[int]:
    """The numbers that are ticked."""
    found = map(number, few_values_of(name, most))
    return list(dict.fromkeys(one for one in found if one is not None))


def numbers_asked(name: str, most: int = MOST) -> list[int]:
    """The same by address."""
    found = map(number, few([clean(one) for one in request.args.getlist(name)], most))
    return list(dict.fromkeys(one for one in found if one is not None))


def value_of(name: str) -> str:
    """What a form or an address says of itself; empty where it says nothing."""
    return clean(request.values.get(name, ""))[:MOST_SHOWN]


def these(most: int = MOST) -> list[int]:
    """The numbers of what a button is about, one at the least."""
    found = many("of", most)
    if not found:
        raise BadForm("This button names nothing any more. Load the page again.")
    return found


def packed(of: Sequence[int | str]) -> list[int | str] | str:
    """For a cookie, which has no room for many numbers: the gaps between them."""
    numbers = sorted(one for one in of if isinstance(one, int))
    if len(numbers) < len(of) or len(of) < MANY:
        return list(of)
    return " ".join(f"{b - a:x}" for a, b in pairwise([0, *numbers]))


def unpacked(of: list[int | str] | str) -> list[int | str]:
    if not isinstance(of, str):
        return of
    return list(accumulate(int(gap, 16) for gap in of.split()))


def stands() -> str:
    """How its page showed the thing that a button changes, as its `mark`."""
    return showed("stands")


def showed(name: str) -> str:
    """What a page says that it showed, by form or address. Raises `Unsaid`."""
    if name not in request.values:
        raise Unsaid(UNSAID)
    return clean(request.values[name])[:MOST_SHOWN]


def number_showed(name: str) -> int:
    """The same, where it is a number."""
    found = number(showed(name))
    if found is None:
        raise Unsaid(UNSAID)
    return found


def numbers_undone(count: int) -> list[int]:
    """The numbers that an Undo button brought along to say what it undoes."""
    found = [number(value) for value in _undone(count)]
    numbers = [one for one in found if one is not None]
    if len(numbers) != count:
        raise BadForm(NOTHING_TO_UNDO)
    return numbers


def undone(words: int) -> tuple[int, list[str]]:
    """The same: one number, and so many words after it."""
    first, *rest = _undone(1 + words)
    found = number(first)
    if found is None:
        raise BadForm(NOTHING_TO_UNDO)
    return found, rest


def pairs_undone(most: int) -> list[tuple[int, int]]:
    """The same: pairs of numbers, one at the least."""
    found = []
    for value in few_values_of("of", most):
        one, _, other = value.partition(":")
        pair = number(one), number(other)
        if pair[0] is not None and pair[1] is not None:
            found.append((pair[0], pair[1]))
    if not found:
        raise BadForm(NOTHING_TO_UNDO)
    return found


def _undone(count: int) -> list[str]:
    values = [clean(value) for value in request.form.getlist("of")]
    if len(values) != count:
        raise BadForm(NOTHING_TO_UNDO)
    return few(values)


def split(address: str) -> SplitResult:
    """An address that a browser sent; nothing of it where it is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # read only when it is asked for
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def arguments(query: str) -> dict[str, str]:
    """Of an address that a browser sent; none of them where it has too many."""
    try:
        return dict(parse_qsl(query, max_num_fields=MOST_ARGUMENTS))
    except ValueError:
        return {}


def upload(name: str) -> FileStorage | None:
    """The file that was chosen, if one was."""
    file = request.files.get(name)
    return file if file and file.filename else None


def idempotency_key() -> str:
    """A new key for a form, which makes sending it twice the same as once."""
    return current.novel(secrets.token_urlsafe(16))


def own_path(asked: str | None) -> str:
    """A path on this desk, for after signing in; the inbox for anything else."""
    path = (asked or "").rstrip("?")
    printable = path.isprintable() and "\\" not in path
    if not printable or not path.startswith("/") or path.startswith("//"):
        return "/"
    parts = split(path)
    return "/" if parts.scheme or parts.netloc else path


def belong_to(person_id: int) -> None:
    """Pages of this browser are this person's; a token of anybody else's ends.

    Theirs lives on through signing out and in again: what they typed can be sent.
    """
    if session.get("person") != person_id:
        session.clear()
        session["person"] = person_id


def link(name: str) -> str:
    """A web address, which this form needs. Raises `NoLink`."""
    if value := links.typed(text(name)):
        return value
    raise BadForm(f"The link is missing. {links.WRITE_IT}")
