"""A worker allows itself as many files as its slots need, as far as it may."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from workers import process


@pytest.fixture(autouse=True)
def limits() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_it_raises_its_own_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))

    assert process.allowed(1000) == 1000
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 1000 + process.SPARE_FILES


def test_a_limit_that_is_higher_stays() -> None:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)

    assert process.allowed(1) == 1
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == soft


def test_where_it_may_not_there_are_fewer_slots() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    assert process.allowed(hard) == hard - process.SPARE_FILES
