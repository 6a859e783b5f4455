"""Every route, by role; and nothing that is open by accident."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from desk.models.people import Role
from tests.web.visiting import Visitor, sentence
from web.guards import PUBLIC, ROLES, Permission, may

Visit = Callable[[Role | None], Visitor]


def address(rule: Rule) -> str:
    return rule.build({name: sample(name) for name in rule.arguments})[1]  # type: ignore[index]  # a path


def sample(name: str) -> object:
    return {"sha256": "0" * 64, "ending": "jpg"}.get(name, 424242)


def closed_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in PUBLIC]


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


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_it_may_and_nothing_else(
    app: Flask, visit: Visit, role: Role
) -> None:
    visitor = visit(role)

    for rule in closed_rules(app):
        if rule.endpoint in {"sign_in.sign_out", "live.version"}:
            continue
        permission = getattr(app.view_functions[rule.endpoint], "permission", "")
        refused = call(visitor, rule) == 403
        assert refused == (permission not in ROLES[role]), rule.endpoint


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
