"""Every route, by role; and nothing that is open by accident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.routing import Rule

from desk.desk import Desk
from desk.models.base import Base
from desk.models.people import Role
from tests import factories
from tests.web.routes import OWN, WHO
from tests.web.visiting import Visitor, sentence
from web.guards import PUBLIC, Permission, may

Visit = Callable[[Role | None], Visitor]


def address(rule: Rule, number: int = 424242) -> str:
    values = {name: sample(name, number) for name in rule.arguments}
    return rule.build(values)[1]  # type: ignore[index]  # a path


def sample(name: str, number: int) -> object:
    return {"sha256": "0" * 64, "ending": "jpg"}.get(name, number)


def closed_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in PUBLIC]


def records(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored, but for when someone was last seen."""
    apart = {"sessions", "heartbeats"}
    with desk.db.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(table.select())]
            for table in Base.metadata.sorted_tables
            if table.name not in apart
        }


def unguarded(app: Flask) -> list[str]:
    return [
        rule.endpoint
        for rule in closed_rules(app)
        if not hasattr(app.view_functions[rule.endpoint], "permission")
    ]


def call(visitor: Visitor, rule: Rule) -> int:
    if "GET" in (rule.methods or ()):
        return visitor.look(address(rule)).status_code
    return visitor.send(address(rule)).status_code


def test_every_route_names_its_permission_or_is_listed_as_public(app: Flask) -> None:
    assert unguarded(app) == []


def test_a_route_without_permission_is_found(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    assert unguarded(app) == ["forgotten"]


def test_a_route_without_permission_is_closed_to_editors(
    app: Flask, editor: Visitor
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    assert editor.look("/forgotten").status_code == 403


def test_public_routes_exist(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= PUBLIC


def test_nobody_is_let_in_without_signing_in(app: Flask, passer_by: Visitor) -> None:
    seen = {rule.endpoint: call(passer_by, rule) for rule in closed_rules(app)}

    assert set(seen.values()) <= {302, 401}, seen


def test_every_route_stands_in_the_table_of_who_may_call_it(app: Flask) -> None:
    assert {rule.endpoint for rule in closed_rules(app)} == set(WHO)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_it_may_and_nothing_else(
    app: Flask, visit: Visit, role: Role
) -> None:
    visitor = visit(role)

    for rule in closed_rules(app):
        if rule.endpoint == "sign_in.sign_out":
            continue  # tested last of all, below
        refused = call(visitor, rule) == 403
        assert refused == (role not in WHO[rule.endpoint]), rule.endpoint


@pytest.mark.parametrize("role", list(Role))
def test_everyone_may_sign_out(visit: Visit, role: Role) -> None:
    visitor = visit(role)

    visitor.send("/sign-out")

    assert visitor.look("/you").status_code == 302


def test_routes_that_change_something_take_no_plain_link(app: Flask) -> None:
    rules = [rule for rule in closed_rules(app) if "GET" in (rule.methods or ())]

    assert [rule.endpoint for rule in rules if "POST" in (rule.methods or ())] == []


def test_an_analyst_changes_nothing_whatever_they_call(
    app: Flask, desk: Desk, visit: Visit
) -> None:
    channel = factories.make_channel(desk)
    ahead = factories.now_of(desk) + timedelta(hours=1)
    factories.make_scheduled(desk, channel, due_at=ahead)
    factories.make_post(desk, channel)
    analyst = visit(Role.ANALYST)
    before = records(desk)

    for rule in closed_rules(app):
        if rule.endpoint not in OWN and "POST" in (rule.methods or ()):
            analyst.send(address(rule, 1), {"of": "1", "posts": "1"})

    assert records(desk) == before


def test_may_marks_a_view() -> None:
    assert may(Permission.RUN)(lambda: None).permission == Permission.RUN  # type: ignore[attr-defined]  # set by may()


def test_a_page_that_needs_signing_in_leads_there_and_back(passer_by: Visitor) -> None:
    answer = passer_by.look("/status?x=1")

    assert answer.location == "/sign-in?next=/status?x%3D1"


def test_what_was_written_survives_being_signed_out(passer_by: Visitor) -> None:
    answer = passer_by.send("/articles", {"source": "A text"})

    assert answer.status_code == 401
    assert "Sign in in another tab" in sentence(answer)


def test_another_sites_page_can_not_send_a_form(editor: Visitor) -> None:
    answer = editor.send("/hold", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "Another site" in sentence(answer)


def test_an_old_browser_is_judged_by_its_origin(editor: Visitor) -> None:
    foreign = editor.send("/hold", headers={"Origin": "https://elsewhere.example"})
    own = editor.send("/hold", headers={"Origin": "http://localhost"})

    assert (foreign.status_code, own.status_code) == (403, 303)


def test_a_form_without_its_token_does_nothing(editor: Visitor) -> None:
    answer = editor.client.post("/hold")

    assert answer.status_code == 403
    assert "Everything is held" not in editor.look("/").text
