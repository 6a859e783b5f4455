"""Names: the history tells people apart, whatever anyone calls themselves."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from desk import channels, db, holds, people, posts, report
from desk.channels import BadChannel
from desk.desk import Desk
from desk.models import User
from desk.people import BadPerson, names
from tests import factories
from tests.conftest import NOON
from tests.factories import actor

LIVING = (
    "Ἀλέξανδρος|محمد علی|مُحَمَّد|علی‌رضا|"
    "דָּוִד בֶּן־גּוּרִיּוֹן|प्रिया शर्मा|শেখ হাসিনা|"
    "ਹਰਪ੍ਰੀਤ ਸਿੰਘ|ગાંધી|ଓଡ଼ିଆ|தமிழ்|తెలుగు|ಕನ್ನಡ|മലയാളം|"
    "ලක්ෂ්‍මී|สมชาย|ສົມພອນ|བསྟན་འཛིན་རྒྱ་མཚོ་|"
    "အောင်ဆန်းစုကြည်|សុខ សាន្ត|山田 太郎|山田タロウ|さくら|김철수|陳大文|"
    "O'Brien|D’Arcy|Jean-Luc Ó Súilleabháin|"
    "J. R. R. Tolkien|d’Étoile|Nguyễn Thị Ánh|Łukasz Żółć|"
    "Ђорђе|Ґалаґан|Հայկ|ქეთევან|አበበ|ᏣᎳᎩ|ᐃᓄᒃᑎᑐᑦ|ܝܘܚܢܢ|ދިވެހި|"
    "ߒߞߏ|𞤀𞤣𞤤𞤢𞤥|ⵜⵉⴼⵉⵏⴰⵖ|ꦗꦮ|ᮞᮥᮔ᮪ᮓ|ꯃꯤꯇꯩ|ᱥᱟᱱᱛᱟᱲᱤ|ꆈꌠ|ꓡꓲꓢꓴ|"
    "Kahoʻolawe|Ŵ̱SÁNEĆ|Anna (Sport)|Editor 2|3sat|"
    "Björk Guðmundsdóttir|ɓala|Q̓ʷay|ĐẶNG|İpek|Ümit Işık|"
    "ᠮᠣᠩᠭᠣᠯ|佐々木|つのだ☆ひろ|ジョー|X Æ A-12|Петро-Анна|Anna Иванова|"
    "ı|Dvořák"
)


def rename(desk: Desk, person: User, name: str) -> None:
    """By a one-time link, as its person may."""
    with desk.db.writing() as session:
        now = db.now(session)
        token = people.sign_in_link(session, person.id, now)
        people.use_link(session, token, now, name)


@pytest.mark.parametrize(
    "name",
    ["Anna", "anna", " ANNA ", "An​na", "Ａｎｎａ", "editor", "Admin", "the desk",
     "The command line", "An\u034fna", "Anna\ufe0f", "\u3164anna", "Anna\u2800",
     "Аnnа", "Αnna", "Еditor", "Anna\ufffc", "\ufff9Anna\ufffb", "Anna\U0001d159",
     "Anna.", "Anna-", "(Anna)", "“Anna”", "Anna …", "The desk\ufffc",
     "The\u3164desk", "The\uffa0desk", "The\u115fdesk", "The\u2800desk",
     "the command line\ufffc", "the command-line", "The.desk", "the_desk", "TheDesk",
     "Editor.", "editor-", "-editor", "[Admin]", "Editor \N{THUMBS UP SIGN}",
     "E.d.i.t.o.r", "Editor\ue000", "Editor\U000e0fff", "Editor\ufdd0"],
)  # fmt: skip
def test_nobody_takes_a_name_that_could_be_another(any_desk: Desk, name: str) -> None:
    factories.make_person(any_desk, "Anna")
    ben = factories.make_person(any_desk, "Ben")

    with pytest.raises(BadPerson, match="the history must tell people apart"):
        rename(any_desk, ben, name)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("\u202eenO rotidE", "turns its letters around"),
        ("Ben\u2067", "turns its letters around"),
        ("\u061cBen", "turns its letters around"),
        ("editor\u0332", "struck through or underlined"),
        ("Editor One\u0335", "struck through or underlined"),
        ("B\u20dd", "struck through or underlined"),
        ("\u0301", "an accent without a letter"),
        ("Ben \u0301", "an accent without a letter"),
        ("Be" + "\u0301" * 9 + "n", "too many accents"),
        ("\ue000", "a sign that no alphabet knows"),
        ("Ben\U000f0000", "a sign that no alphabet knows"),
        ("Ben\U000e0fff", "a sign that no alphabet knows"),
        ("Ben\x00", "a sign that no alphabet knows"),
        ("Be\u3164n", "a sign that nobody sees"),
        ("Be\ufffcn", "a sign that nobody sees"),
        ("Ben\U0001d159", "a sign that nobody sees"),
        ("Ben\uffff", "a sign that no alphabet knows"),
        ("-", "has no letter"),
        ("1", "has no letter"),
        ("\N{THUMBS UP SIGN}", "has no letter"),
        ("νera", "letters of two alphabets"),
        ("B\u064een", "letters of two alphabets"),
    ],
)
def test_a_name_that_can_not_be_read_is_refused_with_its_flaw(
    desk: Desk, name: str, why: str
) -> None:
    ben = factories.make_person(desk, "Ben")

    with pytest.raises(BadPerson, match=why):
        rename(desk, ben, name)
    with pytest.raises(BadChannel, match=why):
        channels.add(desk, "scripted", name, {}, NOON)


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("Editor One", "Editor 0ne"),
        ("Editor One", "EDIT0R ONE"),
        ("Ian", "lan"),
        ("Ian", "1an"),
        ("Marnie", "Mamie"),
        ("Anna", "ꓮꓠꓠꓮ"),
        ("Anna", "ΑΝΝΑ"),
        ("Coco", "сосо"),
        ("Zoë", "Zoe\u0308"),
        ("Paper Two", "Paper Two!"),
    ],
)
def test_names_that_are_look_alikes_are_one_name(
    any_desk: Desk, name: str, alike: str
) -> None:
    rename(any_desk, factories.make_person(any_desk, "Dora"), name)
    channels.add(any_desk, "scripted", name, {}, NOON)

    with pytest.raises(BadPerson, match="the history must tell people apart"):
        rename(any_desk, factories.make_person(any_desk, "Cleo"), alike)
    with pytest.raises(BadChannel, match="There is a channel"):
        channels.add(any_desk, "scripted", alike, {"account": "other"}, NOON)


def test_names_of_all_living_scripts_are_taken_and_stay_apart(desk: Desk) -> None:
    for name in LIVING.split("|"):
        rename(desk, factories.make_person(desk, f"Nobody {name}"), name)

    with desk.db.reading() as session:
        assert not names.shared(session)


def test_who_is_invited_without_a_name_gets_none_that_can_not_be_read(
    desk: Desk,
) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        found = [
            people.invite(session, email, "", "editor", now)[0].name
            for email in ("ian@paper.org", "lan@paper.org", "24@paper.org")
        ]
        with pytest.raises(BadPerson, match="Give a name"):
            people.invite(session, "1an@paper.org", "", "editor", now)

    assert found == ["ian", "lan@paper.org", "24@paper.org"]


@pytest.mark.parametrize("name", ["\u3164", "\u2800\u200b", "\ufe0f"])
def test_a_name_has_something_to_see(desk: Desk, name: str) -> None:
    with pytest.raises(BadPerson, match="Nobody can see this name"):
        rename(desk, factories.make_person(desk, "Ben"), name)


@pytest.mark.parametrize("name", ["anna", "Editor"])
def test_nobody_is_invited_by_a_name_that_could_be_another(
    desk: Desk, name: str
) -> None:
    factories.make_person(desk, "Anna")

    with (
        desk.db.writing() as session,
        pytest.raises(BadPerson, match="the history must tell people apart"),
    ):
        people.invite(session, "new@paper.org", name, "editor", db.now(session))


@pytest.mark.parametrize(
    ("name", "alike"), [("Марк", "марк"), ("Νίκος", "ΝΊΚΟΣ"), ("Ben", "BEN")]
)
def test_capitals_tell_no_names_apart_in_any_script(
    desk: Desk, name: str, alike: str
) -> None:
    rename(desk, factories.make_person(desk, "Anna"), name)

    with pytest.raises(BadPerson, match="the history must tell people apart"):
        rename(desk, factories.make_person(desk, "Cleo"), alike)


def test_ones_own_name_stays_ones_own(desk: Desk) -> None:
    anna = factories.make_person(desk, "Anna")

    rename(desk, anna, "ANNA")

    with desk.db.reading() as session:
        assert session.get_one(User, anna.id).name == "ANNA"


def from_before(desk: Desk, person: User, name: str) -> None:
    """They have this name since a time in which it passed for one of its own."""
    with desk.db.engine.begin() as link:
        which = update(User).where(User.id == person.id)
        link.execute(which.values(name=name, name_key=f"key of {person.id}"))


def test_who_shares_a_name_from_before_may_keep_it(any_desk: Desk) -> None:
    factories.make_person(any_desk, "Anna")
    later = factories.make_person(any_desk, "Later")
    from_before(any_desk, later, "Аnna")

    rename(any_desk, later, "Аnna")

    with any_desk.db.reading() as session:
        assert session.get_one(User, later.id).name == "Аnna"


def test_names_from_before_that_look_the_same_are_found(any_desk: Desk) -> None:
    anna, later, ben = (
        factories.make_person(any_desk, name) for name in ("Anna", "Later", "Ben")
    )
    from_before(any_desk, later, "Аnna")

    with any_desk.db.reading() as session:
        (same,) = names.shared(session)
        assert [one.id for one in same] == [anna.id, later.id]
        assert ben.id not in [one.id for one in same]


def test_who_is_invited_without_a_name_gets_one_of_their_own(desk: Desk) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        first, _ = people.invite(session, "ann@paper.org", "", "editor", now)
        second, _ = people.invite(session, "ann@other.org", "", "editor", now)
        third, _ = people.invite(session, "editor@paper.org", "", "editor", now)

    assert (first.name, second.name) == ("ann", "ann@other.org")
    assert third.name == "editor@paper.org"


def test_the_history_knows_a_person_by_their_number(any_desk: Desk) -> None:
    anna = factories.make_person(any_desk, "Anna")
    ben = factories.make_person(any_desk, "Ben")
    post_id = factories.make_post(any_desk, factories.make_channel(any_desk))
    with any_desk.db.writing() as session:
        now = db.now(session)
        post = posts.locked(session, post_id, actor(anna))
        posts.alter(session, post, "Changed.", now, actor(anna))
        holds.hold(session, why="Wait", by=actor(anna), now=now)

    rename(any_desk, anna, "Anna Field")
    rename(any_desk, ben, "Anna")

    with any_desk.db.reading() as session:
        told = report.account(session, post_id).events[-1]
        (held,) = holds.list_holds(session)
    assert (told.who, told.by, told.person_id) == ("Anna Field", "Anna", anna.id)
    assert (held.who, held.person_id) == ("Anna Field", anna.id)


def test_a_new_desks_admin_has_a_name_that_a_person_may_have(any_desk: Desk) -> None:
    with any_desk.db.writing() as session:
        people.ensure_admin(session, db.now(session))
        found = names.reserved(session)

    assert found == []
