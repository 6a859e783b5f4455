"""Who wrote it, where and when: the lines between the headline and the story."""

from __future__ import annotations

from datetime import UTC, date, datetime

import regex

from desk.reading.article import LOOKED_INTO
from desk.reading.days import MONTH, SHAPES, days_in
from desk.reading.labels import (
    BYLINE_LABELS,
    BYLINE_WORDS,
    OPINIONS,
    is_label,
    starts_with_label,
)

NAME = (
    r"(?:\p{Lu}[\p{L}\p{M}'’.\-]*)"
    r"(?:\s+(?:(?:de|del|della|di|da|do|dos|du|van|von|der|den|la|le|al|el|bin|ibn|zu|"
    r"ter|ten|y)\s+){0,2}(?:\p{Lu}|[dDl]['’]\p{Lu})[\p{L}\p{M}'’.\-]*){0,4}"
)
AND = (
    r"(?:\s*,\s*(?:(?:and|und|et|e|y|og|och)\s+)?|"
    r"\s+(?:and|und|et|e|y|en|og|och|i|и|&|AND|UND|ET|Y|OG|OCH|И)\s+|\s*/\s*)"
)
BY = (
    r"(?:(?:written |words |story |text |reported |reporting )?by|von|par|por|di|de|da|"
    r"door|af|av|przez|(?:autor(?:in|es|e)?|text|texte|testo|texto|author|автор|tekst|"
    r"words)\s*:|testo di|texto de)"
)
BYLINE = regex.compile(
    rf"(?i:{BY})\s+(?P<names>{NAME}(?:{AND}{NAME}){{0,4}})"
    r"(?P<rest>\s*[,|;•·–—(-].{0,90}|\s+(?:in|for|für|pour|per|para|aus|à|en|a|at|from)"
    r"\s+\p{Lu}.{0,60})?"
)
SIGNATURE = regex.compile(NAME)
UNCASED = regex.compile(
    r"(?:بقلم|كتبت|كتب|מאת|取材・文|文・写真|文|(?:本报)?记者|記者|作者|撰文|글)\s*+(?:[:：=＝]\s*+)?"
    r"(?P<names>[^\s:：=＝][^.。!?]{1,40})"
)
ROLE = regex.compile(
    r"\b(writers?|reporters?|correspondents?|editors?|staff|redaktion|redakteur(in)?|"
    r"korrespondent(in)?|redacción|redazione|rédaction|news ?room|desk)\b",
    regex.IGNORECASE,
)
NO_NAME = regex.compile(
    r"\b(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|"
    r"March|April|June|July|August|September|October|November|December|The|This|"
    r"Morning|Night|Noon|Design|Contrast|Comparison)\b"
)
LEADS = regex.compile(
    r"(?:by|di|de|da|par|por|von|av|af|door|przez) |\p{Lu}\p{Ll}|\p{Lu}{2}|"
    r"بقلم|كتب|מאת|文|取材|記者|记者|本报|作者|撰文|글"
)
AGENCIES = (
    "AP|Reuters|REUTERS|AFP|dpa|DPA|ANSA|Ansa|EFE|APA|sda|SDA|KNA|epd|TASS|Xinhua|"
    "Lusa|PAP|ČTK|Kyodo|PTI|IANS|ANI|UPI|Bloomberg|CNN|Interfax|Europa Press|Ritzau|"
    "NTB|TT|SID|ots|Belga|ANP|Keystone-SDA|MTI|Anadolu|AA|PA|AAP|CP"
)
LINE = 160  # letters of a byline
# Words by language that stand before who wrote it.
WRITTEN = regex.compile(
    r"^(?:(?:(?:words|text|story|report|reporting|written|reported|analysis|review|"
    r"opinion|interview|compiled|posted|published|article|story and photos|"
    r"words and photos) )?by"
    r"|(?:(?:text|bericht|analyse|kommentar|gastbeitrag|interview|kolumne) )?von"
    r"|(?:(?:propos recueillis|écrit|publié|article|texte|analyse|reportage) )?par"
    r"|(?:(?:texto|escrito|redactado|análisis|publicado|reportaje|reportagem) )?"
    r"(?:por|de)"
    r"|(?:(?:testo|articolo|scritto|analisi) )?(?:di|da)"
    r"|(?:(?:tekst|geschreven) )?door"
    r"|(?:(?:text|tekst|skrevet|skriven) )?(?:av|af)|oleh|przez|oprac\.|написала?|द्वारा"
    r"|(?:words|text|texte|testo|texto|tekst|teksti|szöveg|story|reporting|authors?|"
    r"autor(?:in|en|a|e|es|i|ka|zy|ři)?|auteure?s?|skribent|forfatter|kirjoittaja|szerzők?|"
    r"írta|napsala?|napisała?|penulis|yazan|yazar|haber|tác giả|авторы?|автори?|текст|"
    r"συντάκτης|journalist|reporter|redaktör|verslaggever|نویسنده|लेखक)(?=\s?[:：]))"
    r"(?:\s?[:：]\s{0,4}|\s{1,4})"
    r"|^(?:بقلم|كتبت?|מאת|โดย|取材・文|作者|撰文|(?:本报)?记者|記者|文(?=\s?[:：])|글(?=\s?[:：=]))"
    r"\s?(?:[:：=]\s?)?",
    regex.IGNORECASE,
)
SPECIAL = regex.compile(  # Special to The Courier by …
    r"(?:special (?:to|for)|exclusive to) .{2,60}? by (?=\p{Lu})", regex.IGNORECASE
)
OTHER_TASK = regex.compile(  # who did something else
    r"(?<![\s,;|/•·(–—-])[\s,;|/•·(–—-]{1,6}(?=(?:translated|translation|edited|editing|photos?|photographs?|"
    r"photography|pictures?|images?|video|graphics?|illustrations?|illustrated|produced|"
    r"additional reporting|words|text|fotos?|bilder|übersetzt|übersetzung|"
    r"traduit|traduction|photographies|traducido|traducción|fotografías?|imágenes|"
    r"traduzione|traduzido|tradução|imagens|immagini|vertaald|vertaling|beeld|översatt|"
    r"översättning|oversatt|oversat|tłumaczenie|zdjęcia|překlad|перевод|фото|переклад|"
    r"çeviri|ترجمة|תרגום|写真)(?:\s(?:by|von|par|por|di|de|door|av|af))?\s?[:：]?\s)",
    regex.IGNORECASE,
)
AGO = regex.compile(
    r"^(?:\d{1,3}|an?|vor \d{1,3}|il y a \d{1,3}|hace \d{1,3})\s\p{L}{1,12}"
    r"(?: ago| fa| atrás| geleden| siden| sedan)?\s(?=\p{Lu})"
    r"|\s(?:\d{1,3}|an?)\s\p{L}{1,12} ago$",
    regex.IGNORECASE,
)
REVERSED = regex.compile(r"(\p{Lu}[\p{L}'’-]+), (\p{Lu}[\p{L}'’.-]+)")
SIDE_BY_SIDE = regex.compile(
    r"(?<!\s)(?:\s{0,3}[,/&+、，،]|\s{1,3}(?:and|und|et|y|e|og|och|en|i|и|та|ve|dan|și|kai|και|és|ja|"
    r"with|mit|avec|con|com|met|med)\s)(?!\s{0,3}(?:Jr|Sr|II|III|Ph|M\.?D)\b)\s{0,3}"
)
ENDS_DOTTED = regex.compile(r"\b(?:Jr|Sr|\p{Lu})\.$")
ROLES = regex.compile(
    r"\b(?:writers?|reporters?|correspondents?|editors?|staff|columnists?|journalists?|"
    r"producers?|bureau|chief|critics?|analysts?|contributors?|freelancer?|newsroom|"
    r"redaktion|redakteur(?:in)?|korrespondent(?:in)?|reporterin|ressort\w*|volontär(?:in)?|"
    r"journaliste|correspondante?|rédacteur|rédactrice|grand reporter|envoyée?|"
    r"periodista|redactora?|corresponsal|enviad[ao]|giornalista|inviat[ao]|corrispondente|"
    r"jornalista|repórter|correspondente|verslaggever|redacteur|journalisten?|skribent|"
    r"dziennikar\w+|redaktor\w*|корреспондент\w*|редактор\w*|журналист\w*|muhabir\w*|"
    r"wartawan|phóng viên|minutes?|hours?|days?|read|updated|published|special)\b",
    regex.IGNORECASE,
)
AGENCY_NAME = regex.compile(
    rf"(?:the )?(?:{AGENCIES}|"
    r"(?:associated|canadian|australian associated|united) press|"
    r"press association|pa media|agence france-presse|deutsche presse-agentur|"
    r"austria presse agentur|agencia efe|agências?|agencias|agenturen|agences|agenzie|"
    r"europa press|press trust of india|kyodo news|xinhua|ritzau|belga|interfax|tass|"
    r"ukrinform|antara|bernama|yonhap|cnn newsource|bloomberg news|thomson reuters|"
    r"agencja \w+|reuters news|afp news|wire (?:services|reports)|news agencies|"
    r"р(?:иа)? новости|тасс|интерфакс|共同通信|時事通信|"
    r"时事社|新华社|新華社|中央社|연합뉴스)",
    regex.IGNORECASE,
)
WITH_AGENCY = regex.compile(rf"{NAME}\s?[/|]\s?(?:(?i:{AGENCY_NAME.pattern}))")
INITIALS = regex.compile(
    rf"[(\[]?(?:\p{{L}}{{2,4}}/(?:{AGENCIES})|(?:{AGENCIES})/\p{{L}}{{2,4}})[)\]]?"
)
DATELINE = regex.compile(
    r"(?P<dateline>"
    # ROME (AP) —   Berlin (dpa) -   PARIS, Nov 20 (Reuters) -
    r"\p{Lu}[\p{L}\p{M} .,'’/\-]{1,48}(?:,?\s\d{1,2}\.?(?:\s\p{L}+\.?)?)?\s?"
    rf"\((?:{AGENCIES})(?:[/,] ?(?:{AGENCIES}|\p{{Lu}}\p{{L}}+))*\)\s?[—–:.-]+"
    # LONDON —   NEW YORK, Nov. 20 —
    r"|\p{Lu}{2}[\p{Lu} .'’/\-]{1,38}(?:,\s\p{L}+\.?)?(?:,?\s\p{L}{3,9}\.?\s\d{1,2})?"
    r"(?:\s\(\p{Lu}[\p{L} ]+\))?\s?[—–](?=\s?[\p{Lu}“\"«„])"
    # 【東京=共同】   [해림=뉴스하나] 김가람 기자 =   (서울=연합뉴스)
    r"|【[^】]{1,30}】|[\[(（][^\])）=]{1,20}=[^\])）]{1,20}[\])）]"
    r"(?:\s?(?P<reporter>\p{Hangul}{2,4})\s?(?:기자|특파원)\s?=)?"
    r")\s*(?=\S)"
)
PLACE = (
    r"(?:\p{Lu}|\p{Lo})[\p{L}\p{M}.'’/\-]{1,30}"
    r"(?:[ ,]{1,2}[\p{L}\p{M}.'’/\-]{2,30}){0,3}?"
)
DATED = regex.compile(  # Rotterdam, 27. November 2026 –   PUERTO SALADO, 24 nov (EFE).-
    rf"(?P<dateline>{PLACE},?\s(?:(?:le|den|el|il|dnia)\s)?"
    rf"(?:[0-3]?\d(?:\.|er|st|nd|rd|th|º)?\s(?:de\s)?{MONTH}|{MONTH}\s[0-3]?\d(?:st|nd|rd|th)?)"
    r"(?:,?\s(?:de\s)?(?:19|20)\d\d)?"
    r"(?:\s?[(/][^()/]{2,40}[)/]\s?[.:]?\s?[—–:-]{0,2}|\s?[.:]?\s?[—–-]{1,2}|\s?:))"
    r"\s+(?=\S)",
    regex.IGNORECASE,
)
AGENCY_LINE = regex.compile(  # EFE | Madrid    ANSA - ROMA
    rf"(?:{AGENCIES})\s*[|/–—-]\s*\p{{Lu}}[\p{{L}}\p{{M}} .'’-]{{1,40}}"
)
DATE_WORDS = (
    r"published|posted|updated|last updated|first published|last modified|modified|"
    r"created|on|at|date|datum|fecha|data|tanggal|"
    r"veröffentlicht|aktualisiert|stand|am|um|uhr|publié|mis à jour|le|à|publicado|"
    r"actualizado|el|a las|atualizado|em|às|pubblicato|aggiornato|il|alle|"
    r"gepubliceerd|bijgewerkt|op|om|publicerad|uppdaterad|publisert|oppdatert|"
    r"опубликовано|обновлено|в|г|公開|更新|"
    r"há|hace|vor|il y a|ago|atrás|fa|geleden|sedan|siden|назад|horas?|hours?|hrs?|"
    r"minutes?|minutos?|minuten?|mins?|stunden?|ore|minuti|heures?|timmar|timer|uur|"
    r"r|roku|godz|kl|klo|hod|ngày|wib|wita|wit|msk|мск|năm|"
    r"senin|selasa|rabu|kamis|jumat|sabtu|minggu|poniedziałek|wtorek|środa|czwartek|"
    r"piątek|sobota|niedziela|pondělí|úterý|středa|čtvrtek|pátek|neděle|luni|marți|"
    r"miercuri|joi|vineri|sâmbătă|duminică|hétfő|kedd|szerda|csütörtök|péntek|szombat|"
    r"vasárnap|δευτέρα|τρίτη|τετάρτη|πέμπτη|παρασκευή|σάββατο|κυριακή|понедельник|"
    r"вторник|среда|четверг|пятница|суббота|воскресенье|pazartesi|salı|çarşamba|"
    r"perşembe|cuma|cumartesi|pazar|maanantai|tiistai|keskiviikko|torstai|perjantai|"
    r"lauantai|sunnuntai|mon|tue|wed|thu|fri|sat|sun|mittwoch|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|"
    r"jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|"
    r"domenica|segunda|terça|quarta|quinta|sexta|feira|"
    r"am|pm|a\.m|p\.m|h|utc|gmt|cet|cest|est|edt|pst|pdt|bst|ist|jst|et|pt|z|t"
)
ONLY_DATE = regex.compile(  # each word is taken whole, so the longest come first
    r"(?>\p{L}{1,12}(?:day|tag|dag)|"
    + "|".join(sorted(DATE_WORDS.split("|"), key=len, reverse=True))
    + r"|\d{1,2}\s?[時时点]\s?(?:\d{1,2}\s?分)?|(?:配信|掲載|发布|發布|更新)"
    + r"|\d{1,2}\s?(?:am|pm|a\.m|p\.m|uhr|h)\b"
    + r"|\d{1,2}(?=\s(?:h|m|stunden?|ore|timmar|timer|uur)\p{L}{0,8})"
    + r"|[+\-]?\d{1,2}[:.h]\d{2}(?::\d{2})?|[\s,.:;|•·–—()/-]++)*+",
    regex.IGNORECASE,
)


PLACED = regex.compile(
    r"^\p{Lu}[\p{L}'’.-]{1,25}(?:\s\p{Lu}[\p{L}'’.-]{1,25}){0,2},\s(?:(?:le|den|dnia)\s)?"
)
MONTHS = 12
SLASHED = regex.compile(
    r"(?<![\d/])([0-3]?\d)[/.-]([0-3]?\d)[/.-]((?:19|20)\d\d)(?![\d/])"
)
LABELLED = regex.compile(
    r"[*_(\[【]{0,3}(?P<label>[^:：=＝/／|]{1,30}?)\s{0,3}[:：=＝/／]\s{0,3}(?P<names>[^:：]{2,110})"
)
CASED = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Armenian}]")
CALLED = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}'’.·・\- ]{1,40}")  # no capitals there
PLACES = regex.compile(
    r"\s(?:in|from|aus|à|en|a)\s\p{Lu}[\p{L}'’-]{1,20}(?:\s\p{Lu}[\p{L}'’-]{1,20}){0,2}"
    r"(?=,|\s(?:and|und|et|y|e)\s|$)"
)
IS = frozenset(
    word
    for words in (
        "is was works writes lives teaches ist lebt arbeitet schreibt est vit écrit",
        "travaille es vive escribe trabaja é escreve è scrive är bor skriver er on",
        "asuu jest mieszka pracuje je žije este είναι است هو هي",
    )
    for word in words.split()
)
NAMED = 5  # words of a name
REPORTER = regex.compile(  # 김가람 기자   王小明 記者
    r"(?P<names>\p{Hangul}{2,4}|\p{Han}{2,4})\s?(?:기자|특파원|논설위원|記者|记者)(?:\s*=)?"
)


def authors_of(line: str) -> tuple[str, ...]:
    """The names in a byline, or nothing when the line is none."""
    text = line.strip()
    if len(text) > 140:
        return ()
    if WRITTEN.match(text):
        text = OTHER_TASK.split(text)[0]
    if view := starts_with_label(text, OPINIONS):
        text = text[len(view) :].strip() or text
    return _labelled(text) or _worded(text) or _by(text)


def _labelled(text: str) -> tuple[str, ...]:
    """The names behind a label: "Texte : Inès Caron", "文：山本花子"."""
    found = LABELLED.fullmatch(text.rstrip("*_)]】"))
    if found is None or not is_label(found["label"], BYLINE_LABELS):
        return ()
    return _names(found["names"])


def _worded(text: str) -> tuple[str, ...]:
    """The names behind a word: "Oleh Siti Rahma", "Της Ελένης Παππά"."""
    if found := REPORTER.fullmatch(text):
        return (found["names"],)
    word = starts_with_label(text, BYLINE_WORDS)
    rest = text[len(word) :]
    return _names(rest.strip()) if word and rest[:1].isspace() else ()


def _names(told: str) -> tuple[str, ...]:
    """Every part is a name, or nothing is; what stands behind a comma may be a role."""
    parts = [part.strip(" *_") for part in regex.split(AND, told) if part.strip(" *_")]
    names = [part for part in parts if _is_called(part)]
    others = [part for part in parts if part not in names]
    roles = all(ROLE.search(part) or part[0].islower() for part in others)
    return tuple(names) if parts and roles and parts[0] in names else ()


def asks_for_a_name(line: str) -> bool:
    """A byline's word alone, whose name is on the next line."""
    return is_label(line, BYLINE_WORDS) or is_label(line, BYLINE_LABELS)


def is_role(line: str) -> bool:
    """What somebody is: a line under a name."""
    return len(line.split()) <= NAMED and ROLE.search(line) is not None


def _is_called(words: str) -> bool:
    if not 1 <= len(words.split()) <= NAMED:
        return False
    if CASED.search(words):
        return SIGNATURE.fullmatch(words) is not None and _is_name(words)
    return CALLED.fullmatch(words) is not None


def _by(text: str) -> tuple[str, ...]:
    if not LEADS.match(text):
        return ()
    if found := UNCASED.fullmatch(text):
        return (found["names"].strip(),)
    found = BYLINE.fullmatch(text.rstrip("."))
    if not found:
        return ()
    names = [name.strip() for name in regex.split(AND, found["names"]) if name]
    return tuple(name for name in names if _is_name(name))


def names_in_byline(line: str) -> tuple[str, ...]:
    """The writers in a line that begins as a byline, whoever else it names."""
    text = " ".join(line.split())
    if len(text) > LINE or not (WRITTEN.match(text) or SPECIAL.match(text)):
        return ()
    people, _ = signed_by(text)
    return tuple(name for name in people if _is_name(name))


def signed_by(line: str) -> tuple[list[str], list[str]]:
    """People, and agencies or newsrooms, that a byline names as its writers.

    Translators, photographers and editors are none; nor are places, roles and times.
    """
    if "://" in line or "@" in line:
        return [], []
    text = AGO.sub("", regex.sub(r"\([^()]{0,80}\)", "", " ".join(line.split())))
    if found := SPECIAL.match(text):
        text = text[found.end() :]
    people, agencies = list[str](), list[str]()
    for part in _credited(text):
        for name in _parted(part):
            if AGENCY_NAME.fullmatch(name):
                agencies.append(name)
            elif name and not ROLES.search(name):
                people.append(name)
    return people, agencies


def _credited(text: str) -> list[str]:
    """The stretches of a byline that name writers."""
    stretches = OTHER_TASK.split(text)
    first = stretches[0]
    kept = [first, *(s for s in stretches[1:] if WRITTEN.match(s))]
    segments = [s for stretch in kept for s in regex.split(r"[|•·\n]", stretch)]
    return [WRITTEN.sub("", s.strip(" ,;:–—-"), count=1).strip() for s in segments]


def _parted(text: str) -> list[str]:
    """Names side by side; "Roe, Jane; Doe, John" are two, family name first."""
    listed = [part.strip() for part in text.split(";") if part.strip()]
    turned = [REVERSED.fullmatch(part) for part in listed]
    if listed and all(turned):
        return [f"{found[2]} {found[1]}" for found in turned if found]
    parts = (p for one in listed for p in SIDE_BY_SIDE.split(one))
    return [bare for part in parts if (bare := _bare(part))]


def _bare(name: str) -> str:
    stripped = str(WRITTEN.sub("", name.strip(" ,;:–—-/"), count=1))
    return stripped if ENDS_DOTTED.search(stripped) else stripped.rstrip(" .")


def _is_name(words: str) -> bool:
    """Two words or more that are no title; one word only where it is an agency."""
    if ROLE.search(words) or NO_NAME.search(words):
        return False
    return len(words.split()) > 1 or words.isupper()


def without_places(line: str) -> str:
    """A byline's names alone: "Ann Lee in Oslo and Bo Ek in Riga"."""
    return str(PLACES.sub("", line.split(";")[0]))


def tells_of(line: str, name: str) -> bool:
    """Whether a line says who somebody is: "Ann Lee is a writer"."""
    rest = line[len(name) :].split(maxsplit=1)
    said = rest[0] if line.startswith(f"{name} ") and rest else ""
    return said.casefold() in IS


def signs(line: str) -> bool:
    """A line that is nothing but a name: how many papers sign a story."""
    words = line.split()
    return 2 <= len(words) <= 4 and bool(SIGNATURE.fullmatch(line)) and _is_name(line)


def names_agency(line: str) -> bool:
    """A name with an agency and nothing else: "Jane Doe / AP"."""
    return len(line) <= LINE and WITH_AGENCY.fullmatch(line) is not None


def are_initials(line: str) -> bool:
    """Who wrote it and whose news it is, as agencies end a story: "jk/dpa"."""
    return INITIALS.fullmatch(line) is not None


def without_dateline(paragraph: str) -> tuple[str, str]:
    """The dateline ("ROME (AP) —") and the paragraph after it."""
    start = paragraph[:LOOKED_INTO]
    found = DATELINE.match(start) or DATED.match(start)
    if not found:
        return "", paragraph
    return found["dateline"].strip(" —–:.-"), paragraph[found.end() :]


def reporter_of(paragraph: str) -> tuple[str, ...]:
    """Who a dateline names: "[해림=뉴스하나] 김가람 기자 ="."""
    found = DATELINE.match(paragraph[:LOOKED_INTO])
    return (found["reporter"],) if found and found["reporter"] else ()


def is_agency_line(line: str) -> bool:
    """An agency and a place on a line of their own: a dateline."""
    return AGENCY_LINE.fullmatch(line) is not None


def day_of(line: str) -> date | None:
    """The day that a line gives, when it says nothing but a date."""
    if len(line) > 120:
        return None
    line = SLASHED.sub(_spelled, line)
    for shape in SHAPES:
        found = shape.search(line)
        if found and ONLY_DATE.fullmatch(line[: found.start()] + " "):
            rest = line[found.end() :]
            days = list(days_in(found[0]))
            if days and (ONLY_DATE.fullmatch(rest) or list(days_in(rest))):
                return days[0][1]
    return None


def day_told(line: str) -> date | None:
    """The same with the place before it: "Oslo, 3 May 2026"."""
    return day_of(line) or day_of(PLACED.sub("", line))


def _spelled(found: regex.Match[str]) -> str:
    """With slashes it is a day only where no other can be meant: not 3/4/2026."""
    one, other = int(found[1]), int(found[2])
    month, day = (one, other) if other > MONTHS else (other, one)
    told = month <= MONTHS and (day > MONTHS or day == month)
    return f"{found[3]}-{month:02}-{day:02}" if told else found[0]


def at_midnight(day: date) -> datetime:
    """A day as a moment; the paste names no zone, so it is UTC's."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
