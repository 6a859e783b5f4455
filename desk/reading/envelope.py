"""The envelope: what mail, press offices and agencies put around a story.

Each line of a paste is told by what it is, not by where it stands: a header of mail,
a label, an embargo, a greeting, a contact, an end mark. What is around the story goes,
and what it says about the story (a subject, an embargo, whose view it is) is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import cache, lru_cache

import regex

from desk.reading import labels
from desk.reading.boilerplate import is_boilerplate
from desk.reading.bylines import CASED, authors_of, day_told, signs
from desk.reading.captions import caption_of
from desk.reading.cautions import says_paid
from desk.reading.folding import ends_sentence, fold
from desk.reading.lines import UNSPACED, Line, looks_like_subheading

NEAR = 12  # lines of a paste in which a story begins, whatever stands above it
SHORT = 160  # letters; a longer line is a paragraph, whatever it begins with
KICKER = 2  # words that are no headline yet
TOLD = 60  # letters of a paragraph; whatever ends a story stands behind one
EMBARGOED = 12  # words; a longer sentence tells of an embargo
TAIL = 6  # paragraphs at most behind an end that has no mark of its own
HEADER = regex.compile(
    r"\W{0,3}(?P<name>[\p{L}\p{M} .-]{1,24}?)\s?[:：]\s*(?P<value>.*)"
)
REPLIES = regex.compile(
    r"(?:(?:re|fwd?|aw|wg|tr|rv|rif|i|enc|vs|sv|antw|doorst|vb|odp|pd|ynt|ilt|отв|"
    r"转发|回复)"
    r"(?:\[\d{1,3}\])?\s?[:：]\s*|\[[^\]]{1,30}\]\s*)+",
    regex.IGNORECASE,
)
RULED = regex.compile(r"[-=_*>]{2,}[^-=_*]{3,60}[-=_*]{2,}:?")
BEGINS = regex.compile(
    r"begin forwarded message:?|forwarded message:?", regex.IGNORECASE
)
DASHES = regex.compile(r"[-–—_=*]{2,}\s*")
CONTACT = regex.compile(
    r"(?:[^@]{0,40}[\s:<(])?[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}[>)]?"
    r"|(?:[\p{L}\p{M}./ ]{1,24}[:：.]?\s*)?[+(]?\d[\d ()/.–-]{6,24}"
)
DESK = regex.compile(  # for desks, not for readers
    r"(?:(?:UPDATE|WRAPUP|RPT|REPEAT|REFILE|CORRECTED|CORRECTION|CORREC|EXCLUSIVE|"
    r"ADVISORY|LEAD|URGENT|FLASH|BULLETIN|ALERT|TABLE|FACTBOX|INSIGHT|FOCUS|SNAPSHOT|"
    r"BREAKING|BREAKING NEWS|JUST IN|DEVELOPING|ROUNDUP|EILMELDUNG|"
    r"EIL|WDH|KORREKTUR|NEU|ZUSAMMENFASSUNG|ALERTE|DERNIÈRE MINUTE|AVANCE|ÚLTIMA HORA|"
    r"ULTIM['’]ORA|URGENTE|SON DAKİKA|СРОЧНО|МОЛНИЯ|ТЕРМІНОВО|عاجل|速報|快讯|快訊|속보)"
    r"(?:\s?\d{1,2})?\s?[-–—:|]\s?)+(?=\S)"
)
DESK_MARK = regex.compile(r"\((?:\d(?:st|nd|rd|th) )?(?:LEAD|URGENT|ADV|2nd LD)\)\s?")
DESK_BEHIND = regex.compile(
    r"(?<!\s)\s{0,3}\((?:attn:?|adds?|updates?|updated|recasts?|corrects?|repeats?|"
    r"refiles?|changes?|"
    r"writes? through|removes?|fixes|rewrites?|releads?|with|actualiza|añade|amplía|"
    r"actualisé|ajoute|aggiorna|neu|aktualisiert|обновлено)\b[^()]{0,120}\)$",
    regex.IGNORECASE,
)


class Role(Enum):
    """What a line around a story is."""

    HEADER = auto()  # of a mail
    SUBJECT = auto()
    RULE = auto()  # "---- Forwarded Message ----"
    GREETING = auto()
    RELEASE = auto()  # "FOR IMMEDIATE RELEASE"
    EMBARGO = auto()
    OPINION = auto()
    PAID = auto()
    SECTION = auto()
    DATE = auto()
    BYLINE = auto()
    FIELD = auto()  # of a desk's own form: "Slug: …"
    FURNITURE = auto()  # of the page: "Skip to content", "Share"
    EDITOR = auto()  # who mended it
    CONTACT = auto()  # a name, number or address to ask
    CONTACTS = auto()  # the label above them
    NOTES = auto()
    SIGN_OFF = auto()
    END = auto()


ABOVE = frozenset(
    {
        Role.HEADER,
        Role.SUBJECT,
        Role.RULE,
        Role.GREETING,
        Role.RELEASE,
        Role.EMBARGO,
        Role.OPINION,
        Role.PAID,
        Role.SECTION,
        Role.FURNITURE,
        Role.EDITOR,
        Role.FIELD,
        Role.DATE,
        Role.BYLINE,
        Role.CONTACT,
        Role.CONTACTS,
    }
)
NOWHERE = frozenset(  # in no place a part of the story
    {
        Role.EMBARGO,
        Role.PAID,
        Role.OPINION,
        Role.CONTACT,
        Role.EDITOR,
        Role.FURNITURE,
    }
)
LABELS = (
    (Role.RELEASE, labels.RELEASES),
    (Role.OPINION, labels.OPINIONS),
    (Role.PAID, labels.PAID),
    (Role.NOTES, labels.NOTES),
    (Role.CONTACTS, labels.CONTACTS),
    (Role.SECTION, labels.SECTIONS),
    (Role.FURNITURE, labels.FURNITURE),
    (Role.END, labels.ENDS),
)
FIELDS = frozenset({"slug", "catchline", "word count", "wordcount"})  # nowhere else
BEFORE_TITLE = regex.compile(  # "Opinion: …", "【社説】…", "Comment | …"
    r"[\[【(<〈「]?(?P<label>[^:：|\[\]【】()<>〈〉「」]{1,30})(?:[:：\]】)>〉」]|"
    r"\s[|–—-]\s)"
)
ADDRESSED = regex.compile(r"^[\p{L} ]{4,30}:\s(?=\S)")  # "Attention editors: …"
ROW = regex.compile(r"\s[-–—|/]\s|[:：|]\s")


@dataclass
class Opened:
    """A paste without its envelope, and what the envelope says of the story."""

    lines: list[Line]
    standfirst: str = ""  # where it is labelled as one
    headline: str = ""  # where no line of the story is one
    section: str = ""
    authors: tuple[str, ...] = ()
    dated: str = ""  # the line with the day
    embargo: str = ""  # as it stands there
    opinion: bool = False
    paid: bool = False
    left_out: list[str] = field(default_factory=list)


def open_envelope(lines: Sequence[Line]) -> Opened:
    """The story's own lines. A paste that is nothing but envelope stays as it is."""
    lines, standfirst = _without_fields(lines)
    roles = _beside([role_of(line.text) for line in lines], lines)
    above = _above(lines, roles)
    story = Opened([], standfirst=standfirst)
    for line, role in zip(lines[:above], roles, strict=False):
        _note(story, line.text, role)
    end = _end(lines, roles, above)
    for place in range(above, len(lines)):
        line, role = lines[place], roles[place]
        labelled = role in NOWHERE
        if place >= end or (labelled and place > above):
            _note(story, line.text, role)
        else:
            story.lines.append(line)
    if not story.lines:
        return Opened(list(lines))
    _entitle(story)
    return story


def _without_fields(lines: Sequence[Line]) -> tuple[Sequence[Line], str]:
    """A desk's form as a story: what is labelled as headline first, then its body."""
    told = [_field(line.text) for line in lines[:NEAR]]
    if labels.HEADLINE_FIELDS not in {table for table, _ in told}:
        return lines, ""
    headline = next(v for table, v in told if table is labels.HEADLINE_FIELDS)
    deks = [value for table, value in told if table is labels.STANDFIRST_FIELDS]
    kept = [
        line if table is None else replace(line, text=value)
        for line, (table, value) in zip(lines, told, strict=False)
        if table is None or (table is labels.BODY_FIELDS and value)
    ]
    return [Line(headline), *kept, *lines[NEAR:]], next(iter(deks), "")


def _field(text: str) -> tuple[str | None, str]:
    """Which field of a form a line fills, if one, and with what."""
    found = HEADER.fullmatch(text)
    if found is None or authors_of(text):
        return None, ""
    name, value = fold(found["name"]).strip(" *"), found["value"].strip(" *")
    if name in labels.words_of(labels.BODY_FIELDS):
        return labels.BODY_FIELDS, value
    tables = (labels.HEADLINE_FIELDS, labels.STANDFIRST_FIELDS, labels.DESK_FIELDS)
    filled = (t for t in tables if value and name in labels.words_of(t))
    return next(filled, None), value


def _beside(roles: list[Role | None], lines: Sequence[Line]) -> list[Role | None]:
    """What a line is by the lines around it: a kicker, a menu's entry, a covering note.

    Each stands above a line that may be a headline, and says less than one.
    """
    told = list(roles)
    column = _column(lines, roles)
    told[:column] = [role or Role.FURNITURE for role in told[:column]]
    for place, role in enumerate(roles[:NEAR]):
        if role is not None or not _titles(lines, roles, place + 1):
            continue
        text, before = lines[place].text, set(told[:place])
        if place == 0 and text.isupper() and len(text.split()) <= KICKER:
            told[place] = Role.SECTION
        elif len(before & {Role.FURNITURE, Role.SECTION}) and _in_menu(
            lines, told, place
        ):
            told[place] = Role.FURNITURE
        elif before & {Role.GREETING, Role.HEADER, Role.SUBJECT} and _covers(text):
            told[place] = Role.GREETING
    return told


def _column(lines: Sequence[Line], roles: Sequence[Role | None]) -> int:
    """How many words stand one under the other above a headline: paper and section."""
    place = 0
    for line in lines[:NEAR]:
        text = line.text
        short = len(text.split()) <= KICKER and CASED.search(text)
        if (place and not line.joined) or not short or signs(text):
            break
        place += 1
    ends = place < len(lines) and lines[place].joined
    return place if place > 1 and ends and _titles(lines, roles, place) else 0


def _in_menu(lines: Sequence[Line], roles: Sequence[Role | None], place: int) -> bool:
    """A word or two, in a column of other entries."""
    column = place > 1 and lines[place].joined and lines[place + 1].joined
    known = roles[place - 1] in (Role.FURNITURE, Role.SECTION)
    return column and known and len(lines[place].text.split()) <= KICKER


def _covers(text: str) -> bool:
    """A short sentence to whoever gets the mail: "copy below as discussed."."""
    return len(text) <= TOLD and (ends_sentence(text) or text[-1] in ":：")


@lru_cache(maxsize=1_000)  # a paste that is one line a thousand times costs it once
def role_of(text: str) -> Role | None:
    """What this line is, if it belongs to no story, by its own words."""
    return None if len(text) > SHORT else _labelled(text) or _spoken_of(text)


def _labelled(text: str) -> Role | None:
    """A label alone, or several in a row: "PRESS RELEASE – for immediate use"."""
    label = labels.bare(text)
    if label in labels.words_of(labels.ENDS) and not text[:1].isalnum():
        return Role.END
    if role := _roles().get(label):
        return role
    parts = ROW.split(text[:SHORT])
    roles = {_roles().get(labels.bare(part)) for part in parts}
    return roles.pop() if len(parts) > 1 and len(roles) == 1 else None


@cache
def _roles() -> dict[str, Role]:
    return {
        word: role
        for role, table in reversed(LABELS)
        for word in labels.words_of(table)
    }


def _spoken_of(text: str) -> Role | None:
    if announces_embargo(text) or announces_embargo(ADDRESSED.sub("", text)):
        return Role.EMBARGO
    if is_boilerplate(text):
        return Role.FURNITURE
    if says_paid(text):
        return Role.PAID
    if RULED.fullmatch(text) or BEGINS.fullmatch(text) or _answers(text):
        return Role.RULE
    if _is_footer(text):
        return Role.FURNITURE
    if _ends_release(text):
        return Role.END
    if header := _header(text):
        return header
    if authors_of(text):
        view = labels.starts_with_label(text, labels.OPINIONS)
        return Role.OPINION if view else Role.BYLINE
    if day_told(text):
        return Role.DATE
    if CONTACT.fullmatch(text):
        return Role.CONTACT
    return _letter(text)


def _answers(text: str) -> bool:
    """ "On 3 May 2026, Ann Lee <ann@paper.example> wrote:", above what is answered."""
    if text[-1] not in ":：" or not regex.search(r"\d", text):
        return False
    words = {fold(word) for word in regex.split(r"[\s,:：<>]+", text)}
    told = labels.words_of(labels.WROTE)
    return bool(words & told) or any(" " in one and one in fold(text) for one in told)


def _is_footer(text: str) -> bool:
    """ "Sent from my telephone", and no sentence of the story."""
    short = len(text.split()) <= KICKER * 4 and len(text) <= TOLD
    return short and bool(labels.starts_with_label(text, labels.FOOTERS))


def _ends_release(text: str) -> bool:
    """ "Einde persbericht": an end's word, and what ends."""
    label = labels.starts_with_label(text, labels.ENDS)
    rest = labels.bare(text)[len(label) :].split()
    released = (" ".join(rest[n:]) for n in range(min(2, len(rest))))
    return bool(label) and any(r in labels.words_of(labels.RELEASES) for r in released)


def _header(text: str) -> Role | None:
    found = HEADER.fullmatch(text)
    if text[-1] in ":：" and len(text.split()) <= KICKER * 3:
        asks = labels.starts_with_label(text, labels.CONTACTS)
        return Role.CONTACTS if asks else None
    if found is None:
        return None
    name = fold(found["name"]).strip(" *")
    if name in labels.words_of(labels.SUBJECTS):
        return Role.SUBJECT
    if name in labels.words_of(labels.MAIL_HEADERS) and found["value"]:
        return Role.HEADER
    if name in labels.words_of(labels.EDITORS):
        return Role.EDITOR
    if name in FIELDS and found["value"]:
        return Role.FIELD
    is_contact = name in labels.words_of(labels.CONTACTS)
    return Role.CONTACTS if is_contact else None


def announces_embargo(text: str) -> bool:
    """An embargo's words begin the line; of an oil embargo a headline tells later."""
    label = labels.starts_with_label(text, labels.EMBARGOES)
    if not label:
        return False
    rest = labels.unframed(text)[len(label) :]
    if ends_sentence(text) and len(text.split()) > EMBARGOED:
        return False
    until = regex.search(r"\d", rest) or not rest.strip(" .:!-*_)]>")
    return bool(until) or (" " in label and len(rest.split()) <= EMBARGOED // 2)


def _letter(text: str) -> Role | None:
    if labels.is_label(text, labels.GREETINGS):
        return Role.GREETING
    if text[-1:] in ",!:،，：" and labels.starts_with_label(text, labels.GREETINGS):
        return Role.GREETING
    spoken = ends_sentence(text) or text[-1] in ":：" or text[0].islower()
    if spoken and labels.starts_with_label(text, labels.POLITE):
        return Role.GREETING  # as a sentence; "Here is what we know" is a headline
    signs = labels.starts_with_label(text, labels.SIGN_OFFS)
    return Role.SIGN_OFF if signs and len(text) <= len(signs) + 3 else None


def _above(lines: Sequence[Line], roles: Sequence[Role | None]) -> int:
    """How many lines stand above the story's first."""
    place, contacts = 0, False
    while place < len(lines) - 1:
        role = roles[place]
        contacts = role is Role.CONTACTS or (contacts and lines[place].joined)
        if role is Role.SECTION and not _titles(lines, roles, place + 1):
            break
        if role is Role.SUBJECT or role in ABOVE or (contacts and place):
            place += 1
            continue
        break
    mailed = Role.SUBJECT in roles[:place] or Role.HEADER in roles[:place]
    only_names = set(roles[:place]) <= {Role.BYLINE, Role.HEADER, Role.CONTACT}
    titled = mailed or not only_names or _titles(lines, roles, place)
    return place if titled else 0


def _titles(lines: Sequence[Line], roles: Sequence[Role | None], place: int) -> bool:
    """Whether the next line that is no menu's may be a headline under its section."""
    menu = (Role.SECTION, Role.FURNITURE, Role.DATE)
    named = [
        n for n in range(place, min(len(lines), place + NEAR)) if roles[n] not in menu
    ]
    text = lines[named[0]].text if named else ""
    long = len(text.split()) > KICKER or len(UNSPACED.findall(text)) > KICKER * 3
    return long and looks_like_subheading(text)


def _end(lines: Sequence[Line], roles: Sequence[Role | None], above: int) -> int:
    """The place behind the story: an end mark, or what only stands behind one."""
    told = False
    released = Role.RELEASE in roles or Role.CONTACTS in roles or Role.END in roles
    mailed = Role.SUBJECT in roles or Role.HEADER in roles
    for place in range(above + 1, len(lines)):
        text = lines[place].text
        if told:
            ends = roles[place] in (Role.END, Role.NOTES) or _tells_of_a_house(
                lines, place, released
            )
            tail = roles[place] in (Role.CONTACTS, Role.SIGN_OFF) or (
                mailed and DASHES.fullmatch(text) is not None
            )
            furnished = roles[place] is Role.FURNITURE and not any(
                ends_sentence(line.text) or caption_of(line.text)
                for line in lines[place + 1 :]
            )
            if ends or furnished or (tail and _is_tail(lines[place + 1 :])):
                return place
        told = told or len(text) >= TOLD or ends_sentence(text)
    return len(lines)


def _is_tail(rest: Sequence[Line]) -> bool:
    """Too little for a story that goes on."""
    return sum(len(line.text) > SHORT for line in rest) <= TAIL // 2


def _tells_of_a_house(lines: Sequence[Line], place: int, released: bool) -> bool:
    """ "About Kestrel Rail", and then what Kestrel Rail is."""
    text, rest = lines[place].text, lines[place + 1 :]
    label = labels.starts_with_label(text, labels.ABOUT)
    if not label or not rest or len(rest) > TAIL or ends_sentence(text):
        return False
    name = labels.unframed(text)[len(label) :].strip(" :")
    small = text[-len(name) :][:1].islower()
    named = bool(name) and not small and name in fold(rest[0].text[: SHORT * 2])
    return len(text.split()) <= 8 and (named or (released and bool(name)))


def _note(story: Opened, text: str, role: Role | None) -> None:
    """Keep what a line of the envelope says of the story."""
    story.left_out.append(text)
    match role:
        case Role.SUBJECT:
            found = HEADER.fullmatch(text)
            told = found["value"] if found else ""
            told = REPLIES.sub("", told, count=1).strip()
            if announces_embargo(told):
                story.embargo = story.embargo or told
            else:
                story.headline = story.headline or told
        case Role.EMBARGO:
            story.embargo = story.embargo or text
        case Role.DATE:
            story.dated = story.dated or text
        case Role.BYLINE:
            story.authors = story.authors or authors_of(text)
        case Role.SECTION:
            story.section = story.section or labels.bare(text).capitalize()
        case Role.OPINION:
            story.opinion = True
            story.authors = story.authors or authors_of(text)
        case Role.PAID:
            story.paid = True


def _entitle(story: Opened) -> None:
    """The subject is the headline where the story's first line is a paragraph."""
    first = story.lines[0]
    known = {fold(one.text) for one in story.lines[:NEAR]}
    untitled = story.headline and not looks_like_subheading(first.text)
    if untitled and fold(story.headline) not in known:
        story.lines.insert(0, Line(story.headline))
    title = for_readers(story.lines[0].text)
    story.lines[0] = Line(title, story.lines[0].joined, story.lines[0].marked)
    labelled = BEFORE_TITLE.match(title)
    label = labelled["label"] if labelled else ""
    told = label.isupper() or fold(label) != "embargo"  # "Embargo: how it works"
    if labelled and told and labels.is_label(label, labels.EMBARGOES):
        story.embargo = story.embargo or label
        rest = title[labelled.end() :].strip()
        story.lines[0] = replace(story.lines[0], text=rest or title)
    story.opinion |= labels.is_label(label, labels.OPINIONS)
    story.paid |= labels.is_label(label, labels.PAID)


def for_readers(headline: str) -> str:
    """Without what an agency tells desks: "UPDATE 2-" and "(adds quote)"."""
    marked = DESK_MARK.match(headline)
    bare = DESK.sub("", headline[marked.end() if marked else 0 :], count=1)
    return DESK_BEHIND.sub("", bare) or headline
