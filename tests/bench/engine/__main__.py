"""The bench from the command line: the whole table, or one scenario with its sizes.

python -m tests.bench.engine burst --posts 1000 --database sqlite --workers 2
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from tests.bench.engine import scenarios, table
from tests.bench.engine.running import Setting

BOTH = ("sqlite", "postgresql")
STORIES = 5000
GIVERS = 16


def everything(asked: argparse.Namespace) -> None:
    """Every scenario, then the table. The order: what needs quiet goes first."""
    for database in BOTH:
        setting = Setting(database)
        scenarios.million(setting, asked.rounds, asked.seconds)
        scenarios.alone(setting)
        for posts in (100, 1000):
            scenarios.bursts(setting, posts, asked.rounds)
        # a third round within minutes is more than Mastodon takes of a channel
        scenarios.ten_thousand(setting, 10_000, min(2, asked.rounds))
        scenarios.redis_gone(setting, 30)
        scenarios.trouble(setting, 1000, 200)
        scenarios.connections(setting, 3000)
        scenarios.looked_at(setting, 1000, asked.stories, asked.rounds)
        scenarios.pasted_at(replace(setting, channels=20), 200, GIVERS)
        scenarios.one_by_one(replace(setting, channels=20))
        scenarios.kills(database)
    through_tweepy = Setting(platform="x")
    scenarios.alone(through_tweepy)
    for posts in (100, 1000):
        scenarios.bursts(through_tweepy, posts, asked.rounds)
    scenarios.celery(1000)
    show(asked)


def show(_: argparse.Namespace) -> None:
    print(table.written(table.kept()))


def one_burst(asked: argparse.Namespace) -> None:
    setting = _setting(asked)
    seen = scenarios.bursts(setting, asked.posts, asked.rounds, asked.profile)
    if asked.beside:
        found = scenarios.ceilings(setting, asked.posts)
        for client, rate in found.items():
            print(f"  ours is {seen[-1].rate / rate:.2f} of {client}")


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="python -m tests.bench.engine")
    whole.set_defaults(run=everything, rounds=3, seconds=60.0, stories=STORIES)
    of = whole.add_subparsers()
    one = _sized(of, "burst", "many posts due at the same moment", posts=1000)
    one.add_argument("--beside", action=argparse.BooleanOptionalAction, default=True)
    one.add_argument("--profile", metavar="PART", default="", help="worker1, clock")
    one.set_defaults(run=one_burst)
    for name, about, run, posts in (
        ("10000", "a burst beside bare clients", _ten_thousand, 10_000),
        ("alone", "posts due one by one", lambda a: scenarios.alone(_setting(a)), 0),
        ("million", "idle and claims among many others", _million, 0),
        ("redis", "Valkey gone for half a minute", _redis, 0),
        ("trouble", "a dead token and a platform that hangs", _trouble, 1000),
        ("connections", "while all slots are busy", _connections, 3000),
        ("people", "16 and 64 readers and 4 writers at the dashboard", _people, 1000),
        ("pasting", "16 people who paste and upload the worst", _pasting, 200),
        ("worst", "each of the worst, given by one person", _worst, 0),
        ("kills", "kill -9 before and after the intent", _kills, 0),
        ("celery", "the same posts through Celery alone", _celery, 1000),
        ("show", "the table as far as it is measured", show, 0),
    ):
        _sized(of, name, about, posts).set_defaults(run=run)
    return whole


def _ten_thousand(asked: argparse.Namespace) -> None:
    scenarios.ten_thousand(_setting(asked), asked.posts, asked.rounds)


def _million(asked: argparse.Namespace) -> None:
    scenarios.million(_setting(asked), asked.rounds, asked.seconds)


def _redis(asked: argparse.Namespace) -> None:
    scenarios.redis_gone(_setting(asked), asked.seconds)


def _trouble(asked: argparse.Namespace) -> None:
    scenarios.trouble(_setting(asked), asked.posts, asked.hanging)


def _connections(asked: argparse.Namespace) -> None:
    scenarios.connections(_setting(asked), asked.posts)


def _people(asked: argparse.Namespace) -> None:
    scenarios.looked_at(_setting(asked), asked.posts, asked.stories, asked.rounds)


def _pasting(asked: argparse.Namespace) -> None:
    """On few channels: each article that is read makes a draft for every one."""
    scenarios.pasted_at(replace(_setting(asked), channels=20), asked.posts, GIVERS)


def _worst(asked: argparse.Namespace) -> None:
    scenarios.one_by_one(replace(_setting(asked), channels=20))


def _kills(asked: argparse.Namespace) -> None:
    scenarios.kills(asked.database)


def _celery(asked: argparse.Namespace) -> None:
    scenarios.celery(asked.posts)


def _setting(asked: argparse.Namespace) -> Setting:
    names = ("database", "platform", "workers", "slots", "others", "channels")
    return Setting(**{name: getattr(asked, name) for name in names})


def _sized(
    of: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    about: str,
    posts: int,
) -> argparse.ArgumentParser:
    one, usual = of.add_parser(name, help=about), Setting()
    one.add_argument("--database", choices=BOTH, default=usual.database)
    one.add_argument("--platform", choices=("mastodon", "x"), default=usual.platform)
    for word, value in (
        ("workers", usual.workers),
        ("slots", usual.slots),
        ("others", usual.others),
        ("channels", usual.channels),
        ("posts", posts),
        ("rounds", 2),
        ("hanging", 200),
        ("stories", STORIES),
    ):
        one.add_argument(f"--{word}", type=int, default=value)
    one.add_argument("--seconds", type=float, default=30.0)
    return one


if __name__ == "__main__":
    arguments = parser().parse_args()
    arguments.run(arguments)
