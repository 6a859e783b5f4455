"""What stands around a story in a paste: told by what it is, in many languages."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.reading import taken_apart
from desk.reading.article import Reading

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HEADLINE = "North quay to shut for six weeks"
STORY = (
    "The harbour office will shut its north quay for six weeks from Monday, after "
    "divers found cracks in the piles that carry the cranes.",
    "“We can't wait another winter,” said Lena Ost, who runs the office.",
    "The work costs 2.1 million crowns and ends in March.",
)
BODY = "\n\n".join(STORY)


def read(paste: str) -> Reading:
    return taken_apart(paste, NOW)


def is_the_story(reading: Reading) -> bool:
    return (reading.headline, reading.paragraphs) == (HEADLINE, STORY)


LETTERS = {
    "press release": f"PRESS RELEASE\n24 November 2026\n\n{HEADLINE}\n\n{BODY}",
    "two labels in a line": (
        f"MEDIA RELEASE – for immediate release\n\n{HEADLINE}\n\n{BODY}\n\nENDS"
    ),
    "mail": (
        "From: Press Desk <press@quay.example>\nTo: news@paper.example\n"
        f"Subject: FW: {HEADLINE}\n\nHi all,\n\nplease see our news below.\n\n"
        f"{BODY}\n\nBest wishes,\nMara Holt\n\n--\nQuay Ltd., 4 Dock Row"
    ),
    "forwarded": (
        f"---------- Forwarded message ---------\nSubject: {HEADLINE}\n\n"
        f"{HEADLINE}\n\n{BODY}"
    ),
    "German mail": (
        "Von: Presse <presse@kai.example>\nGesendet: Montag, 23. November 2026 09:12\n"
        f"Betreff: WG: {HEADLINE}\n\nSehr geehrte Damen und Herren,\n\nanbei unsere "
        f"Meldung.\n\n{BODY}\n\nMit freundlichen Grüßen\nPetra Lang"
    ),
    "French release": (
        f"COMMUNIQUÉ DE PRESSE\n\n{HEADLINE}\n\nBergen, le 24 novembre 2026 – {BODY}"
        "\n\nÀ propos de Port Nord\nPort Nord est le premier port de la côte.\n\n"
        "Contact presse : Marie Petit, 01 23 45 67 89"
    ),
    "notes to editors": (
        f"{HEADLINE}\n\n{BODY}\n\n###\n\nNotes to editors\n\nThe office was founded in "
        "1901 and has three hundred people.\n\nMedia contact:\nMara Holt\n"
        "mara@quay.example"
    ),
    "Japanese label": (
        f"プレスリリース\n\n{HEADLINE}\n\n{BODY}\n\n■お問い合わせ先\n広報課"
    ),
    "a section above": f"SPORT\n\n{HEADLINE}\n\n{BODY}",
    "a page's menu": (
        f"Skip to content\nMenu\nNews\n\n{HEADLINE}\n\nShare\nSave\n\n{BODY}\n\n"
        "Related topics\nHarbours\nOslo"
    ),
    "an answer": "On Tue, 24 Nov 2026 at 09:12, Mara Holt <m@quay.example> wrote:\n\n"
    + "\n".join(f"> {line}" for line in f"{HEADLINE}\n\n{BODY}".split("\n")),
    "an Italian answer": (
        "Il giorno mar 24 nov 2026 alle 09:12 Mara Holt <m@quay.example> ha scritto:"
        f"\n\n{HEADLINE}\n\n{BODY}\n\nInviato da iPad"
    ),
    "a covering note": (
        f"From: Mara Holt\nSubject: quay\n\nHi,\n\ncopy as agreed.\n\n{HEADLINE}\n\n"
        f"{BODY}\n\nSent from my telephone"
    ),
    "a greeting without a comma": f"報道関係者各位\n\n{HEADLINE}\n\n{BODY}",
    "a Danish end": (
        f"PRESSEMEDDELELSE\n\n{HEADLINE}\n\n{BODY}\n\nSlut pressemeddelelse\n\n"
        "For yderligere oplysninger, kontakt:\nMara Holt"
    ),
    "an end of hashes": f"{HEADLINE}\n\n{BODY}\n\n# # #\n\nAbout us: we are a quay.",
    "a place and a day": f"Riga, 24 November 2026\n\n{HEADLINE}\n\n{BODY}",
    "a kicker": f"HARBOURS\n\n{HEADLINE}\n\n{BODY}",
    "a column of sections": (
        f"The Beacon\nPorts\n{HEADLINE}\n24/11/2026\nComments (7)\n\n{BODY}"
    ),
    "pages of a PDF file": f"{HEADLINE}\n\n{STORY[0]}\n\n- 2 -\n\n{STORY[1]}\n\n"
    f"Seite 2 von 3\n\n{STORY[2]}",
    "a desk's form": (
        f"Slug: quay\nHeadline: {HEADLINE}\nWord count: 60\nBody:\n\n{BODY}"
    ),
    "what to read next": f"{HEADLINE}\n\n{STORY[0]}\n\nCitește și: Pod închis\n\n"
    f"{STORY[1]}\n\nอ่านเพิ่มเติม: สะพาน\n\n{STORY[2]}\n\nTiempo de lectura: 2 min",
    "who may copy it": (
        f"{HEADLINE}\n\n{BODY}\n\nThis material may not be published or rewritten."
    ),
    "letters as HTML writes them": (
        f"{HEADLINE}\n\n{BODY}".replace("“", "&ldquo;").replace("”", "&#8221;")
    ),
    "notes and their marks": (
        f"{HEADLINE}\n\n{STORY[0]}[1]\n\n{STORY[1]}*\n\n{STORY[2]}\n\n"
        "[1] So the office says.\n* On Monday."
    ),
    "a word before the headline": f"EILMELDUNG: {HEADLINE}\n\n{BODY}\n\nmho/lo/bek",
    "a notice to subscribers": (
        f"{HEADLINE}\n\nNur für Abonnenten\n\n{BODY}\n\nArticle réservé aux abonnés"
    ),
    "an agency's marks": f"UPDATE 2-{HEADLINE} (adds quote)\n\n{BODY}",
    "quoted": "\n".join(f"> {line}" for line in f"{HEADLINE}\n\n{BODY}".split("\n")),
}


@pytest.mark.parametrize("paste", LETTERS.values(), ids=LETTERS)
def test_what_stands_around_a_story_is_no_part_of_it(paste: str) -> None:
    reading = read(paste)

    assert is_the_story(reading), (reading.headline, reading.paragraphs)
    assert reading.standfirst == ""


@pytest.mark.parametrize(
    "paste",
    [
        f"Embargo on oil shakes markets\n\n{BODY}",
        f"{HEADLINE}\n\n{BODY}\n\nAbout the quay\n\nThe quay was built in 1901, and "
        "has been mended twice.\n\nIt is 300 metres long.",
        f"{HEADLINE}\n\n{BODY}\n\nBackground\n\nThe quay was built in 1901, they said.",
        f"Storm closes quay\nLena Ost\n{BODY}",
        f"Here is what we know about the quay\n\n{BODY}",
        f"Contact with the quay: how it was lost\n\n{BODY}",
        f"{HEADLINE}\n\n{BODY}\n\nDear harbour, the children wrote on a wall there.",
    ],
)
def test_a_story_that_speaks_of_such_things_keeps_them(paste: str) -> None:
    reading = read(paste)

    words = " ".join((reading.headline, *(block.text for block in reading.blocks)))
    assert words.split() == paste.split()
    assert not [one for one in reading.warnings if "embargo" in one]


BYLINES = {
    "Kirjoittanut Aino Salo": "Aino Salo",
    "Tekst: Jan Kos, redaktor": "Jan Kos",
    "Piše: Ana Horvat": "Ana Horvat",
    "Szöveg: Nagy Péter": "Nagy Péter",
    "Κείμενο: Νίκος Ράλλης": "Νίκος Ράλλης",
    "Подготовила: Ирина Лось": "Ирина Лось",
    "Muhabir: Deniz Ak": "Deniz Ak",
    "Penulis: Budi Hartono": "Budi Hartono",
    "Bài: Trần Văn Minh": "Trần Văn Minh",
    "ผู้เขียน: อารี สุขใจ": "อารี สุขใจ",
    "إعداد: ليلى منصور": "ليلى منصور",
    "撰文：李雷": "李雷",
    "한지민 기자": "한지민",
    "de Ana Popescu": "Ana Popescu",
    "Byline: Lena Ost": "Lena Ost",
    "Tekst: Lena Ost Foto: Mara Holt": "Lena Ost",
    "Lena Ost\nLena Ost\nHarbour correspondent": "Lena Ost",
    "Analysis by Lena Ost": "Lena Ost",
    "BY LENA OST, HARBOUR REPORTER": "LENA OST",
    "By\nLena Ost\nChief Reporter": "Lena Ost",
    "Lena Ost\n24 November 2026": "Lena Ost",
}


@pytest.mark.parametrize(("line", "name"), BYLINES.items())
def test_a_byline_is_one_in_any_language(line: str, name: str) -> None:
    reading = read(f"{HEADLINE}\n\n{line}\n\n{BODY}")

    assert reading.authors == ((name,) if name else ())
    assert not name or is_the_story(reading)
    assert reading.standfirst == ""


def test_a_byline_under_a_story_takes_no_paragraph_from_it() -> None:
    signed = "(Reporting by Lena Ost in Riga and Bo Ek in Oslo; editing by Mara Holt)"

    reading = read(f"{HEADLINE}\n\n{BODY}\n\n{signed}")

    assert is_the_story(reading)
    assert (reading.authors, reading.standfirst) == (("Lena Ost", "Bo Ek"), "")


@pytest.mark.parametrize(
    "life", ["Mara Holt writes about ports.", "Mara Holt ist Autorin in Riga."]
)
def test_a_line_on_its_author_names_who_signed_above(life: str) -> None:
    reading = read(f"{HEADLINE}\n\nMara Holt\n\n{BODY}\n\n{life}")

    assert is_the_story(reading)
    assert reading.authors == ("Mara Holt",)


DAYS = [
    "24/11/2026 09h12 Atualizado há 2 horas",
    "2026. november 24. 9:12",
    "24 noiembrie 2026, 09:12",
    "24 Νοεμβρίου 2026",
    "Selasa, 24 Nov 2026 09:12 WIB",
    "24 नवंबर 2026",
    "2026년 11월 24일",
    "ngày 24 tháng 11 năm 2026",
]


@pytest.mark.parametrize("line", DAYS)
def test_a_day_is_one_in_any_language(line: str) -> None:
    reading = read(f"{HEADLINE}\n{line}\n\n{BODY}")

    assert is_the_story(reading)
    assert reading.published_at == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_day_that_may_be_another_is_none() -> None:
    assert read(f"{HEADLINE}\n3/4/2026\n\n{BODY}").published_at is None


@pytest.mark.parametrize(
    "lines",
    [
        "Caption: Cranes on the quay\nCredit: Mara Holt",
        "Image source, Mara Holt\nImage caption, Cranes on the quay",
        "Bildtext: Cranes on the quay\nFoto: Mara Holt",
        "Cranes on the quay＝11月24日、Mara Holt撮影".replace("Mara Holt", "山田花子"),
    ],
)
def test_a_caption_and_its_credit_are_one_however_labelled(lines: str) -> None:
    reading = read(f"{HEADLINE}\n\n{lines}\n\n{BODY}")

    assert is_the_story(reading)
    assert reading.caption == "Cranes on the quay"
    assert reading.credit in ("Mara Holt", "山田花子")


def test_a_form_says_which_line_is_the_standfirst() -> None:
    reading = read(
        f"Überschrift: {HEADLINE}\nVorspann: Cranes stand still\nAutorin: Lena Ost\n\n"
        f"{BODY}"
    )

    assert is_the_story(reading)
    assert (reading.standfirst, reading.authors) == (
        "Cranes stand still",
        ("Lena Ost",),
    )


def test_lines_without_spaces_are_one_where_they_are_full() -> None:
    told = (
        "港務局は月曜日から六週間にわたり北埠頭を閉鎖する。"
        "潜水士がクレーンを支える杭に亀裂を見つけたためだ。"
    )
    wrapped = "\n".join(textwrap.wrap(told, 24))

    assert read(f"北埠頭を閉鎖\n\n{wrapped}").paragraphs == (told,)


def test_an_embargo_before_the_headline_is_told_and_goes() -> None:
    reading = read(f"EMBARGOED: {HEADLINE}\n\n{BODY}")

    assert is_the_story(reading)
    assert any("embargo" in one for one in reading.warnings)


def test_an_embargo_in_the_subject_of_a_mail_is_told() -> None:
    reading = read(f"Subject: EMBARGOED 6am Tuesday\n\n{HEADLINE}\n\n{BODY}")

    assert is_the_story(reading)
    assert any("embargo" in one for one in reading.warnings)


@pytest.mark.parametrize(
    "line",
    [
        "Embargoed until 10am on Monday",
        "STRICTLY EMBARGOED: 30 November 2026, 06:00",
        "Sperrfrist: 30. November, 10 Uhr",
        "Onder embargo tot 1 december, 9.00 uur",
        "Не публиковать до 30 ноября",
        "Attention editors: not for publication before 6am on Monday",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_an_embargo_is_told_and_no_part_of_the_story(line: str, above: bool) -> None:
    top = (line, HEADLINE) if above else (HEADLINE, line)

    reading = read("\n\n".join((*top, BODY)))

    assert is_the_story(reading)
    assert any("embargo" in one and line in one for one in reading.warnings)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Kommentar", "opinion"),
        ("Opinión", "opinion"),
        ("社説", "opinion"),
        ("Commentary by Mara Holt", "opinion"),
        ("Sponsored by Kestrel Rail", "paid content"),
        ("Anzeige", "paid content"),
        ("Contenu sponsorisé", "paid content"),
    ],
)
def test_whose_words_they_are_is_told(line: str, told: str) -> None:
    reading = read(f"{line}\n\n{HEADLINE}\n\n{BODY}")

    assert is_the_story(reading)
    assert any(told in one for one in reading.warnings)


@pytest.mark.parametrize(
    "line",
    [
        "North 3 (Ost 3, 40, 88)",
        "Lena Ost",
        "Serves 6 | Prep 20 min | Cook 45 min",
        "Photo gallery",
    ],
)
def test_a_line_that_tells_nothing_is_no_standfirst(line: str) -> None:
    assert read(f"{HEADLINE}\n\n{line}\n\n{BODY}").standfirst == ""


WRAPPED = "\n\n".join(
    (HEADLINE, *(textwrap.fill(one, 66, break_on_hyphens=False) for one in STORY))
)


def test_lines_that_mail_wrapped_are_paragraphs() -> None:
    assert is_the_story(read(WRAPPED))


def test_paragraphs_without_a_gap_end_where_the_next_word_would_have_fitted() -> None:
    flowed = WRAPPED.replace("\n\n", "\n").replace(HEADLINE, f"{HEADLINE}\n", 1)

    assert is_the_story(read(flowed))


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("the coun-\ncil said that the quay", "the council said"),
        ("the coun\u00ad\ncil said that the quay", "the council said"),
        ("a long-\nterm plan for all of the quay", "a long-term plan"),
        ("die Ha-\nfenbehörde sagte am Montag", "die Hafenbehörde sagte"),
        ("« Qu’a-t-\nil dit ? » demande le port", "« Qu’a-t-il dit ? »"),
    ],
)
def test_a_word_that_was_parted_is_whole_again(broken: str, whole: str) -> None:
    paste = f"{HEADLINE}\n\nThe harbour office wrote on Monday, as {broken}, and shut."

    assert whole in " ".join(read(paste).paragraphs)


def test_raw_html_is_read_as_its_readers_would_see_it() -> None:
    told = "".join(f"<p>{one}</p>" for one in STORY).replace("Monday", "<b>Monday</b>")

    reading = read(f"<h1>{HEADLINE}</h1><p>By <em>Mara Holt</em></p>{told}")

    assert is_the_story(reading)
    assert reading.authors == ("Mara Holt",)


def test_markdown_is_read_as_its_readers_would_see_it() -> None:
    facts = f'---\ntitle: "{HEADLINE}"\nauthor: Mara Holt\ndate: 2026-11-24\n---\n\n'
    told = BODY.replace("harbour office", "[harbour office](https://quay.example/)")

    reading = read(f"{facts}# {HEADLINE}\n\n![Piles](/piles.jpg)\n\n{told}")

    assert is_the_story(reading)
    assert reading.authors == ("Mara Holt",)
    assert reading.published_at == datetime(2026, 11, 24, tzinfo=UTC)


AROUND = st.sampled_from(
    [
        "PRESS RELEASE",
        "Skip to content",
        "NOTA DE PRENSA",
        f"Subject: {HEADLINE}",
        "---- Forwarded Message ----",
        "24 November 2026",
        "Sign in",
        "On 24 Nov 2026, Mara Holt <m@quay.example> wrote:",
        "Penulis: Siti Rahma",
        "Strictly embargoed until 10am",
    ]
)
BELOW = st.sampled_from(
    [
        "-ENDS-",
        "###",
        "Kind regards,",
        "Share",
        "© 2026 Quay Paper",
        "Most read",
        "Envoyé de mon téléphone",
        "Lukuaika: 2 min",
    ]
)
CHANGES = st.sampled_from(
    [
        lambda text: text,
        lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n\n", "\n\n\n"),
        lambda text: text.replace(" ", "\u00a0", 3),
    ]
)


@settings(max_examples=40)
@given(
    st.lists(AROUND, max_size=3), st.lists(BELOW, max_size=2), CHANGES, st.booleans()
)
def test_what_means_nothing_changes_nothing(above, below, change, wrapped) -> None:  # type: ignore[no-untyped-def]
    story = WRAPPED if wrapped else f"{HEADLINE}\n\n{BODY}"

    reading = read(change("\n\n".join((*above, story, *below))))

    told = " ".join((reading.headline, *reading.paragraphs)).replace("\u00a0", " ")
    assert told == " ".join((HEADLINE, *STORY))
