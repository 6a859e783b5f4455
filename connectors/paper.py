"""Paper: posts as files in a folder, which the desk serves as a page of its own."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from connectors import graphemes
from connectors.base import (
    Account,
    CantTell,
    Class,
    Connector,
    Field,
    Finding,
    Found,
    Image,
    Kind,
    Limits,
    Message,
    NotThere,
    OutcomeUnknown,
    Prepared,
    Preview,
    Receipt,
    Rejected,
    Staged,
    Unavailable,
)

log = logging.getLogger(__name__)

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_SLUG = re.compile(r"[0-9a-f]{20}")
_PICTURE = re.compile(r"[0-9a-f]{64}\.(jpg|png|webp)")


SETTLED_NS = 1_000_000_000  # after which no other change bears a folder's time


@dataclass(frozen=True)
class _Listed:
    """What a folder held when its time was that; None: it may have changed since."""

    changed_ns: int | None = None
    newest: tuple[Path, ...] = ()
    made_ns: Mapping[Path, int] = field(default_factory=dict)


_listed: dict[Path, _Listed] = {}


@dataclass(frozen=True)
class PaperImage:
    """A picture beside a post: `file` is its name in the folder's `pictures`."""

    file: str
    alt: str
    media_type: str
    width: int
    height: int
    credit: str = ""


@dataclass(frozen=True)
class PaperPost:
    """A post as its readers see it."""

    slug: str
    text: str
    link: str | None
    images: tuple[PaperImage, ...]
    language: str | None
    published_at: datetime
    after: str | None = None  # the slug of the thread's part before


def posts(folder: str | Path, limit: int | None = None) -> list[PaperPost]:
    """What readers see, newest first."""
    files = _newest(_posts(folder))[:limit]
    found = [post for path in files if (post := _readable(path))]
    return sorted(found, key=lambda post: post.published_at, reverse=True)


def post(folder: str | Path, slug: str) -> PaperPost | None:
    """One post, or None where there is none of that name."""
    if not _SLUG.fullmatch(slug):
        return None
    path = _posts(folder) / f"{slug}.json"
    return _readable(path) if path.exists() else None


def picture(folder: str | Path, name: str) -> Path | None:
    """The file of a picture that a post shows; None where there is none."""
    path = _pictures(folder) / name
    return path if _PICTURE.fullmatch(name) and path.exists() else None


class Paper(Connector):
    """By key: one file a post, written whole or not at all, never written over."""

    platform = "paper"
    title = "Paper"
    sign = "M3.5 2.5h6l3 3v8h-9zM9.5 2.5v3h3M5.8 8.5h4.4M5.8 11h2.9"
    built_in = True
    fields = (
        Field(
            "folder",
            "Folder of the paper's files",
            default="{home}/paper",
            kind=Kind.FOLDER,
            hint="Where its posts are kept, below the desk's own folder. Readers see "
            "those of the folder called paper, under /paper. Each Paper has a folder "
            "of its own: a second one needs another, which a web server of yours "
            "shows.",
        ),
        Field(
            "address",
            "Public address of the desk",
            default="{address}",
            kind=Kind.ADDRESS,
            hint="What the links to its posts begin with; readers must be able to open "
            "it. Of a second Paper: where its folder is shown.",
        ),
    )
    default_limits = Limits(text=1000, images=4, image_bytes=10_000_000)

    def __init__(
        self, credentials: Mapping[str, str], limits: Limits | None = None
    ) -> None:
        super().__init__(credentials, limits)
        self.folder = Path(credentials["folder"])
        self.address = credentials["address"].rstrip("/")

    def length(self, message: Message) -> int:
        """Letters as a reader counts them; the link stands apart and costs none."""
        return graphemes.count(message.text)

    def preview(self, message: Message) -> Preview:
        """It has a line of its own for the credit."""
        return replace(super().preview(message), credited=True)

    def stage(self, message: Message) -> Staged:
        self.refuse(message)
        try:
            return Staged({"files": [self._keep(image) for image in message.images]})
        except OSError as error:
            raise Unavailable(_told(error)) from None

    def compose(
        self,
        message: Message,
        staged: Staged,
        key: str,
        at: datetime,
        after: Receipt | None = None,
    ) -> Prepared:
        self.refuse(message)
        files = staged.data.get("files", [])
        if not isinstance(files, list) or len(files) != len(message.images):
            raise Unavailable("The pictures are not in the folder yet; stage again.")
        body = {
            "text": message.text,
            "link": message.link,
            "images": [
                asdict(_shown(image, str(file)))
                for image, file in zip(message.images, files, strict=True)
            ],
            "language": message.language,
            "after": after.remote_id if after else None,
        }
        return Prepared(key, json.dumps(body, sort_keys=True))

    def publish(self, prepared: Prepared) -> Receipt:
        body: dict[str, object] = json.loads(prepared.body)
        path = self._path(prepared.key)
        try:
            self._pictures_are_here(body)
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_once(path, {**body, "published_at": datetime.now(UTC).isoformat()})
        except OSError as error:
            raise Unavailable(_told(error)) from None
        try:
            _tidy(path)
        except OSError as error:  # it is there; nobody knows if it outlives a crash
            raise OutcomeUnknown(_told(error)) from None
        return self._confirmed(path, body)

    def find(self, prepared: Prepared, since: datetime) -> Finding:
        """By key, so `since` is not needed."""
        path = self._path(prepared.key)
        try:
            if path.exists():
                return Found((self._confirmed(path, json.loads(prepared.body)),))
            if not path.parent.is_dir():
                return CantTell(f"The folder {path.parent} is not there.")
        except (OSError, OutcomeUnknown, Rejected) as error:
            return CantTell(str(error))
        return NotThere()

    def check(self) -> Account:
        """Makes the folder, and sees that it can be written and linked in."""
        trial = _posts(self.folder) / f".trial.{uuid4().hex}"
        try:
            trial.parent.mkdir(parents=True, exist_ok=True)
            _write_once(trial, {})
            trial.unlink()
        except OSError as error:
            raise Unavailable(_told(error)) from None
        return Account("paper", self.title, "paper", "1", Class.EXACT, self.limits)

    def _path(self, key: str) -> Path:
        slug = hashlib.sha256(key.encode()).hexdigest()[:20]
        return _posts(self.folder) / f"{slug}.json"

    def _keep(self, image: Image) -> str:
        """Store a picture under the hash of its bytes, whole or not at all."""
        data = image.data
        name = f"{hashlib.sha256(data).hexdigest()}.{_ENDINGS[image.media_type]}"
        path = _pictures(self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            part = path.with_name(f".{name}.{uuid4().hex}")
            _write(part, data)
            part.replace(path)
            _settle(path.parent)
        return name

    def _pictures_are_here(self, body: dict[str, object]) -> None:
        images = body["images"]
        assert isinstance(images, list)  # noqa: S101  compose made it
        for image in images:
            (_pictures(self.folder) / image["file"]).stat()

    def _confirmed(self, path: Path, body: dict[str, object]) -> Receipt:
        """The receipt for what stands under the key, if that is what was sent."""
        try:
            found = json.loads(path.read_bytes())
            at = datetime.fromisoformat(found.pop("published_at"))
        except (OSError, ValueError, KeyError, AttributeError):
            raise OutcomeUnknown(f"{path.name} is there but can't be read.") from None
        if found != body:
            told = "Another post already stands under this key."
            raise Rejected(told, duplicate=True)
        return Receipt(path.stem, f"{self.address}/paper/{path.stem}", at)


def _posts(folder: str | Path) -> Path:
    return Path(folder) / "posts"


def _newest(folder: Path) -> tuple[Path, ...]:
    """The files of its posts, the newest first.

    Each is asked once for its time, since none is ever written over; and the folder is
    listed anew only where one came or went.
    """
    try:
        changed_ns = folder.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    known = _listed.get(folder, _Listed())
    if known.changed_ns == changed_ns:
        return known.newest
    made_ns = {
        path: known.made_ns.get(path) or path.stat().st_mtime_ns
        for path in folder.glob("*.json")
        if _SLUG.match(path.stem)
    }
    newest = tuple(sorted(made_ns, key=lambda path: made_ns[path], reverse=True))
    settled = time.time_ns() - changed_ns > SETTLED_NS
    _listed[folder] = _Listed(changed_ns if settled else None, newest, made_ns)
    return newest


def _pictures(folder: str | Path) -> Path:
    return Path(folder) / "pictures"


def _shown(image: Image, file: str) -> PaperImage:
    return PaperImage(
        file, image.alt, image.media_type, image.width, image.height, image.credit
    )


def _readable(path: Path) -> PaperPost | None:
    """A file that someone spoilt must not take the page down with it."""
    try:
        told = json.loads(path.read_bytes())
        read = PaperPost(slug=path.stem, **told)
        return replace(
            read,
            images=tuple(PaperImage(**image) for image in told["images"]),
            published_at=datetime.fromisoformat(told["published_at"]),
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("paper: %s is left out: %s", path.name, error)
        return None


def _write_once(path: Path, content: dict[str, object]) -> None:
    """Make the file, whole; where there is one already, leave that one alone.

    A link never replaces, so of several senders with one key the first wins. A
    sender that is killed before the link leaves a dotted file (see `_tidy`).
    """
    if path.exists():
        return
    part = path.with_name(f".{path.stem}.{uuid4().hex}")
    try:
        _write(part, json.dumps(content, ensure_ascii=False, indent=1).encode())
        os.link(part, path)
    except (FileExistsError, FileNotFoundError):
        if not path.exists():  # else: another sender was first
            raise
    finally:
        with contextlib.suppress(OSError):  # or it is tidied later
            part.unlink(missing_ok=True)


def _tidy(path: Path) -> None:
    """Make the post outlive a power cut, and clear what killed senders left."""
    _settle(path.parent)
    for left in path.parent.glob(f".{path.stem}.*"):
        left.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Make names in the folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _told(error: OSError) -> str:
    return f"The paper's folder can't be used: {error.strerror or error}."
