"""What stands around a teaser: template, hashtags, mentions, the tagged link."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.writing import tagging, templates
from desk.writing.hashtags import hashtags, tag_of
from desk.writing.marks import paired
from desk.writing.mentions import mentioned
from desk.writing.style import BadStyle, Place, Style, lines, pairs
from desk.writing.templates import BadTemplate, Facts, filled
from tests.unit.writing.articles import ENGLISH

FACTS = Facts(headline="Bridge shut", credit="Ana Reil", section="City")


def test_a_line_with_nothing_to_say_is_left_out() -> None:
    template = "{section}: {teaser}\n\nPhoto: {credit}\n\nBy {authors}\n\n{hashtags}"

    text = filled(template, "The bridge is shut.", FACTS, ["#Bridge", "#City"])

    assert text == "City: The bridge is shut.\n\nPhoto: Ana Reil\n\n#Bridge #City"


def test_a_credit_without_a_picture_is_no_fact() -> None:
    shown = replace(ENGLISH, credit="Ana Reil", image_url="https://a.example/1.jpg")

    assert Facts.of(shown, None).credit == "Ana Reil"
    assert Facts.of(replace(shown, image_url=None), None).credit == ""


def test_brackets_in_the_article_are_no_names() -> None:
    assert filled("{teaser}", "A {headline} in brackets", FACTS, []) == (
        "A {headline} in brackets"
    )
    assert filled("{{live}} {teaser}", "Now", FACTS, []) == "{live} Now"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{teaser} {nonsense}", "can't name {nonsense}. It knows {teaser}, {headline}"),
        ("{teaser.__class__}", "can't name {teaser.__class__}"),
        ("{teaser!r}", "stands alone"),
        ("{teaser:>9}", "stands alone"),
        ("{}", "can't name {}"),
        ("{teaser", "stands alone"),
        ("}{teaser}", "stands alone"),
        ("{headline}", "needs {teaser}"),
        ("{teaser}" + "x" * 2000, "1,000 characters"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(template: str, words: str) -> None:
    with pytest.raises(
        BadTemplate, match=words.replace("{", r"\{").replace("}", r"\}")
    ):
        templates.names_in(template)


@pytest.mark.parametrize(
    ("topic", "tag"),
    [
        ("Middle East", "#MiddleEast"),
        ("NATO summit", "#NATOSummit"),
        ("King's Speech", "#KingsSpeech"),
        ("covid-19", "#Covid19"),
        ("iPhone", "#iPhone"),
        ("U.S. Congress", "#USCongress"),
        ("élections", "#Élections"),
        ("الشرق الأوسط", "#الشرق_الأوسط"),
        ("ראש הממשלה", "#ראש_הממשלה"),
        ("東京", "#東京"),
        ("नई दिल्ली", "#नई_दिल्ली"),
        ("2026", ""),
        ("&", ""),
        ("The war that nobody saw coming", ""),
        ("Donaudampfschifffahrtsgesellschaft", ""),
    ],
)
def test_a_topic_as_a_tag_that_is_read_aloud_as_words(topic: str, tag: str) -> None:
    assert tag_of(topic) == tag


def test_two_tags_at_most_none_that_is_not_wanted_none_said_twice() -> None:
    topics = ["News", "Crime", "Iran", "Iran war", "Oil", "Ships"]

    assert hashtags(topics, 2, never=["#crime"]) == ("#Iran", "#Oil")
    assert hashtags(topics, 2, never=["CRIME"], text="#oil falls") == (
        "#Iran",
        "#Ships",
    )
    assert hashtags(["Art", "Artificial intelligence"], 2) == (
        "#Art",
        "#ArtificialIntelligence",
    )
    assert hashtags([], 2) == hashtags(topics, 0) == ()


def test_a_name_becomes_its_handle_once() -> None:
    known = {"Ann Lee": "@annlee", "Lee": "@lee", "Acme": "@acme"}

    text = mentioned("Yesterday Ann Lee left Acme's board. Ann Lee is 40.", known)

    assert text == "Yesterday @annlee left @acme's board. Ann @lee is 40."


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee left.",  # first in a post: some platforms take it for a reply
        "He said: “Ann Lee left.”",
        "Er sagte: „Ann Lee ging.“",
        "The Ann Leenders case",
        "Write to pressAnn Lee",
        "Ask @annlee about Ann Lee",
    ],
)
def test_a_name_that_stays_a_name(text: str) -> None:
    assert mentioned(text, {"Ann Lee": "@annlee"}) == text


def test_a_handle_has_room_where_words_have_no_spaces() -> None:
    assert mentioned("きのう東京都は発表した", {"東京都": "@tocho"}) == (
        "きのう @tocho は発表した"
    )


@given(st.text(max_size=80), st.text(min_size=1, max_size=6))
def test_a_quote_keeps_its_words(text: str, name: str) -> None:
    quoted = [text[span.start : span.end] for span in paired(text).outer]

    said = mentioned(text, {name: "@x"})

    assert all(quote in said for quote in quoted)


def test_a_tagged_link_is_the_link_with_a_query_behind_it() -> None:
    query = tagging.tags(
        tagging.USUAL,
        {"platform": "mastodon", "section": "Middle East", "post": "12"},
    )

    link = tagging.tagged("https://paper.example/a?id=7&b=%C3%A9#top", query)

    assert link == (
        "https://paper.example/a?id=7&b=%C3%A9&utm_source=mastodon&utm_medium=social"
        "&utm_campaign=middle-east&utm_content=post-12#top"
    )


def test_a_tag_that_is_there_is_left_and_an_empty_one_is_left_out() -> None:
    query = tagging.tags({"source": "x", "campaign": "{section}"}, {"section": ""})

    assert query == "utm_source=x"
    assert tagging.tagged("https://a.example/?UTM_source=app", query) == (
        "https://a.example/?UTM_source=app"
    )
    assert tagging.tagged("https://a.example/?", query) == (
        "https://a.example/?utm_source=x"
    )


ADDRESS = st.text(st.characters(codec="ascii", min_codepoint=33), max_size=20)


@given(ADDRESS, ADDRESS.filter(lambda s: "#" not in s), ADDRESS)
def test_no_letter_of_the_link_changes(path: str, query: str, end: str) -> None:
    path = path.replace("?", "").replace("#", "")
    link = f"https://paper.example/{path}?{query}#{end}"

    made = tagging.tagged(link, "utm_source=x")

    known = {name.lower() for name, _ in parse_qsl(urlsplit(link).query, True)}
    behind = made.removesuffix(f"#{end}")
    assert behind.startswith(link.removesuffix(f"#{end}"))
    assert behind.endswith("utm_source=x") or "utm_source" in known


@pytest.mark.parametrize("rule", ["{nonsense}", "{post", "x}", "y" * 101])
def test_a_rule_that_cannot_be_filled_is_refused(rule: str) -> None:
    with pytest.raises(BadStyle) as refused:
        Style(tags={"content": rule}).check()

    assert refused.value.field == "utm-content"


@pytest.mark.parametrize(
    ("style", "field"),
    [
        (Style(template="{teaser} {link}", place=Place.REPLY), "template"),
        (Style(first="poem"), "first"),
        (Style(hashtags=3), "hashtags"),
        (Style(never=("x",) * 301), "never"),
        (Style(mentions={"Ann": "annlee"}), "mentions"),
        (Style(mentions={"Ann": "@ann lee"}), "mentions"),
    ],
)
def test_a_style_that_cannot_be_is_refused_at_its_field(
    style: Style, field: str
) -> None:
    with pytest.raises(BadStyle) as refused:
        style.check()

    assert refused.value.field == field


def test_a_style_is_kept_and_found_again() -> None:
    style = Style(
        "{teaser}", "quote", Place.CARD, 2, ("Crime",), {"Ann": "@ann"}, True, {}, True
    )

    assert Style.of(style.kept()) == style
    assert Style.of({}) == Style()
    assert Style.of({"from a later version": 1}) == Style()


def test_lists_as_people_write_them() -> None:
    assert lines("Crime, Opinion\n\n Crime \r\nWar") == ("Crime", "Opinion", "War")
    assert pairs("Ann Lee = @ann\n\nAcme=@acme") == {"Ann Lee": "@ann", "Acme": "@acme"}
    with pytest.raises(BadStyle, match="“Ann @ann” is no mention"):
        pairs("Ann @ann")
