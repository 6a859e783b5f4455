"""Parts of a post: a thread, a link in a reply, and what each of them says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from connectors.base import About, Limits, Problem
from desk import db, preferences, scheduling
from desk.articles import drafting
from desk.channels import channel_settings
from desk.desk import Desk
from desk.models import Attempt, Part, Post
from desk.people.actors import Actor
from desk.posts import editing, undo, validation
from desk.posts.editing import Change, Typed
from desk.posts.validation import TooLong
from desk.scheduling import At
from desk.writing.style import Place, Style
from tests.factories import look_up, make_channel, make_post, run_due
from tests.fakes.scripted import Scripted
from tests.unit.articles.test_drafting import LINKED, NOON, photo, stored

WORDS = " ".join(["It goes on."] * 14)
LONG = "\n\n".join(f"Paragraph {number} says this. {WORDS}" for number in (1, 2, 3))
LINK = "https://news.example/bridge"


def change(desk: Desk, post_id: int, what: Change) -> Post:
    with desk.db.writing() as session:
        revision = look_up(desk, post_id).revision
        return editing.edit(
            desk, session, post_id, Typed(what, revision), now=db.now(session)
        )


def thread(desk: Desk, post_id: int, on: bool = True) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        change = Change(thread=on)
        undo.change_with_undo(desk, session, post_id, change, now=now, by=Actor("Ines"))


def publish(desk: Desk, post_id: int) -> Post:
    with desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(desk, session, post_id, At(now), now=now)
    run_due(desk)
    return look_up(desk, post_id)


def set_style(desk: Desk, channel_id: int, style: Style) -> None:
    with desk.db.writing() as session:
        channel_settings.set_style(session, channel_id, style)


def bodies(desk: Desk, post: Post) -> list[tuple[str, str | None]]:
    """What was sent, part by part."""
    query = select(Attempt.body).join(Part).where(Part.post_id == post.id)
    with desk.db.reading() as session:
        sent = [json.loads(body) for body in session.scalars(query.order_by(Part.id))]
    return [(body["text"], body["link"]) for body in sent]


def test_a_long_text_goes_out_as_a_thread(any_desk: Desk) -> None:
    post_id = make_post(any_desk, make_channel(any_desk), LONG)
    change(any_desk, post_id, Change(link=LINK))
    thread(any_desk, post_id)

    post = publish(any_desk, post_id)

    assert post.state == "published"
    said = bodies(any_desk, post)
    assert [text.split(" says")[0] for text, _ in said] == [
        "Paragraph 1",
        "Paragraph 2",
        "Paragraph 3",
    ]
    assert [link for _, link in said] == [LINK, None, None]
    assert "\n\n".join(text for text, _ in said) == LONG


def test_the_link_goes_in_a_part_of_its_own(any_desk: Desk) -> None:
    post_id = make_post(any_desk, make_channel(any_desk), "The bridge is shut.")
    change(any_desk, post_id, Change(link=LINK, link_in_reply=True))

    post = publish(any_desk, post_id)

    assert bodies(any_desk, post) == [("The bridge is shut.", None), ("", LINK)]
    assert post.state == "published"


def test_numbers_and_a_link_in_a_reply_behind_a_thread(desk: Desk) -> None:
    channel_id = make_channel(desk)
    set_style(desk, channel_id, Style(numbered=True))
    post_id = make_post(desk, channel_id, LONG)
    change(desk, post_id, Change(link=LINK, link_in_reply=True, thread=True))

    said = bodies(desk, publish(desk, post_id))

    assert [text[-3:] for text, _ in said] == ["1/3", "2/3", "3/3", ""]
    assert [link for _, link in said] == [None, None, None, LINK]


def test_a_link_in_the_words_goes_in_no_reply(any_desk: Desk) -> None:
    text = f"The bridge is shut: {LINK}"
    post_id = make_post(any_desk, make_channel(any_desk), text)
    change(any_desk, post_id, Change(link=f"{LINK}?ref=mail", link_in_reply=True))

    post = publish(any_desk, post_id)

    assert bodies(any_desk, post) == [(f"{text}?ref=mail", f"{LINK}?ref=mail")]


def test_a_link_in_the_words_goes_with_the_part_that_says_it(desk: Desk) -> None:
    post_id = make_post(desk, make_channel(desk), f"One.\n---\nTwo: www.{LINK[8:]}/")
    change(desk, post_id, Change(link=LINK, thread=True))

    said = bodies(desk, publish(desk, post_id))

    assert said == [("One.", None), (f"Two: {LINK}", LINK)]


def test_every_change_gives_the_parts_new_words_and_new_keys(desk: Desk) -> None:
    post_id = make_post(desk, make_channel(desk), LONG)
    thread(desk, post_id)
    before = {part.key for part in look_up(desk, post_id).parts}

    change(desk, post_id, Change(text="One.\n---\nTwo."))

    parts = look_up(desk, post_id).parts
    assert [part.text for part in parts] == ["One.", "Two."]
    assert not before & {part.key for part in parts}
    change(desk, post_id, Change(text="One."))
    assert [part.text for part in look_up(desk, post_id).parts] == [None]


def test_undo_puts_a_thread_together_again(desk: Desk) -> None:
    post_id = make_post(desk, make_channel(desk), LONG)
    thread(desk, post_id)

    with desk.db.writing() as session:
        undo.bring_back(desk, session, post_id, now=db.now(session), by=Actor("Ines"))

    post = look_up(desk, post_id)
    assert (post.thread, len(post.parts), post.text) == (False, 1, LONG)


def test_a_thread_that_is_scheduled_is_not_put_together_too_long(desk: Desk) -> None:
    post_id = make_post(desk, make_channel(desk), LONG)
    thread(desk, post_id)
    with desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(desk, session, post_id, At(now), now=now)

    with pytest.raises(TooLong, match="over the limit of 280"):
        thread(desk, post_id, on=False)

    assert len(look_up(desk, post_id).parts) == 3


def test_what_is_wrong_names_its_part(desk: Desk) -> None:
    post_id = make_post(desk, make_channel(desk), "Short.\n---\n" + "word " * 80)
    thread(desk, post_id)

    with desk.db.reading() as session:
        post = session.get_one(Post, post_id)
        found = validation.rendered(desk, post, post.text, post.alt)

    assert [piece.over for piece in found.pieces] == [0, 119]
    long = Problem("Part 2: The text is 119 over the limit of 280.", About.TEXT)
    assert found.problems == (long,)
    assert found.longest == found.pieces[1]


def test_a_thread_has_an_end(desk: Desk) -> None:
    post_id = make_post(desk, make_channel(desk), "\n---\n".join(["Word."] * 26))
    thread(desk, post_id)

    with pytest.raises(TooLong, match="26 parts, and 25 is the most"):
        publish(desk, post_id)


def test_a_draft_is_written_in_the_channels_style(desk: Desk) -> None:
    channel_id = make_channel(desk, "One")
    style = Style(
        template="{section}: {teaser}\n\nFoto: {credit}\n\n{hashtags}",
        hashtags=2,
        never=("Crime",),
        tagged=True,
    )
    set_style(desk, channel_id, style)
    told = replace(
        LINKED, topics=("Crime", "Bridges", "Ellery"), section="City", credit="A. Reil"
    )

    (post,) = stored(desk, told, photo())

    assert post.text == (
        f"City: {told.standfirst}\n\nFoto: A. Reil\n\n#Bridges #Ellery"
    )
    assert post.link == LINK
    assert post.tags == (
        f"utm_source=scripted&utm_medium=social&utm_campaign=city"
        f"&utm_content=post-{post.id}"
    )
    assert publish(desk, post.id).state == "published"
    assert bodies(desk, post)[0][1] == f"{LINK}?{post.tags}"


def test_a_link_in_the_text_has_its_own_posts_number(desk: Desk) -> None:
    channel_id = make_channel(desk, "One")
    style = Style(template="{link} {teaser}", tagged=True, tags={"content": "{post}"})
    set_style(desk, channel_id, style)
    make_channel(desk, "Two")

    one, _ = stored(desk, LINKED, photo())

    own = f"{LINK}?utm_content={one.id}"
    assert one.text.startswith(f"{own} ")
    assert all(each["text"].startswith(f"{own} ") for each in one.candidates)


def test_a_link_that_an_editor_adds_is_tagged_too(desk: Desk) -> None:
    channel_id = make_channel(desk, "One")
    set_style(desk, channel_id, Style(tagged=True, tags={"content": "{post}"}))
    (post,) = stored(desk, replace(LINKED, link=None), photo())

    change(desk, post.id, Change(link=LINK))

    sent = bodies(desk, publish(desk, post.id))
    assert sent[0][1] == f"{LINK}?utm_content={post.id}"


def test_no_tags_go_behind_a_link_to_another_site(desk: Desk) -> None:
    channel_id = make_channel(desk, "One")
    set_style(desk, channel_id, Style(tagged=True))
    (post,) = stored(desk, LINKED, photo())

    change(desk, post.id, Change(link="https://other.example/"))

    assert bodies(desk, publish(desk, post.id))[0][1] == "https://other.example/"


def test_a_links_date_is_the_newsrooms(desk: Desk) -> None:
    with desk.db.writing() as session:
        preferences.set_zone(session, "Asia/Tokyo")
    style = Style(tagged=True, tags={"campaign": "{date}"})
    late = NOON.replace(hour=16)  # the next day in Tokyo

    made = drafting.draft(desk, LINKED, Scripted({}), late, style)

    assert made.tags == f"utm_campaign={NOON + timedelta(days=1):%Y-%m-%d}"


def test_hashtags_give_way_to_words(desk: Desk) -> None:
    told = replace(LINKED, topics=("Bridges", "Ellery"))
    length = len(told.standfirst) + len(LINK) + 2
    style = Style(hashtags=2)

    def drafted(room: int) -> str:
        connector = Scripted({}, Limits(text=length + room))
        return drafting.draft(desk, told, connector, NOON, style).text

    assert drafted(18) == f"{told.standfirst}\n\n#Bridges #Ellery"
    assert drafted(17) == f"{told.standfirst}\n\n#Bridges"
    assert drafted(9) == told.standfirst


def test_a_hashtag_that_the_words_have_is_not_put_behind_them(desk: Desk) -> None:
    told = replace(
        LINKED, topics=("Bridges", "Ellery"), standfirst="A crack shuts #bridges now."
    )

    made = drafting.draft(desk, told, Scripted({}), NOON, Style(hashtags=1))

    assert made.text == "A crack shuts #bridges now.\n\n#Ellery"


def test_a_channel_starts_with_the_kind_it_wants(desk: Desk) -> None:
    made = drafting.draft(desk, LINKED, Scripted({}), NOON, Style(first="quote"))
    twice = Style(template="{headline}\n\n{teaser}", first="headline")
    other = drafting.draft(desk, LINKED, Scripted({}), NOON, twice)

    assert made.candidates[0].kind == "quote"
    assert made.text == made.candidates[0].text
    assert all(one.kind != "headline" for one in other.candidates)
    assert other.text.startswith(f"{LINKED.headline}\n\n")


def test_a_card_takes_the_pictures_place(desk: Desk) -> None:
    channel_id = make_channel(desk, "One")
    set_style(desk, channel_id, Style(place=Place.CARD))

    (post,) = stored(desk, LINKED, photo())

    assert post.picture_id is None
    assert not any("image" in warning for warning in post.warnings)


def test_a_channel_whose_links_go_in_a_reply(desk: Desk) -> None:
    channel_id = make_channel(desk, "One")
    set_style(desk, channel_id, Style(place=Place.REPLY))

    (post,) = stored(desk, LINKED, photo())

    assert post.picture_id is not None
    assert bodies(desk, publish(desk, post.id)) == [(post.text, None), ("", LINK)]


def test_drafts_that_are_there_stay_as_they_are(desk: Desk) -> None:
    channel_id = make_channel(desk, "One")
    (post,) = stored(desk, LINKED, photo())

    set_style(desk, channel_id, Style(place=Place.REPLY, tagged=True))

    again = look_up(desk, post.id)
    assert (again.link_in_reply, again.tags, again.text) == (False, "", post.text)
