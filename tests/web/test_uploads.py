"""How much one person may send: by the hour, and by the room on the disk."""

from __future__ import annotations

from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from desk.config import Settings
from tests.unit.picturing.made import picture
from tests.web.articles import paste, posts_of
from tests.web.visiting import Visitor, sentence

UPLOADS = 4


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"uploads": UPLOADS})


def sends(who: Visitor, post_id: int) -> TestResponse:
    file = (BytesIO(picture("RGB", "PNG")), "own.png")
    return who.send(f"/posts/{post_id}/picture", {f"picture-{post_id}": file})


def test_one_person_sends_so_many_files_within_an_hour(
    editor: Visitor, admin: Visitor
) -> None:
    article_id = paste(editor)
    post, _ = posts_of(editor.desk, article_id)

    answers = [sends(editor, post.id) for _ in range(UPLOADS)]

    assert [one.status_code for one in answers[:-1]] == [303] * (UPLOADS - 1)
    assert answers[-1].status_code == 429
    assert "within this hour" in sentence(answers[-1])
    assert editor.send("/articles", {"source": "Words"}).status_code == 429
    assert sends(admin, post.id).status_code == 303


def test_a_disk_that_is_nearly_full_is_told_to_who_sends_a_picture(
    editor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    article_id = paste(editor)
    post, _ = posts_of(editor.desk, article_id)
    desk = editor.client.application.extensions["desk"]
    monkeypatch.setattr(desk.pictures, "_keep_free", 10**18)

    answer = sends(editor, post.id)

    assert answer.status_code == 422
    assert "nearly full" in sentence(answer)
