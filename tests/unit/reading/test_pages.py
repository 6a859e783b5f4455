"""Web pages: what each source says, one choice by rules, and plain warnings."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from desk.reading.article import Kind, Reading, Unreadable
from desk.reading.pages import read_page

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
URL = "https://www.courier.example/town/pier"
BODY = """
<p>The council of Marrow Bay voted on Monday to repair the old pier before the winter
storms arrive, and to leave the lamp at its end as it is.</p>
<h2>Who pays for the pier</h2>
<p>“We asked for a light and got a concert hall,” says councillor Marit Ekholm, who has
walked to the end of the pier every morning for nineteen years. “I can live with
both.”</p>
<p>The work takes six weeks and costs 86,000 crowns, which is less than a third of what
a new pier would cost the town and its 4,100 people.</p>
<p>Read more from The Courier</p>
"""
FIGURE = """<figure><img src="/img/pier-1200x800.jpg" alt="A pier in fog">
<figcaption>The old pier on Monday. <span class="credit">Photo: Jane Doe / AP</span>
</figcaption></figure>"""


def page(
    head: str = "",
    stated: Any = None,
    h1: str = "Town Repairs Its Pier",
    figure: str = "",
    body: str = BODY,
    url: str = URL,
) -> Reading:
    script = (
        f'<script type="application/ld+json">{json.dumps(stated)}</script>'
        if stated is not None
        else ""
    )
    html = (
        f'<html lang="en"><head><title>{h1} | The Courier</title>{head}{script}</head>'
        f"<body><nav><a href=/>Home</a></nav><article><h1>{h1}</h1>{figure}{body}"
        "</article><footer>About us</footer></body></html>"
    )
    return read_page(html.encode(), url, NOW)


def article(**more: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": "Town Repairs Its Pier", **more}


def warned(reading: Reading, words: str) -> bool:
    return any(words in warning for warning in reading.warnings)


def test_reads_the_story_with_its_subheadings_and_nothing_around_it() -> None:
    reading = page()

    assert reading.headline == "Town Repairs Its Pier"
    assert reading.subheadings == ("Who pays for the pier",)
    assert len(reading.paragraphs) == 3
    assert reading.blocks[1].kind is Kind.SUBHEADING
    assert reading.paragraphs[0].startswith("The council of Marrow Bay")


@pytest.mark.parametrize(
    "stated",
    [
        article(author={"@type": "Person", "name": "Jane Doe"}),
        [{"@type": "WebSite", "name": "X"}, article(author=[{"name": "Jane Doe"}])],
        {"@graph": [{"@type": "WebPage"}, article(author="Jane Doe")]},
        {
            "@graph": [
                article(author={"@id": "#jane"}),
                {"@id": "#jane", "@type": "Person", "name": "Jane Doe"},
            ]
        },
        {"@type": "WebPage", "mainEntity": article(author=["By Jane Doe"])},
    ],
    ids=["plain", "list", "graph", "by id", "main entity"],
)
def test_finds_the_article_in_json_ld_however_it_is_nested(stated: Any) -> None:
    assert page(stated=stated).authors == ("Jane Doe",)


def test_reads_json_ld_that_is_broken_in_the_usual_ways() -> None:
    script = (
        '<script type="application/ld+json">\n<!--\n{"@type": "NewsArticle",'
        ' "headline": "Town\nRepairs", "author": "Jane Doe",}\n-->\n</script>'
    )

    assert page(head=script).authors == ("Jane Doe",)


def test_goes_on_without_json_ld_that_is_nonsense() -> None:
    script = '<script type="application/ld+json">{{{ nope</script>'

    assert page(head=script).headline == "Town Repairs Its Pier"


def test_keeps_what_every_source_says() -> None:
    reading = page(
        head='<meta property="og:title" content="Pier saved - The Courier">',
        stated=article(headline="Town Repairs Its Pier &amp; Lamp"),
        h1="The Pier Stays",
    )

    assert reading.headline == "Town Repairs Its Pier & Lamp"
    assert reading.said["headline"]["opengraph"] == "Pier saved"
    assert reading.said["headline"]["h1"] == "The Pier Stays"


@pytest.mark.parametrize(
    "title",
    [
        "Town Repairs Its Pier | The Courier",
        "Town Repairs Its Pier - courier.example",
        "Town Repairs Its Pier – The Courier – Courier",
        "The Courier | Town Repairs Its Pier",
        "Town Repairs Its Pier &amp;#124; The Courier",
    ],
)
def test_takes_the_sites_name_off_the_headline(title: str) -> None:
    head = (
        f'<meta property="og:title" content="{title}">'
        '<meta property="og:site_name" content="The Courier">'
    )

    assert page(head=head).headline == "Town Repairs Its Pier"


def test_keeps_a_dash_that_is_the_headlines_own() -> None:
    head = (
        '<meta property="og:title" content="Pier saved - but not the lamp">'
        '<meta property="og:site_name" content="The Courier">'
    )

    assert page(head=head).headline == "Pier saved - but not the lamp"


def test_decodes_entities_that_were_escaped_twice() -> None:
    title = "Pier &amp;amp; Lamp &amp;quot;saved&amp;quot;"

    in_json = page(stated=article(headline=title))
    in_tags = page(head=f'<meta property="og:title" content="{title}">')

    assert in_json.headline == in_tags.headline == 'Pier & Lamp "saved"'


@pytest.mark.parametrize(
    "author",
    [
        {"@type": "Organization", "name": "Harbour Press"},
        "The Courier",
        "https://facebook.com/courier",
        "Courier Newsroom",
    ],
)
def test_takes_no_site_and_no_desk_for_an_author(author: Any) -> None:
    head = '<meta property="og:site_name" content="The Courier">'

    assert page(head=head, stated=article(author=author)).authors == ()


def test_keeps_the_zone_of_a_date() -> None:
    reading = page(stated=article(datePublished="2026-11-20T23:30:00-05:00"))

    eastern = timezone(timedelta(hours=-5))
    assert reading.published_at == datetime(2026, 11, 20, 23, 30, tzinfo=eastern)
    assert reading.published_at.utcoffset() == timedelta(hours=-5)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20",
        "20261120",
        "2026/11/20",
        " 2026-11-20 ",
        "2026-11-20T00:00:00",
        "Fri, 20 Nov 2026",
    ],
)
def test_a_day_without_an_hour_stays_a_day(written: str) -> None:
    reading = page(stated=article(datePublished=written))

    assert reading.published_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert reading.only_day


@pytest.mark.parametrize(
    "written", ["November 20, 2026", "20 November 2026", "Published November 20, 2026"]
)
def test_a_day_that_only_the_text_names_stays_a_day(written: str) -> None:
    reading = page(figure=f"<p class='date'>{written}</p>")

    assert reading.published_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert reading.only_day


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20T00:00:00Z",
        "2026-11-20T00:00:00+01:00",
        "2026-11-20 07:30",
        "20261120T0730",
        "Fri, 20 Nov 2026 07:30:00 +0100",
    ],
)
def test_an_hour_that_is_written_stays_one(written: str) -> None:
    assert not page(stated=article(datePublished=written)).only_day


@pytest.mark.parametrize(
    "written",
    [
        "20 de noviembre de 2026",
        "viernes, 20 de noviembre de 2026",
        "2026年11月20日",
        "20 ноября 2026",
        "20 listopada 2026",
        "20 Kasım 2026",
        "Friday 20th November 2026",
        "20. November 2026, Saltmere",
    ],
)
def test_a_day_in_words_of_any_language_is_that_day(written: str) -> None:
    reading = page(stated=article(datePublished=written))

    assert reading.published_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert reading.only_day


@pytest.mark.parametrize(
    "written",
    [
        "November 2026",
        "2026",
        "Kasım 2026",
    ],
)
def test_what_names_no_single_day_is_none(written: str) -> None:
    assert page(stated=article(datePublished=written)).published_at is None


def test_reads_the_date_from_the_tags_where_json_ld_has_none() -> None:
    head = '<meta property="article:published_time" content="2026-11-20T10:00:00Z">'

    assert page(head=head).published_at == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_takes_the_lead_image_with_caption_credit_and_alt_from_its_figure() -> None:
    head = '<meta property="og:image" content="https://cdn.example/pier-600x400.jpg?w=600">'

    reading = page(head=head, figure=FIGURE)

    assert reading.image_url == "https://cdn.example/pier-600x400.jpg?w=600"
    assert reading.caption == "The old pier on Monday."
    assert reading.credit == "Jane Doe / AP"
    assert reading.alt == "A pier in fog"
    assert not any("Jane Doe" in block.text for block in reading.blocks)


IMAGE = '<img src="/img/pier-1200x800.jpg" alt="A pier in fog">'
CAPTION = "The old pier on Monday."


def framed(credit: str) -> str:
    return f"<figure>{IMAGE}<figcaption>{CAPTION} {credit}</figcaption></figure>"


@pytest.mark.parametrize(
    ("frame", "credit"),
    [
        # by a class of its own, in the figure or beside it
        (f'<div>{IMAGE}<div><p class="c-caption">{CAPTION}</p>'
         '<p class="image--author">Foto: REUTERS/J. Doe</p></div></div>',
         "REUTERS/J. Doe"),
        (f"<div><figure>{IMAGE}</figure><figcaption><span>{CAPTION}</span>"
         '<span class="photo-author">Pella News</span></figcaption></div>',
         "Pella News"),
        # by its place: the last words of the caption, or a line of their own
        (f"<figure>{IMAGE}<figcaption><span>{CAPTION}</span><span>Getty Images</span>"
         "</figcaption></figure>", "Getty Images"),
        (framed("(Jane Doe/Courier)"), "Jane Doe/Courier"),
        (framed("Supplied"), "Supplied"),
        (framed("Isithombe: Jane Doe"), "Jane Doe"),
        (framed("[사진 출처 = 시청]"), "시청"),
        (f"<div>{IMAGE}<div>{CAPTION}</div><div>© Jane Doe</div></div>", "Jane Doe"),
        # in the picture's own words
        (f'<figure>{IMAGE.replace("<img", "<img data-credit=AFP")}'
         f"<figcaption>{CAPTION}</figcaption></figure>", "AFP"),
    ],
)  # fmt: skip
def test_finds_caption_and_credit_wherever_pages_put_them(
    frame: str, credit: str
) -> None:
    head = '<meta property="og:image" content="/img/pier-600x400.jpg">'

    reading = page(head=head, figure=frame)

    assert (reading.caption, reading.credit) == (CAPTION, credit)


def test_gives_no_picture_the_credit_of_another() -> None:
    head = '<meta property="og:image" content="/img/lighthouse.jpg">'

    reading = page(head=head, figure=FIGURE)

    assert reading.image_url == "https://www.courier.example/img/lighthouse.jpg"
    assert (reading.caption, reading.credit) == ("", "")
    assert [(o.url, o.credit) for o in reading.others] == [
        ("https://www.courier.example/img/pier-1200x800.jpg", "Jane Doe / AP")
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gettyimages-184130427.jpg", "gettyimages-911223344.jpg"),
        ("20261120-harbour.jpg", "20261120-lighthouse.jpg"),
        ("screenshot-pier.png", "screenshot-lamp.png"),
    ],
)
def test_names_that_begin_alike_are_not_one_picture(one: str, other: str) -> None:
    head = f'<meta property="og:image" content="/img/{other}">'

    reading = page(head=head, figure=FIGURE.replace("pier-1200x800.jpg", one))

    assert reading.credit == ""
    assert [shown.credit for shown in reading.others] == ["Jane Doe / AP"]


def test_offers_no_pictures_of_other_stories_nor_of_the_author() -> None:
    author = FIGURE.replace("The old pier on Monday.", "By Jane Doe").replace(
        "pier-1200x800", "jane"
    )
    other = f"<a href=/lamp>{FIGURE.replace('pier-1200x800', 'lamp')}</a>"

    reading = page(figure=FIGURE + author + other)

    assert reading.image_url == "https://www.courier.example/img/pier-1200x800.jpg"
    assert reading.others == ()


def test_a_hosts_name_is_no_logo() -> None:
    image = "https://siliconnews.example/img/pier.jpg"

    reading = page(head=f'<meta property="og:image" content="{image}">')

    assert reading.image_url == image


def test_what_the_page_shares_leads_a_gallery() -> None:
    pictures = [{"url": f"https://cdn.example/{n}.jpg", "width": w} for n, w in
                (("harbour-at-night", 2000), ("pier-in-the-fog", 1200))]  # fmt: skip
    head = '<meta property="og:image" content="https://cdn.example/s/pier-in-the-fog-640x360.jpg">'

    reading = page(head=head, stated=article(image=pictures))

    assert reading.image_url == "https://cdn.example/pier-in-the-fog.jpg"


def test_a_line_that_is_only_a_name_is_the_authors_and_no_paragraph() -> None:
    reading = page(body=f"{BODY}<p>Marit Ekholm</p>")

    assert reading.authors == ("Marit Ekholm",)
    assert "Marit Ekholm" not in reading.paragraphs


def test_a_slug_is_no_second_author_and_a_label_names_the_first() -> None:
    metas = "".join(
        f'<meta name="author" content="{name}">' for name in ("Jane Doe", "jane-doe")
    )
    label = "<ul><li><strong>Author:</strong> Jane Doe</li></ul>"

    assert page(head=metas).authors == ("Jane Doe",)
    assert page(figure=label).authors == ("Jane Doe",)


@pytest.mark.parametrize(
    ("stated", "head"),
    [
        ({"keywords": "Pier, #harbour; Marrow Bay, pier"}, ""),
        ({"keywords": ["Pier", "harbour", "Marrow Bay"]}, ""),
        ({"about": [{"name": "Pier"}, {"name": "harbour"}, "Marrow Bay"]}, ""),
        ({}, '<meta name="keywords" content="Pier, harbour, Marrow Bay, The Courier">'),
        (
            {},
            "".join(
                f'<meta property="article:tag" content="{topic}">'
                for topic in ("Pier", "harbour", "Marrow Bay")
            ),
        ),
    ],
)
def test_topics_are_what_the_newsroom_tagged(stated: dict[str, Any], head: str) -> None:
    site = '<meta property="og:site_name" content="The Courier">'

    reading = page(head=site + head, stated=article(**stated))

    assert reading.topics == ("Pier", "harbour", "Marrow Bay")


def test_the_standfirst_is_what_readers_see() -> None:
    dek = "The council votes on Monday. Few doubt how."
    head = '<meta name="description" content="All about the pier of Marrow Bay here.">'

    reading = page(head=head, figure=f'<p class="article-standfirst">{dek}</p>')

    assert reading.standfirst == dek
    assert reading.said["standfirst"]["meta"].startswith("All about")


def test_what_the_pages_statement_does_not_know_is_no_part_of_the_story() -> None:
    told = "\n".join(
        re.sub(r"<[^>]+>", "", line)
        for line in BODY.split("</p>")
        if "more" not in line
    )
    aside = (
        "<p>Marrow Bay is also where the famous herring festival is held in May.</p>"
    )

    assert any("herring" in p for p in page(body=BODY + aside).paragraphs)
    kept = page(body=BODY + aside, stated=article(articleBody=told)).paragraphs
    assert not any("herring" in p for p in kept)
    assert len(kept) == 3


def test_a_body_that_the_page_hides_is_taken_from_its_statement() -> None:
    told = "\n".join(
        f"Paragraph {n} of the story. " + "It is long. " * 40 for n in "123"
    )

    reading = page(stated=article(articleBody=told))

    assert [p[:11] for p in reading.paragraphs] == [f"Paragraph {n}" for n in "123"]


def test_takes_the_largest_image_of_json_ld_with_its_credit() -> None:
    stated = article(
        image=[
            {"url": "https://cdn.example/small.jpg", "width": 320},
            {
                "url": "https://cdn.example/large.jpg",
                "width": "1920 px",
                "caption": "The pier at dawn.",
                "creditText": "Jane Doe / AP",
            },
        ]
    )

    reading = page(stated=stated)

    assert reading.image_url == "https://cdn.example/large.jpg"
    assert (reading.caption, reading.credit) == ("The pier at dawn.", "Jane Doe / AP")


@pytest.mark.parametrize(
    "url",
    ["/static/logo.png", "data:image/png;base64,AAAA", "/placeholder.jpg", "/a.svg"],
)
def test_takes_no_logo_for_an_image_and_asks_for_one(url: str) -> None:
    reading = page(head=f'<meta property="og:image" content="{url}">')

    assert reading.image_url is None
    assert warned(reading, "no image: add one")


def test_warns_when_the_images_rights_are_unclear() -> None:
    figure = FIGURE.replace("Photo: Jane Doe / AP", "Image via Instagram")

    assert warned(page(figure=figure), "rights are unclear")


def test_uses_the_canonical_link_as_the_articles_identity() -> None:
    head = '<link rel="canonical" href="https://www.courier.example/pier-1911#top">'

    one = page(head=head, url=f"{URL}?utm_source=x")
    other = page(head=head, url="https://m.courier.example/amp/pier?share=1")

    assert one.identity == other.identity == "https://www.courier.example/pier-1911"
    assert one.link == one.identity


@pytest.mark.parametrize(
    "canonical", ["https://evil.example/pier", "javascript:alert(1)", "/", ""]
)
def test_believes_no_canonical_link_that_leads_elsewhere(canonical: str) -> None:
    head = f'<link rel="canonical" href="{canonical}">'

    assert page(head=head, url=f"{URL}?utm_source=x&id=7").identity == f"{URL}?id=7"


def test_warns_of_a_paywall() -> None:
    assert warned(page(stated=article(isAccessibleForFree=False)), "paywall")
    assert warned(page(stated=article(isAccessibleForFree="False")), "paywall")
    assert not warned(page(stated=article(isAccessibleForFree=True)), "paywall")


def test_warns_of_a_page_that_is_not_to_be_found() -> None:
    assert warned(page(head='<meta name="robots" content="NOINDEX,follow">'), "noindex")


def test_warns_of_an_announcement_whose_day_is_past() -> None:
    body = (
        BODY + "<p>The pier opens again on July 12th, 2023, the council promises.</p>"
    )

    assert warned(page(body=body), "July 12th, 2023")


@pytest.mark.parametrize(
    ("encoding", "content_type", "meta"),
    [
        ("utf-8", "text/html", ""),
        ("iso-8859-1", "text/html; charset=ISO-8859-1", ""),
        ("cp1252", "text/html", '<meta charset="windows-1252">'),
        ("utf-16", "text/html", ""),
    ],
)
def test_reads_every_usual_encoding(
    encoding: str, content_type: str, meta: str
) -> None:
    html = (
        f"<html><head>{meta}<title>Fähre</title></head><body><article><h1>Fähre fährt "
        "über die Förde</h1>" + "<p>Die Fähre fährt seit Montag wieder über die Förde "
        "und nimmt auch Räder mit, sagt der Kapitän der größten Fähre.</p>" * 3
    )

    reading = read_page(html.encode(encoding), URL, NOW, content_type=content_type)

    assert reading.headline == "Fähre fährt über die Förde"


def test_falls_back_to_the_body_in_json_ld() -> None:
    text = "The council of Marrow Bay voted to repair the pier. " * 6

    more = "The pier was built in 1901 and closed in March. " * 6

    reading = page(stated=article(articleBody=f"{text}\n\n{more}"), body="<div></div>")

    assert len(reading.paragraphs) == 2


@pytest.mark.parametrize(
    ("html", "url", "sentence"),
    [
        (b"", URL, "No article is found"),
        (b"<html><body><h1>Shop</h1><p>Buy</p>", URL, "No article is found"),
        (b"\x00\x01\x02", URL, "No article is found"),
        (
            b"<h1>Sign in</h1><form><input type=password></form>",
            URL,
            "asks for a password",
        ),
        (BODY.encode(), "https://www.courier.example/", "front page"),
    ],
)
def test_says_why_a_page_is_no_article(html: bytes, url: str, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        read_page(html, url, NOW)


def test_soft_hyphens_are_no_letters_of_the_story() -> None:
    found = page(body=BODY.replace("councillor", "coun\u00adcil\u00adlor"))

    assert any("says councillor Marit Ekholm" in text for text in found.paragraphs)
