"""Courtesy: a page begins once the posts that were going out have left."""

from __future__ import annotations

import time

from desk import rush
from desk.desk import Desk
from tests.web.visiting import Visitor


def test_a_page_lets_many_posts_pass(desk: Desk, editor: Visitor) -> None:
    home = desk.settings.home
    editor.look("/inbox")

    rush.tell(home)
    answer = editor.look("/inbox")

    assert answer.status_code == 200
    assert not rush.is_on(home, time.time())
