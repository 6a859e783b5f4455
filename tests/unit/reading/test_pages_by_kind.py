"""Pages by the kind of what stands on them, whatever the site calls its boxes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.reading import taken_apart
from desk.reading.article import File, Reading, Unreadable
from desk.reading.encodings import decoded
from desk.reading.fetching import Page
from desk.writing import candidates

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://quaypaper.example/news/north-quay-shut"
TITLE = "North quay to shut for six weeks"
STORY = (
    "The harbour office will shut its north quay for six weeks from Monday, after "
    "divers found cracks in the piles that carry the cranes.",
    "“We can't wait another winter,” said Lena Ost, who runs the office. “It would be "
    "madness to try.”",
    "The work costs 2.1 million crowns and ends in March, when the ferries come back "
    "to the town.",
    "Fishermen asked for a berth at the south quay meanwhile, and were promised one by "
    "the mayor, Tom Beale.",
)


PARAGRAPHS = "".join(f"<p>{one}</p>" for one in STORY)


def markup(
    story: str = PARAGRAPHS,
    *,
    head: str = "",
    above: str = "",
    by: str = "",
    below: str = "",
    stated: Any = None,
) -> str:
    ld = f"<script type='application/ld+json'>{json.dumps(stated)}</script>"
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f"<meta property='og:site_name' content='Quay Paper'>{head}"
        f"{ld if stated else ''}</head><body>{above}<main><article><h1>{TITLE}</h1>"
        f"{by}{story}</article></main>{below}</body></html>"
    )


def read(html: str | bytes) -> Reading:
    data = html.encode() if isinstance(html, str) else html
    return taken_apart(Page(URL, data), NOW)


def drafts(reading: Reading) -> list[str]:
    made = candidates(reading, lambda text: len(text) - 300, 0, NOW)
    return [one.text for one in made.candidates]


NOTICES = {
    "consent": (
        "Before you continue",
        "We and our partners store and access information on your device, such as "
        "cookies. You can withdraw your consent at any time in the privacy settings.",
    ),
    "a challenge": (
        "One more step",
        "Please verify that you are human. Checking your browser before you can go on "
        "takes some seconds. Enable JavaScript and cookies to continue.",
    ),
    "no such page": (
        "Page not found",
        "Sorry, the page you were looking for could not be found. It may have been "
        "moved or deleted. Try the search, or go back to the front page of the paper.",
    ),
    "Seite fehlt": (
        "Seite nicht gefunden",
        "Die gewünschte Seite konnte leider nicht gefunden werden. Vielleicht wurde "
        "sie verschoben oder gelöscht. Nutzen Sie die Suche oder die Startseite.",
    ),
}


@pytest.mark.parametrize(("title", "said"), NOTICES.values(), ids=NOTICES)
def test_a_page_that_shows_a_notice_and_no_story_is_refused(
    title: str, said: str
) -> None:
    html = f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>"

    with pytest.raises(Unreadable, match="no article"):
        read(f"{html}<p>{said}</p><p>{said}</p></main></body></html>")


def test_a_banner_over_a_story_is_no_part_of_it() -> None:
    banner = f"<div class='x1'><p>{NOTICES['consent'][1]}</p><button>OK</button></div>"

    reading = read(markup(above=banner))

    assert reading.paragraphs == STORY
    assert not any("partners" in one for one in drafts(reading))


@pytest.mark.parametrize(
    "told",
    [
        "Sign up to our newsletter and get the best of Quay Paper every morning.",
        "Quay Paper brings you news, sport and weather from the whole harbour region.",
        "Just 3 crowns for the first month. Subscribe and support our journalism.",
    ],
)
def test_a_summary_that_is_about_the_site_is_no_standfirst(told: str) -> None:
    tags = f"<meta name='description' content='{told}'>"
    tags += f"<meta property='og:description' content='{told}'>"

    assert read(markup(head=tags)).standfirst == ""


def test_a_summary_that_is_about_the_story_is_its_standfirst() -> None:
    told = "Cracked piles close the north quay until March, and fishermen want a berth."

    reading = read(markup(head=f"<meta name='description' content='{told}'>"))

    assert reading.standfirst == told


BROKEN = {
    "br": "<div>" + "<br><br>".join(STORY) + "</div>",
    "bare text with br": "<br>\n<br>\n".join(STORY),
    "divs": "".join(f"<div>{one}</div>" for one in STORY),
    "inline tags": "".join(
        "<p>" + regex.sub(r"(quay|office)", r"<b>\1</b>", one) + "</p>" for one in STORY
    ),
    "hidden words": "".join(f"<p>{one}</p>" for one in STORY).replace(
        "Monday,", "Monday<span style='display:none'> HIDDEN</span>,"
    ),
    "struck out": "".join(f"<p>{one}</p>" for one in STORY).replace(
        "2.1 million", "<s>9 million</s> 2.1 million"
    ),
    "pulled out": "".join(f"<p>{one}</p>" for one in STORY)
    + "<p>“We can't wait another winter,” said Lena Ost, who runs the office.</p>",
}


@pytest.mark.parametrize("story", BROKEN.values(), ids=BROKEN)
def test_paragraphs_are_what_readers_see_as_such(story: str) -> None:
    assert read(markup(story)).paragraphs == STORY


BYLINES = {
    "<p>By Mara Holt</p>": ("Mara Holt",),
    "<div>By <a href='/a'>Mara Holt</a> and <a href='/b'>Jan Kos</a></div>": (
        "Mara Holt",
        "Jan Kos",
    ),
    "<div><span>By</span> <span>Mara Holt</span><span>Reporter</span></div>": (
        "Mara Holt",
    ),
    "<p>Texte : Inès Caron</p>": ("Inès Caron",),
    "<p>Oleh Siti Rahma</p>": ("Siti Rahma",),
}


@pytest.mark.parametrize(("by", "names"), BYLINES.items())
def test_authors_are_who_signed_and_nobody_from_the_side(
    by: str, names: tuple[str, ...]
) -> None:
    aside = (
        "<aside><h3>More</h3><p>By <a rel='author' href='/z'>Zoe Wren</a></p></aside>"
    )

    assert read(markup(by=by, below=aside)).authors == names


def test_of_several_statements_the_one_of_this_story_is_heard() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Ferry fares rise",
        "url": "https://quaypaper.example/news/fares",
        "author": {"@type": "Person", "name": "Zoe Wren"},
        "datePublished": "2020-01-01",
    }
    own = {
        "@type": "NewsArticle",
        "headline": TITLE,
        "url": URL,
        "author": [{"name": "Mara Holt"}, "Jan Kos"],
        "datePublished": "2026-11-20T08:00:00Z",
    }

    reading = read(markup(stated=[other, own]))

    assert reading.authors == ("Mara Holt", "Jan Kos")
    assert str(reading.published_at).startswith("2026-11-20")
    assert read(markup(stated=other)).authors == ()


def test_readers_headline_beats_the_one_for_search_engines() -> None:
    stated = {
        "@type": "NewsArticle",
        "url": URL,
        "headline": "Quay shut: why and when?",
    }
    shared = f"<meta property='og:title' content='{TITLE}'>"

    assert read(markup(head=shared, stated=stated)).headline == TITLE


def test_the_headline_that_a_page_shows_below_its_h1_is_the_stated_one() -> None:
    own = "Cranes over cracked piles: the port loses a winter"
    stated = {"@type": "NewsArticle", "url": URL, "headline": own}
    shared = f"<meta property='og:title' content='{TITLE}'>"

    reading = read(markup(f"<h2>{own}</h2>{PARAGRAPHS}", head=shared, stated=stated))

    assert reading.headline == own


RUSSIAN = (
    "Северный причал закроют на шесть недель\n\nПорт закроет северный причал на шесть "
    "недель с понедельника: водолазы нашли трещины в сваях.\n\nЖдать ещё одну зиму "
    "нельзя, сказала Лена Ост."
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (
            "北码头将关闭六周\n\n港务局周一宣布，北码头将从下周起关闭六周，以更换桩基。",
            "gbk",
        ),
        (
            "北埠頭、6週間閉鎖へ\n\n港湾局は、北埠頭を6週間閉鎖すると発表した。",
            "shift-jis",
        ),
        (
            "Nordkai schließt für sechs Wochen\n\nDie Behörde schließt den Kai.\n\n"
            "„Länger können wir nicht warten“, sagte Käthe Öst. Die Arbeiten an den "
            "Pfählen kosten zwei Millionen Kronen und dauern bis März.",
            "mac-roman",
        ),
    ],
)
def test_a_file_in_old_letters_is_read_right(text: str, encoding: str) -> None:
    reading = taken_apart(File("story.txt", text.encode(encoding)), NOW)

    assert reading.headline == text.split("\n")[0]


def test_letters_that_were_encoded_twice_are_read_right() -> None:
    told = "Nordkai schließt für sechs Wochen, sagte Käthe Öst: „Schade“."

    twice = told.encode().decode("cp1252", errors="ignore").encode()

    assert decoded(twice, "text/html").startswith("Nordkai schließt für sechs Wochen")


def test_a_paragraph_in_windows_letters_on_a_page_in_utf_8_is_read_right() -> None:
    told = markup("<p>Käthe Öst grüßt schön: „Größe zählt“</p>".join([""] * 2))
    page = told.encode() + "<p>Grüße</p>".encode("cp1252")

    assert "Grüße" in decoded(page, "text/html; charset=utf-8")
    assert "schön" in decoded(page, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("by", "told"),
    [
        ("<span class='k'>Sponsored content</span>", "paid content"),
        ("<div>Paid for by Kestrel Rail</div>", "paid content"),
        ("<div>Kommentar</div>", "opinion"),
    ],
)
def test_whose_words_they_are_is_told(by: str, told: str) -> None:
    assert any(told in one for one in read(markup(by=by)).warnings)
    assert not any(told in one for one in read(markup()).warnings)


ASKED = "".join(
    f"<p><strong>{question}</strong></p><p>{answer}</p>"
    for question, answer in (
        ("Why did you leave the office?", "The minister lied to all of us in June."),
        (
            "Did you tell anybody?",
            "I told the mayor, and he has spent 3 million since.",
        ),
        ("Would you go back?", "The county has lost 40 engineers in a year."),
    )
)


def test_what_somebody_answers_is_no_draft() -> None:
    story = f"<p>{STORY[0]}</p><p>Lena Ost met us at her kitchen table.</p>{ASKED}"

    made = drafts(read(markup(story)))

    assert made[0] == STORY[0]
    assert not any(
        one.startswith(("The minister", "The county", "Why")) for one in made
    )


def test_an_explainer_asks_and_answers_in_the_newsrooms_own_words() -> None:
    story = f"<p>{STORY[0]}</p><h2>What happens next?</h2><p>{STORY[2]}</p>"
    story += f"<h2>Who pays?</h2><p>{STORY[3]} The county has set 9 million aside.</p>"

    assert any("2.1 million" in one for one in drafts(read(markup(story))))


@pytest.mark.parametrize(
    "dateline",
    ["OSLO, Nov. 20, 2026 /NewsWire/ --", "Oslo CNN —", "OSLO (AP) —"],
)
def test_a_dateline_is_no_part_of_a_draft(dateline: str) -> None:
    story = "".join(f"<p>{one}</p>" for one in (f"{dateline} {STORY[0]}", *STORY[1:]))

    assert drafts(read(markup(story)))[0] == STORY[0]


def renamed(html: str) -> str:
    return str(regex.sub(r" (class|id)='[^']*'", r" \1='z9'", html))


def reordered(html: str) -> str:
    return html.replace(
        "<meta property='og:site_name' content='Quay Paper'>",
        "<meta content='Quay Paper' property='og:site_name'>",
    )


CHANGES: dict[str, Callable[[str], str]] = {
    "renamed": renamed,
    "reordered": reordered,
    "wrapped": lambda h: h.replace("<article>", "<div><section><article>").replace(
        "</article>", "</article></section></div>"
    ),
    "a sidebar": lambda h: h.replace(
        "</main>",
        "</main><aside><h2>Most read</h2><ul><li><a href='/1'>Ferry fares rise</a></li>"
        "<li><a href='/2'>By Zoe Wren</a></li></ul></aside>",
    ),
    "a banner": lambda h: h.replace(
        "<main>", f"<div><p>{NOTICES['consent'][1]}</p></div><main>"
    ),
    "a newsletter box": lambda h: h.replace(
        f"<p>{STORY[2]}</p>",
        "<div class='nl'><p>Sign up for our newsletter, every morning at six.</p></div>"
        f"<p>{STORY[2]}</p>",
    ),
    "hidden words": lambda h: h.replace(
        "six weeks from", "six weeks<span hidden> HIDDEN</span> from", 1
    ),
    "spaces": lambda h: h.replace("<p>", "\n  <p>\n ").replace("</p>", "\n</p>\n"),
    "another encoding": lambda h: h,
}


@settings(max_examples=60)
@given(
    st.sets(st.sampled_from(sorted(CHANGES)), max_size=5),
    st.randoms(use_true_random=False),
)
def test_what_means_nothing_on_a_page_changes_nothing(
    names: set[str], chance: random.Random
) -> None:
    html = markup(by="<p class='by'>By Mara Holt</p>")
    order = sorted(names)
    chance.shuffle(order)
    for name in order:
        html = CHANGES[name](html)
    utf16 = "another encoding" in names

    reading = read(b"\xff\xfe" + html.encode("utf-16-le") if utf16 else html)

    assert (reading.headline, reading.authors) == (TITLE, ("Mara Holt",))
    assert reading.paragraphs == STORY
    assert reading.standfirst == ""


LISTED = "".join(
    f"<article><h2><a href='/{n}'>{title}</a></h2><p>{told}</p></article>"
    for n, (title, told) in enumerate(
        [
            (
                "Ferry fares rise",
                "Tickets cost a tenth more from April, the port says.",
            ),
            ("Pool reopens", "The town's pool is open again after a fire in May."),
            ("Library moves", "Its books are on their way to the old custom house."),
        ]
    )
)


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (f"<main><h1>News</h1>{LISTED}</main>", "list of stories"),
        (
            "<title>Werbung</title><main><p>Der Artikel erscheint in zehn Sekunden, "
            "und diese Anzeige hilft uns, ihn zu bezahlen: haben Sie Geduld.</p>"
            "</main>",
            "advertisement",
        ),
    ],
)
def test_a_list_and_an_advertisement_are_no_story(html: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(f"<html><body>{html}</body></html>")


def test_a_story_with_links_to_others_below_it_is_one() -> None:
    assert read(markup(f"{PARAGRAPHS}{LISTED}")).headline == TITLE


@pytest.mark.parametrize(
    "line",
    [
        "<p>Mara Holt / Agencias</p>",
        "<p>Port Ouest, 20 de noviembre de 2026 - 19:40</p>",
        "<p>2026年11月20日 18時20分</p>",
        "<p>oprac. Mara Holt / PAP</p>",
    ],
)
def test_a_line_about_the_story_is_no_paragraph_of_it(line: str) -> None:
    assert read(markup(f"{line}{PARAGRAPHS}")).paragraphs == STORY


def test_whose_news_it_is_ends_no_story() -> None:
    assert read(markup(f"{PARAGRAPHS}<p>mh/dpa</p>")).paragraphs == STORY


def test_what_stands_over_the_headline_is_no_paragraph_and_an_embargo_is_told() -> None:
    label = "Embargoed until 00:01, 30 November 2026"
    html = markup().replace("<h1>", f"<p>{label}</p><h1>")

    reading = read(html)

    assert reading.paragraphs == STORY
    assert any(label in warning for warning in reading.warnings)


def test_an_h2_that_tells_something_below_the_headline_is_the_standfirst() -> None:
    deck = "Cracks in the piles close the cranes until March, and the ferries too"

    reading = read(markup(f"<h2>{deck}</h2>{PARAGRAPHS}"))

    assert (reading.standfirst, reading.subheadings) == (deck, ())


@pytest.mark.parametrize(
    "credit", ["(Staff photo by Luis Ortega)", "(fot. Luis Ortega)"]
)
def test_a_credit_is_a_name_without_what_it_is_of(credit: str) -> None:
    picture = (
        "<figure><img src='/quay-1200.jpg'><figcaption>The quay on Monday. "
        f"{credit}</figcaption></figure>"
    )

    assert read(markup(f"{picture}{PARAGRAPHS}")).credit == "Luis Ortega"


def test_a_caption_below_a_bare_picture_is_no_paragraph() -> None:
    picture = (
        "<img src='/quay-1200.jpg' width='900'>"
        "<p class='legende'>The quay on Monday. © Luis Ortega / Quay Paper</p>"
    )

    assert read(markup(f"{picture}{PARAGRAPHS}")).paragraphs == STORY
