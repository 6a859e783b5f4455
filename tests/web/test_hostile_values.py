"""Whatever an address, a field or a header holds, the desk answers with a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule

from tests import factories
from tests.web.articles import paste
from tests.web.test_guards import closed_rules
from tests.web.visiting import Visitor

WEB = Path(__file__).resolve().parents[2] / "web"
ENDS_THE_VISIT = {"sign_in.sign_out", "people.end_session", "team.end_sessions"}
Values = Mapping[str, str | list[str]]
Asked = tuple[Rule, str, Values]
NUMBERS = ("0", "1", "2", "999999", "2147483648", "9223372036854775808", "9" * 30)
WORDS = ("A" * 64, "0" * 63 + "g", "..", "%00", "%2e%2e%2f", "'", "x" * 3000, "%ff")
VALUES = (
    "",
    "0",
    "-1",
    "9" * 18,
    "9" * 30,
    "٣",
    "\x00",
    "1" * 5000,
    "now",
    "9999-12-31 23:59",
    "0001-01-01",
    "1/1/slot/0001-01-01T00:00+14:00",
    "http://[",
    "-",
)
HEADERS = ("Referer", "Origin", "HX-Request", "User-Agent", "Accept-Language")


def fields() -> set[str]:
    """The name of every field and argument that a view reads."""
    code = "".join(path.read_text() for path in WEB.glob("*.py"))
    reads = r"forms\.\w+|request\.(?:form|args)\.get(?:list)?|_arg|_given|_read"
    read = rf'(?:{reads})\(f?"([^"]+)"'
    return {re.sub(r"\{[^}]+\}", "1", name) for name in re.findall(read, code)}


def addresses(rule: Rule) -> list[str]:
    """This rule with each hostile value in every place of its address."""
    kinds = {
        name: NUMBERS if type(converter).__name__ == "Number" else WORDS
        for name, converter in rule._converters.items()
    }
    longest = max((len(values) for values in kinds.values()), default=2)
    made = []
    for at in range(longest):
        path = rule.rule
        for name, values in kinds.items():
            path = re.sub(rf"<(\w+:)?{name}>", values[at % len(values)], path)
        made.append(path)
    return made


@pytest.fixture
def full(admin: Visitor) -> Visitor:
    """At a desk with one of everything."""
    article_id = paste(admin)
    assert article_id == 1
    channel = factories.make_channel(admin.desk, "Third")
    factories.make_scheduled(admin.desk, channel)
    factories.make_person(admin.desk)
    return admin


def broken(visitor: Visitor, asked: Iterable[Asked]) -> list[str]:
    """What is answered with an error of ours."""
    token = visitor.look("/you/signed-in").json
    assert token
    found = []
    for rule, path, values in asked:
        if "GET" in (rule.methods or ()):
            answer = visitor.look(path, query_string=values)
        else:
            filled = {**values, "csrf_token": token["token"]}
            answer = visitor.client.post(path, data=filled)
        if answer.status_code >= 500:
            found.append(f"{rule.endpoint} {path[:80]} {list(values.values())[:1]}")
    assert visitor.look("/you").status_code == 200  # they were signed in all the time
    return found


class Watched(ImmutableMultiDict[str, str]):
    """The fields of a form, and which of them a view has looked for."""

    looked_for: ClassVar[set[str]] = set()  # since a test forgot them

    def get(self, key: str, *more: Any, **named: Any) -> Any:
        self.looked_for.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key: str, *more: Any, **named: Any) -> Any:
        self.looked_for.add(key)
        return super().getlist(key, *more, **named)

    def __getitem__(self, key: str) -> str:
        self.looked_for.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.looked_for.add(str(key))
        return super().__contains__(key)


class Watching(Request):
    parameter_storage_class = Watched


def undos(
    rules: Iterable[Rule], values: Sequence[list[str]], often: Counter[str]
) -> Iterator[Asked]:
    """Each of these lists to whatever reads one; to what does not, the first alone.

    How many it was, `often` says by endpoint.
    """
    for rule in rules:
        for of in values:
            Watched.looked_for.clear()
            often[rule.endpoint] += 1
            yield rule, addresses(rule)[1], {"of": of}
            if "of" not in Watched.looked_for:
                break


def rules(app: Flask) -> list[Rule]:
    found = [one for one in closed_rules(app) if one.endpoint not in ENDS_THE_VISIT]
    return sorted(found, key=lambda one: one.endpoint)


def test_no_address_breaks_a_page_and_no_field_that_is_missing(
    app: Flask, full: Visitor
) -> None:
    asked: list[Asked] = [
        (rule, path, {}) for rule in rules(app) for path in addresses(rule)
    ]

    assert broken(full, asked) == []


@pytest.mark.parametrize("value", VALUES)
def test_no_value_of_a_field_or_an_argument_breaks_a_page(
    app: Flask, full: Visitor, value: str
) -> None:
    filled = {name: value for name in fields() if name != "role"}

    asked: list[Asked] = [(rule, addresses(rule)[1], filled) for rule in rules(app)]

    assert broken(full, asked) == []


@pytest.mark.parametrize("value", VALUES)
def test_no_value_of_an_undo_breaks_a_page(
    app: Flask, full: Visitor, value: str
) -> None:
    lists = (["1", value], ["1", value, value], ["1", "1", value], [value, "1"])
    values = [*lists, [f"1/1/slot/{value}"], [f"1/{value}/none/"], [f"{value}/1/none/"]]

    buttons = [rule for rule in rules(app) if "POST" in (rule.methods or ())]
    app.request_class = Watching
    often = Counter[str]()

    assert broken(full, undos(buttons, values, often)) == []
    assert often.keys() == {rule.endpoint for rule in buttons}
    read = {name for name, many in often.items() if many == len(values)}
    assert read >= {"posts.undo", "writing.undo", "calendar.undo", "inbox.back"}


@pytest.mark.parametrize("header", HEADERS)
def test_no_header_breaks_a_page(full: Visitor, header: str) -> None:
    for value in ("http://[", "http://x:99999", "\\", "é" * 50):
        answers = [
            full.look("/status", headers={header: value}),
            full.send("/articles/1/dismiss", headers={header: value}),
        ]
        assert max(answer.status_code for answer in answers) < 500
