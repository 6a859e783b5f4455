"""The folder of pictures."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desk.picturing import BadPicture
from desk.picturing.storage import NoSuchPicture, Pictures


def test_gives_back_what_was_put_under_its_digest(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "pictures")

    sha256 = pictures.put(b"pixels")

    assert sha256 == hashlib.sha256(b"pixels").hexdigest()
    assert pictures.get(sha256) == b"pixels"
    assert pictures.path(sha256).name == sha256


def test_many_who_put_the_same_picture_leave_one_whole_file(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path)
    data = b"pixels" * 100_000

    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(pictures.put, [data] * 32))

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(digests) == len(files) == 1
    assert files[0].read_bytes() == data


def test_says_when_a_picture_is_gone(tmp_path: Path) -> None:
    with pytest.raises(NoSuchPicture, match="restore that folder from a backup"):
        Pictures(tmp_path).get("0" * 64)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 65])
def test_takes_no_name_that_is_not_a_digest(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoSuchPicture, match="not the digest"):
        Pictures(tmp_path).path(name)


def test_a_disk_that_is_nearly_full_takes_no_more_pictures(tmp_path: Path) -> None:
    Pictures(tmp_path / "pictures", keep_free=1).refuse_full()

    with pytest.raises(BadPicture, match="nearly full"):
        Pictures(tmp_path / "pictures", keep_free=10**18).refuse_full()
