"""Metrics: what Prometheus reads. One process serves them, the live one."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address

from flask import Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy.exc import DBAPIError

from desk import db
from desk.desk import Desk
from desk.report import gauges
from desk.report.gauges import Standing
from desk.report.tally import EDGES, Histogram, Tally
from web import current

FORMAT = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")
COUNTED = {  # by processes, told with their heartbeats
    "claims": "Posts that this clock claimed since it started.",
    "rescued": "Claimed posts whose worker went silent, freed by this clock.",
    "doubted": "Sending posts whose worker went silent, seen by this clock.",
}
NOW = {
    "busy": ("slots_busy", "Slots of this process that are in use."),
    "size": ("slots", "Slots of this process."),
}


class DeskCollector(Collector):
    """Asks the database, and adds up only what is new since it was asked last."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._tally = desk, Tally()
        self._one_at_a_time = threading.Lock()

    def collect(self) -> Iterator[Metric]:
        with self._one_at_a_time:
            with self._desk.db.reading() as session:
                self._tally.look(session)
                standing = gauges.standing(session, db.now(session))
            yield from _from_attempts(self._tally)
        yield from _from_standing(standing)
        yield from _from_processes(standing)

    def describe(self) -> Iterable[Metric]:
        return ()  # else registering would ask the database


def add(app: Flask) -> None:
    app.extensions["metrics"] = DeskCollector(app.extensions["desk"])
    app.add_url_rule("/metrics", view_func=metrics)
    app.register_error_handler(DBAPIError, _away)


def metrics() -> Response:
    if not _may_read():
        return Response(
            "Metrics are for this machine, or for who has the token.\n", 403
        )
    registry = CollectorRegistry()
    registry.register(current_app.extensions["metrics"])
    return Response(generate_latest(registry), content_type=FORMAT)


def _away(error: Exception) -> Response:
    return Response("The database does not answer.\n", 503)


def _may_read() -> bool:
    token = current.settings().metrics_token
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(sent.encode(), token.encode()):
        return True
    return _from_here()


def _from_here() -> bool:
    """From this machine, and not through a proxy on it that asks for anybody."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _from_attempts(tally: Tally) -> Iterator[Metric]:
    yield _histogram(
        "standfirst_lateness_seconds",
        "From the time a post was due to the intent of its first attempt.",
        tally.lateness,
    )
    yield _histogram(
        "standfirst_reply_seconds",
        "From an attempt's intent to its answer on record.",
        tally.answers,
    )
    outcomes = CounterMetricFamily(
        "standfirst_attempts", "Attempts that ended.", labels=("platform", "outcome")
    )
    for (platform, outcome), count in tally.outcomes.items():
        outcomes.add_metric((platform, outcome), count)
    yield outcomes
    retries = CounterMetricFamily(
        "standfirst_retries", "Attempts after a part's first one.", labels=("platform",)
    )
    for platform, count in tally.retries.items():
        retries.add_metric((platform,), count)
    yield retries


def _histogram(
    name: str, about: str, by_platform: Mapping[str, Histogram]
) -> HistogramMetricFamily:
    family = HistogramMetricFamily(name, about, labels=("platform",))
    edges = [*(f"{edge:g}" for edge in EDGES), "+Inf"]
    for platform, histogram in by_platform.items():
        buckets = list(zip(edges, map(float, histogram.cumulated()), strict=True))
        family.add_metric((platform,), buckets, histogram.sum_s)
    return family


def _from_standing(standing: Standing) -> Iterator[Metric]:
    yield _gauges("posts", "Posts in this state.", "state", standing.posts)
    yield _gauges("alive", "Processes alive, by what they do.", "work", standing.alive)
    open_ = dict.fromkeys(standing.open_circuits, 1)
    yield _gauges("breaker_open", "1: left alone but for a probe.", "circuit", open_)
    plain = {
        "overdue_seconds": (
            "The oldest overdue post, unexplained.",
            standing.overdue_s,
        ),
        "holds": ("Holds that stand.", standing.held),
        "channels_stopped": ("Channels whose credential failed.", standing.stopped),
    }
    for name, (about, value) in plain.items():
        yield GaugeMetricFamily(f"standfirst_{name}", about, value)


def _from_processes(standing: Standing) -> Iterator[Metric]:
    told = {one.name: one.figures for one in standing.processes}
    for figure, about in COUNTED.items():
        family = CounterMetricFamily(f"standfirst_{figure}", about, labels=("process",))
        for process, figures_ in told.items():
            if figure in figures_:
                family.add_metric((process,), figures_[figure])
        yield family
    for figure, (name, about) in NOW.items():
        values = {p: told[p][figure] for p in told if figure in told[p]}
        yield _gauges(name, about, "process", values)


def _gauges(
    name: str, about: str, label: str, values: Mapping[str, float]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"standfirst_{name}", about, labels=(label,))
    for value, figure in values.items():
        family.add_metric((value,), figure)
    return family
