"""Logs: one form for everything a process writes, without secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from commands.supervising import _as_json
from desk import heartbeats, logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_is_one_json_object_with_its_worker(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("json")

    structlog.get_logger().info("claimed", posts=[7, 8], channel=3)

    [line] = lines(capsys)
    assert line["event"] == "claimed"
    assert (line["posts"], line["channel"]) == ([7, 8], 3)
    assert line["worker"] == heartbeats.name()
    assert str(line["timestamp"]).endswith("Z")


def test_what_a_library_logs_has_the_same_form(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("json")

    logging.getLogger("celery").warning("lost the %s", "broker")

    [line] = lines(capsys)
    assert (line["event"], line["level"]) == ("lost the broker", "warning")


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_secret_and_no_body_is_written(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(form)
    token = "hunt" + "er2"

    structlog.get_logger().info("signed in", token=token, body="Dodge returns")
    try:
        raise ValueError("no good")
    except ValueError:
        structlog.get_logger().exception("it failed", post=7)
        logging.getLogger("celery").exception("it failed")

    written = capsys.readouterr().out
    assert "no good" in written
    assert "hunter2" not in written
    assert "Dodge returns" not in written


def test_configuring_twice_writes_each_line_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("console")
    logs.configure("json")

    logging.getLogger("celery").warning("once")

    assert len(lines(capsys)) == 1


def test_under_desk_up_every_line_is_json() -> None:
    said = {"event": "web was killed", "process": "desk"}

    assert json.loads(_as_json("desk", "web was killed")) == said
    assert _as_json("web", '{"event": "up"}') == '{"event": "up"}'
