"""Refusals: one base for every error that a person may cause."""

from __future__ import annotations

import importlib
import pickle
import pkgutil
from collections.abc import Iterator

import pytest

import desk
from commands.bootstrap import Refused, sentences
from connectors.base import ConnectorError
from desk.alerts.transports import NotDelivered
from desk.channels import BadChannel, UnknownChannel
from desk.engine_settings import BrokenEngine
from desk.reading.guarded import TooBig
from desk.refusal import STATUSES, Refusal, RefusalKind
from desk.sandbox import Exhausted, Over

OWN_AFFAIRS = {TooBig, Exhausted, NotDelivered, BrokenEngine}  # of no person


def everything_raised() -> Iterator[type[Exception]]:
    """Every error that a module of the desk defines for others."""
    for found in pkgutil.walk_packages(desk.__path__, "desk."):
        if found.name.startswith("desk.migrations"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            ours = isinstance(value, type) and value.__module__ == found.name
            if ours and issubclass(value, Exception) and not name.startswith("_"):
                yield value


def test_every_error_of_the_desk_is_a_refusal_or_its_own_affair() -> None:
    strays = {
        error
        for error in everything_raised()
        if not issubclass(error, Refusal | ConnectorError) and error not in OWN_AFFAIRS
    }

    assert strays == set()


def test_every_kind_of_refusal_has_a_status() -> None:
    assert set(STATUSES) == set(RefusalKind)
    assert all(400 <= kind.status < 500 for kind in RefusalKind)


def test_a_refusal_says_itself_as_json() -> None:
    about_a_field = BadChannel("Name a server.", "server")

    assert UnknownChannel("There is none.").as_json() == {
        "kind": "missing",
        "sentence": "There is none.",
    }
    assert about_a_field.as_json() == {
        "kind": "unfit",
        "sentence": "Name a server.",
        "field": "server",
    }


def test_a_refusal_survives_the_way_to_another_process() -> None:
    kept = pickle.dumps(BadChannel("Name a server.", "server"))
    refusal = pickle.loads(kept)  # noqa: S301  # our own

    assert refusal.as_json() == BadChannel("Name a server.", "server").as_json()


def test_a_command_shows_a_refusal_as_its_sentence() -> None:
    with pytest.raises(Refused, match=r"There is none\."), sentences():
        raise UnknownChannel("There is none.")


def test_a_command_hides_no_fault_of_the_desk_behind_a_sentence() -> None:
    with pytest.raises(Exhausted), sentences():
        raise Exhausted(Over.TIME)
