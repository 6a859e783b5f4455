"""Photo captions and credits: telling them from the story, and from each other."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from desk.reading.article import LOOKED_INTO
from desk.reading.folding import curly, ends_sentence, fold

LONGEST = 420  # a longer line is a paragraph, whatever it ends with
CREDIT_WORDS = 14

PICTURE = (
    r"(?:(?:file|handout|courtesy|archive|lead|cover|header)\s+)?"
    r"(?:photo(?:graph|graphy|s)?|images?|pictures?|pic|"
    r"(?:symbol|archiv|presse|agentur|titel)?-?(?:fotos?|bild(?:er)?)|bildquelle|bildnachweis|fotografía|fotografie|fotografia|imagen|imagem|"
    r"immagine|illustration|illustrazione|ilustración|grafik|graphic|screenshot|"
    r"afbeelding|beeld|foto'?s|zdjęcie|zdj\.|fot\.|kuva|фото(?:графия)?|снимок|"
    r"коллаж|φωτο(?:γραφία)?|ảnh|görsel|fotoğraf|gambar|写真(?:提供)?|撮影|画像|图片?|사진(?:\s*출처)?|صورة|الصورة|تصوير|תמונה|צילום|फोटो|फ़ोटो|तस्वीर)"
)
SOURCE = (
    r"(?:(?:photo|image|picture|crédits?|foto|bild)\s+)?"
    r"(?:credits?|crédits?|créditos?|credito|crediti|quelle|source|fonte|fuente|bron|"
    r"källa|kilde|źródło|copyright|提供|출처)"
    r"(?:\s+(?:photo|image|foto|immagine|de la foto))?"
)
VIA = (
    r"(?:by|via|from|courtesy(?:\s+of)?|provided by|supplied by|taken by|von|par|di|de|"
    r"do|da|door|av|af|cortesía de|gentile concessione di)"
)
AGENCY = (
    r"(?:AP|Reuters|REUTERS|AFP|dpa|DPA|EPA|epa|ANSA|Ansa|EFE|APA|Keystone|KEYSTONE|"
    r"TASS|Xinhua|Kyodo|PA|IMAGO|[Ii]mago|picture[ -]alliance|Bloomberg|Shutterstock|"
    r"Getty|Getty Images|iStock|Unsplash|AAP|TT|NTB|Ritzau|Scanpix|Lusa|LUSA|PAP|"
    r"Belga|ANP|Alamy|MAXPPP|LaPresse|Europa Press|共同|時事|新华社)"
)

START = r"(?:^|(?<=[\s\p{P}=＝]))"
OPEN = r"[(\[（【]"
PERSON = r"\p{Lu}[\p{L}.'’-]+(?: [\p{L}.'’-]+){0,3}"

# Looked for at the end of a line, in this order; the group `credit` is what is kept.
# No space stands there any more.
MARKS = tuple(
    regex.compile(rf"{begin}(?P<credit>{credit})$")
    for begin, credit in (
        # Photo: X / AP   (Foto: X)   Crédit photo : X   写真=X
        (
            rf"{START}(?:{OPEN}|(?=\p{{Lu}}|\p{{Lo}}))(?i:{PICTURE}(?:\s+(?:credits?|crédits?))?)\s*[:：=＝・]\s*",
            r".{2,100}?",
        ),
        (
            rf"{START}(?:{OPEN}|(?=\p{{Lu}}|\p{{Lo}}))(?i:{SOURCE})\s*[:：=＝]\s*",
            r".{2,100}?",
        ),
        # (AP Photo/Jane Doe)  [Photo/Xinhua]  (Jane Doe/Reuters)  (Getty Images)
        (
            START + OPEN,
            r"(?:\p{L}+ )?(?:Photo|Foto|Image)\s*/\s*[^()\[\]]{2,80}"
            rf"|{AGENCY} (?:Photo|Foto|File)[^()\[\]]{{0,80}}"
            rf"|[^()\[\]/]{{2,60}}/\s?{AGENCY}[^()\[\]]{{0,40}}"
            r"|(?:via )?(?:Getty Images|Shutterstock|Alamy|picture[ -]alliance)",
        ),
        # Image source, Anna Wrona
        (r"^(?i:image|picture|media) source, ", r".{2,100}"),
        # Fot. Anna Wrona / PAP
        (
            rf"{START}{OPEN}?(?:[Ff]ot|[Zz]dj|[Ff]oto|[Pp]hot)\.\s+",
            r"\p{Lu}[^.!?]{1,80}",
        ),
        # Image via X, Photo by X, (foto di X): with a capital, or in brackets
        (
            rf"{START}(?:{OPEN}|(?=\p{{Lu}}))(?i:{PICTURE}\s+{VIA})\s+",
            r"(?=@?\p{Lu}|@|(?:the|der|la|le|el) \p{Lu})[^!?]{1,80}?",
        ),
        (
            rf"(?:(?<=[.!?”\"’»)|–—-])\s*|^|{OPEN})Courtesy(?: of)?:?\s+",
            r"[^!?]{2,80}?",
        ),
        (rf"{START}{OPEN}?(?:©|\([cC]\)|ⓒ)\s*", r"(?!\d{4})[^.!?]{2,80}"),
        # … on Tuesday. Jane Doe/Getty Images
        (
            r"(?<=[.!?”\"’»)|])\s+",
            rf"{AGENCY}\s?/\s?{PERSON}|{PERSON}\s?/\s?{AGENCY}(?:[ /]\p{{L}}+){{0,3}}"
            rf"|via {AGENCY}(?: Images)?",
        ),
    )
)
TAKEN = regex.compile(  # ＝11月18日、山田花子撮影
    r"[＝=](?:[^＝=、,]{2,20}[、,]\s?){0,3}"
    r"(?P<credit>[\p{Han}\p{Hiragana}\p{Katakana}・]{2,16}?)(?:さん|氏)?(?:撮影|提供)$"
)
LABEL = regex.compile(
    r"(?:(?:photo|image|picture) )?caption\s*:\s*|(?:image|media|picture) caption, |"
    r"bildunterschrift\s*:\s*|légende\s*:\s*|bildtext\s*:\s*|billedtekst\s*:\s*|"
    r"onderschrift\s*:\s*|kuvateksti\s*:\s*|podpis(?: pod zdjęciem)?\s*:\s*|"
    r"popisek\s*:\s*|képaláírás\s*:\s*|подпись\s*:\s*|підпис\s*:\s*|"
    r"didascalia\s*:\s*|pie de foto\s*:\s*|legenda\s*:\s*",
    regex.IGNORECASE,
)
UNCLEAR = regex.compile(
    r"\b(twitter|x\.com|x \(|instagram|facebook|tiktok|youtube|reddit|threads|"
    r"bluesky|mastodon|telegram|whatsapp|snapchat|weibo|vk|pinterest|tumblr|"
    r"social media|screenshot|screengrab|internet|google)\b|^@|\bvia @|^(via )?X$|"
    r"\bX/@|\bvia X\b|Скриншот|スクリーンショット",
    regex.IGNORECASE,
)
# In a caption, looked for where no other mark is found.
NAMED = r"(?:@?\p{Lu}|\p{Lo})[^()\[\]?!\d]{1,60}"
BARE = (
    regex.compile(rf"(?:(?<=\S)\s*|^)[(（](?P<credit>{NAMED}?)\s*[)）]\s*$"),
    regex.compile(
        r"(?<=[.!?”\"’»])\s+(?P<credit>(?i:supplied|handout|contributed|submitted|"
        r"file photo|archive))\.?\s*$"
    ),
    # … of the town. Isithombe: Jane Doe
    regex.compile(
        r"(?:^|(?<=[.!?”\"’»])\s*)\p{L}{4,12}\s?:\s+(?P<credit>\p{Lu}[^.!?:]{2,60})$"
    ),
    regex.compile(
        r"^(?i:copyright|image|foto|photo)\s+(?P<credit>\p{Lu}[^.!?]{1,80})$"
    ),
)
# Whose it is, at the end of a caption: "Jane Doe / The Courier", "Jane Doe for The
# Courier", "Handout via Reuters", "AP Photo/Jane Doe", "Copyright AFP Jane Doe".
WORD = r"(?:\p{Lu}[\p{L}\p{M}.'’&-]{0,30}|of|de|del|di|du|van|von|and)"
HOUSE = rf"\p{{Lu}}[\p{{L}}\p{{M}}.'’&-]{{0,30}}(?: {WORD}){{0,4}}"
SOMEBODY = r"\p{Lu}[\p{L}\p{M}.'’-]{1,30}(?: \p{Lu}[\p{L}\p{M}.'’-]{0,30}){1,3}"
BEFORE_OWNER = r"(?:^|(?<=[.!?…”\"’»)\]])\s|(?<=\S)\s[-–—|]\s)[(\[（【]?"
ENDS_OWNER = r"[)\]）】]?\.?$"
OWNED = tuple(
    regex.compile(f"{BEFORE_OWNER}{mark}(?P<credit>{credit}){ENDS_OWNER}")
    for mark, credit in (
        (
            r"(?i:copyright) (?:(?:19|20)\d\d )?",
            rf"{HOUSE}(?:\s?/\s?{HOUSE}| {SOMEBODY})?",
        ),
        ("", rf"{SOMEBODY}\s?/\s?{HOUSE}(?:\s?/\s?{HOUSE})?"),
        ("", rf"{HOUSE}\s?/\s?(?:{SOMEBODY}|{AGENCY})"),
        (
            "",
            rf"{SOMEBODY}(?: |, )"
            rf"(?:for|für|pour|para|per|voor|för|til|dla|для) {HOUSE}",
        ),
        (
            "",
            r"(?i:handout|pool|supplied|courtesy|file)(?: photo)? "
            rf"(?:via|by|of) {HOUSE}",
        ),
        ("", rf"{AGENCY} (?:Photo|Foto|Images?)\s?/\s?{SOMEBODY}"),
    )
)
OWNER_WORDS = 8
OWNER = regex.compile(rf"(?<!\p{{L}}){AGENCY}(?!\p{{L}})")
OWNERS = regex.compile(
    rf"(?:{PERSON}\s?/\s?)*{AGENCY}(?:\s?/\s?(?:{PERSON}|{AGENCY}))*"
)
OWN_LABEL = regex.compile(  # "Staff photo by Jane Doe", "fot. Jan Nowak"
    rf"^(?:(?i:staff )?(?i:{PICTURE})(?:\s{VIA}|\s?:)|(?i:fot|zdj|phot)\.)\s"
    r"(?=\p{Lu})"
)
LABELLED = regex.compile(rf"(?i:{PICTURE}|{SOURCE})")
SHUT = {"(": ")", "[": "]", "（": "）", "【": "】"}


@dataclass(frozen=True)
class Caption:
    text: str  # without its credit
    credit: str
    line: str  # as it was found


def caption_of(line: str) -> Caption | None:
    """What a line says as a caption or a credit; None when it carries no credit."""
    if len(line) > LOOKED_INTO:
        return None
    label = LABEL.match(line)
    text = line[label.end() :] if label else line
    text = _once(text)
    if len(text) > LONGEST:
        return None
    caption, credit = split_credit(text)
    if credit or label:
        return Caption(caption, credit, line)
    return None


def split_credit(text: str) -> tuple[str, str]:
    """A caption and the credit at its end; the credit is empty where none is found."""
    if len(text) > LOOKED_INTO:
        return text.strip(), ""
    bare = text.rstrip()
    closed = bare[:-1].rstrip() if bare[-1:] in SHUT.values() else bare
    for mark in (*MARKS, TAKEN):
        for candidate in (closed, bare) if closed != bare else (bare,):
            found = mark.search(candidate)
            if found and _is_credit(found["credit"]):
                before = candidate[: found.start()].rstrip(" |–—-•·=＝([（【\u00a0")
                return before, _trimmed(found["credit"])
    return text.strip(), ""


def split_caption(text: str) -> tuple[str, str]:
    """The same where the text is known to stand with a picture, and so may say less.

    There a name in brackets at the end is the owner's, and so is "Supplied".
    """
    caption, credit = split_credit(text)
    if credit or len(caption) > LOOKED_INTO:
        return caption, credit
    for mark in (*OWNED, *BARE):
        if found := mark.search(caption):
            return caption[: found.start()].rstrip(" |–—-•·,"), _trimmed(
                found["credit"]
            )
    return caption, ""


def owner_alone(text: str) -> bool:
    """Whether a line beside a caption says nothing but whose picture it is."""
    short = len(text) <= LOOKED_INTO and len(text.split()) <= OWNER_WORDS
    return short and OWNER.search(text) is not None


def owners_only(text: str) -> bool:
    """The same where it is all that stands there: names and agencies with slashes."""
    return len(text) <= LOOKED_INTO and OWNERS.fullmatch(text) is not None


def is_label(text: str) -> bool:
    """ "Photo:" and the like, where the name stands elsewhere."""
    return LABELLED.fullmatch(text.strip(" :|©")) is not None


def _trimmed(credit: str) -> str:
    """Without the full stop of the sentence; that of an initial stays."""
    bare = str(OWN_LABEL.sub("", credit.strip(" ;,)]）】")))
    return bare if regex.search(r"\b\p{Lu}\.$", bare) else bare.rstrip(" .")


def _is_credit(credit: str) -> bool:
    """A credit is a few words and no sentence."""
    return (
        len(credit.split()) <= CREDIT_WORDS
        and credit.strip(" .)]") != ""
        and not regex.search(r"\p{Ll}{3}[.!?]\s+\p{Lu}\p{Ll}+\s+\p{Ll}+\s", credit)
    )


def better(one: Caption, other: Caption) -> Caption:
    """Of two versions of one caption, the one typeset with care, else the first."""
    if curly(other.line) > curly(one.line):
        return other
    return one if one.credit or not other.credit else other


def same_caption(one: str, other: str) -> bool:
    return compared(one) == compared(other)


def compared(text: str) -> str:
    """What versions of one caption share."""
    return fold(text).rstrip(". ")


def rights_warning(credit: str, caption: str = "") -> str:
    """A sentence where the picture's owner can't be told, else nothing."""
    if UNCLEAR.search(credit):
        return (
            f"The picture's credit is “{credit}”, which names a place and no owner: "
            "its rights are unclear. Find the owner, or use another picture."
        )
    if caption and not credit:
        return (
            "The caption names no source: check who owns the picture before it "
            "goes out."
        )
    return ""


def _once(text: str) -> str:
    """A caption that was pasted twice on one line, once."""
    middle = len(text) // 2
    for cut in range(max(1, middle - 3), min(len(text), middle + 4)):
        first, second = text[:cut].strip(), text[cut:].strip()
        if len(first) > 20 and ends_sentence(first) and same_caption(first, second):
            return second if curly(second) > curly(first) else first
    return text
