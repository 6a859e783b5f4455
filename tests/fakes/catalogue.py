"""Every way that has a name; beside these, `redrawings` draws any number by lot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tests.fakes import telling
from tests.fakes.drawing import (
    Draw,
    breaks,
    frames,
    hiding,
    letters,
    links,
    markup,
    names,
    tags,
)
from tests.fakes.drawing.hand import Hand
from tests.fakes.telling import Change
from tests.fakes.ways import Kind, Way

SERVERS = {
    "mastodon": Hand(),
    "hometown": Hand(body=markup.markdown, after=frames.sanitised),
    "markdown": Hand(body=markup.markdown),  # glitch-soc
    "gotosocial": Hand(
        names.typed,
        escaped=letters.escaped_least,
        link=links.whole,
        body=breaks.one_paragraph,
    ),
    "gotosocial, markdown": Hand(
        names.typed, link=links.whole, body=markup.markdown_with_typography
    ),
    "pleroma": Hand(
        names.typed,
        link=links.followed,
        name=names.card_as_typed,
        tag=tags.whole,
        body=breaks.bare,
    ),
    "akkoma, markdown": Hand(
        names.typed,
        link=links.followed,
        name=names.card_with_server,
        tag=tags.whole,
        body=markup.markdown_that_flows,
    ),
    "misskey": Hand(
        names.typed,
        link=links.whole,
        name=names.plain_link,
        tag=tags.whole,
        emoji=tags.apart,
        body=markup.mfm,
    ),
    "friendica": Hand(
        names.typed,
        link=links.followed,
        name=names.sign_outside,
        tag=tags.lowered,
        body=markup.bbcode,
        source=names.referred,
    ),
    "pixelfed": Hand(
        names.typed,
        link=links.followed,
        name=names.short_link,
        tag=tags.whole,
        body=breaks.both,
    ),
}

RULES = {
    "names with their server": Hand(name=names.card_with_server),
    "names in small letters": Hand(name=names.lowered),
    "names without a link": Hand(name=names.words_only),
    "links as words": Hand(link=links.unlinked),
    "links escaped": Hand(link=links.escaped),
    "links with a small host": Hand(link=links.lowered_host),
    "tags in small letters": Hand(tag=tags.lowered),
    "tags without a link": Hand(tag=tags.words_only),
    "emoji as pictures": Hand(emoji=tags.image),
    "emoji as pictures without colons": Hand(emoji=tags.image_beside),
    "every emoji as a picture": Hand(escaped=letters.escaped_with_pictures),
    "kept with carriage returns": Hand(names.with_carriage_returns),
    "kept trimmed": Hand(names.trimmed),
    "kept composed": Hand(names.composed),
    "source as HTML": Hand(source=lambda text, town: Hand()(text, town).content),
    "source blank": Hand(source=lambda text, town: ""),
    "quotes made curly": Hand(letters=letters.curly),
    "quotes made straight": Hand(letters=letters.straight),
    "quotes made guillemets": Hand(letters=letters.guillemets),
    "double signs set apart": Hand(letters=letters.spaced),
    "signs replaced": Hand(letters=letters.replaced),
    "letters composed": Hand(letters=letters.composed),
    "letters decomposed": Hand(letters=letters.decomposed),
    "variation selectors dropped": Hand(letters=letters.without_selectors),
    "variation selectors added": Hand(letters=letters.with_selectors),
    "unseen letters dropped": Hand(letters=letters.without_unseen),
    "unseen letters added": Hand(letters=letters.with_unseen),
    "soft hyphens": Hand(letters=letters.hyphenated),
    "spaces collapsed": Hand(letters=letters.collapsed),
    "spaces that do not break": Hand(letters=letters.unbroken),
    "right-to-left words isolated": Hand(letters=letters.isolated),
    "entities by name": Hand(escaped=letters.escaped_by_name),
    "entities by number": Hand(escaped=letters.escaped_by_number),
    "breaks in boxes": Hand(body=breaks.boxes),
    "breaks in spans": Hand(body=breaks.spans),
    "breaks kept bare": Hand(body=breaks.kept),
    "breaks as spaces": Hand(body=breaks.spaces),
    "in a box": Hand(after=frames.boxed),
    "with comments": Hand(after=frames.commented),
    "elements in capitals": Hand(after=frames.in_capitals),
    "places to break": Hand(after=frames.breakable),
    "white space between blocks": Hand(after=frames.indented),
    "an empty quote before it": Hand(after=frames.quoted_before),
}

LEADING_AWAY = {
    "links through a redirect": Hand(link=links.through_a_redirect),
    "links with the server's tag": Hand(link=links.tagged),
    "links without tracking": Hand(link=links.untracked),
    "links dropped": Hand(link=links.dropped),
}

OBSCURING = {
    "links cut in earnest": Hand(link=links.cut),
    "links by their site": Hand(link=links.host_only),
    "links by a label": Hand(link=links.labelled),
}

CHANGED: dict[str, Draw] = {
    "names as people call them": Hand(name=names.called),
    "names dropped": Hand(name=names.dropped),
    "cut to 60": hiding.written(hiding.cut),
    "censored": hiding.written(hiding.starred),
    "signed by the server": hiding.written(hiding.signed),
    "lines the other way round": hiding.written(hiding.reversed_lines),
    "translated": hiding.showing(hiding.OTHER),
    "entities twice": hiding.twice_escaped,
    "words for HTML": hiding.unescaped,
    "packed as JSON": hiding.as_json,
}

HIDDEN: dict[str, Draw] = {
    "filtered": hiding.filtered("hide"),
    "blank": hiding.showing(""),
    "blank, and no source": hiding.without_source(""),
    "hidden, and no source": hiding.without_source("<p>[hidden]</p>"),
    "an empty paragraph": hiding.showing("<p></p>"),
    "null": hiding.showing(None),
    "a placeholder": hiding.showing("<p>[hidden]</p>"),
    "the first line as a warning": hiding.first_line_as_warning,
    "all as a warning": hiding.all_as_warning,
    "in `text` only": hiding.beside("text"),
    "in `plain_text` only": hiding.beside("plain_text"),
    "in `pleroma` only": hiding.in_pleromas_field,
}

TIMES: dict[str, Callable[[datetime], object]] = {
    "a time without a zone": telling.without_zone,
    "a time with microseconds": telling.with_microseconds,
    "a time in whole seconds": telling.in_whole_seconds,
    "a time in another zone": telling.in_another_zone,
    "a time with a space": telling.with_a_space,
    "a time as a number": telling.since_1970,
}

UNDATED = ("no time", "a time as a number")

EVERYWHERE: dict[str, Change] = {
    "numbers as ids": telling.numbers,
    "no time": telling.without("created_at"),
    "uri for url": telling.uri_for_url,
    "url is null": telling.saying(url=None),
    "url elsewhere": telling.elsewhere,
    "url relative": telling.relative,
    "account under another id": telling.another_account_id,
    "account missing": telling.without("account"),
    "account is null": telling.saying(account=None),
    "visibility changed": telling.saying(visibility="unlisted"),
    "visibility missing": telling.without("visibility"),
    "visibility of its own": telling.saying(visibility="local"),
    "language dropped": telling.saying(language=None),
    "language changed": telling.saying(language="tlh"),
    "pictures missing": telling.without("media_attachments"),
    "already edited": telling.saying(edited_at="2026-11-29T12:00:00.000Z"),
    "fields of its own": telling.saying(pleroma={"local": True}, akkoma=[1]),
}

ONCE: dict[str, Change] = {
    "answer without content": telling.without("content"),
    "answer of id and url": telling.only("id", "url"),
    "answer of an id": telling.only("id"),
    "answer without words": telling.saying(content=""),
    "answer as a number": telling.all_of(telling.numbers, telling.only("id")),
}


def _drawn(hands: dict[str, Hand], *, leads: bool = True) -> list[Way]:
    return [Way(name, Kind.DRAWN, hand, leads=leads) for name, hand in hands.items()]


LIST = [
    *_drawn(SERVERS),
    *_drawn(RULES),
    *_drawn(LEADING_AWAY, leads=False),
    *_drawn(OBSCURING),
    Way("upper case", Kind.DRAWN, hiding.written(hiding.shouted)),
    Way("small letters", Kind.DRAWN, hiding.written(hiding.whispered)),
    Way("the first line as a title", Kind.DRAWN, hiding.first_line_as_title),
    Way("warned of by a filter", Kind.DRAWN, hiding.filtered("warn")),
    *[Way(name, Kind.CHANGED, one, legible=False) for name, one in CHANGED.items()],
    *[Way(name, Kind.HIDDEN, one, legible=False) for name, one in HIDDEN.items()],
    *[
        Way(name, Kind.ANSWER, told=change, shown=change, dated=name not in UNDATED)
        for name, change in [
            *EVERYWHERE.items(),
            *((name, telling.timed(write)) for name, write in TIMES.items()),
        ]
    ],
    *[Way(name, Kind.ANSWER, told=change) for name, change in ONCE.items()],
    Way("answer of 201", Kind.ANSWER, status=201),
    Way("answer of 202", Kind.ANSWER, status=202),
    Way("listed without words", Kind.HIDDEN, shown=telling.saying(content="")),
]
WAYS = {way.name: way for way in LIST}
