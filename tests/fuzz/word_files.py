"""Word files: stories in zips and markup that open, and that no Word ever wrote."""

from __future__ import annotations

import io
import random
import warnings
import zipfile
from functools import cache
from xml.sax.saxutils import escape

import docx

from tests.fuzz.pages import ENTITIES
from tests.fuzz.pastes import paragraphs, repeated
from tests.fuzz.ruin import ruined

STORY = "word/document.xml"
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:odd="urn:odd"'
)
AROUND_RUNS = (
    *("w:ins", "w:del", "w:moveTo", "w:moveFrom", "w:hyperlink", "w:smartTag"),
    *("w:fldSimple", "w:sdt", "w:sdtContent", "w:bdo", "odd:thing", "mc:Choice"),
)
AROUND_PARAGRAPHS = (
    *("w:tbl", "w:tr", "w:tc", "w:sdt", "w:sdtContent", "w:txbxContent", "w:p"),
    *("mc:AlternateContent", "mc:Fallback", "w:customXml", "odd:thing"),
)
BITS = (
    *("<w:tab/>", "<w:br/>", "<w:cr/>", "<w:t/>", "<w:noBreakHyphen/>"),
    *("<w:fldChar w:fldCharType='begin'/>", "<w:instrText>HYPERLINK x</w:instrText>"),
    *("<w:drawing/>", "<w:pict><w:txbxContent/></w:pict>", "<!-- odd -->", "<?odd x?>"),
    *("<w:delText>gone</w:delText>", "<w:sym w:font='x' w:char='F0FF'/>"),
)
STYLES = ("Heading1", "Normal", "Title", "nowhere", "", "x" * 2_000)
NESTED = (0, 0, 0, 1, 2, 5, 40)
KINDS_OF_ZIP = (
    *(zipfile.ZIP_DEFLATED,) * 6,
    *(zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA),
)
ENCODINGS = (*("utf-8",) * 6, "utf-16", "utf-8-sig")


def word_file(dice: random.Random) -> bytes:
    """Mostly one that opens; else with far too much of it, or ruined."""
    parts = dict(_by_word())
    parts[STORY] = _too_much(dice) if dice.random() < 0.1 else _document(dice)
    if dice.random() < 0.3:
        parts["word/styles.xml"] = _styles(dice)
    for n in range(dice.choice((0, 0, 1, 30))):
        parts[f"word/media/image{n}.png"] = dice.randbytes(50)
    if dice.random() < 0.2:
        _bend(dice, parts)
    return ruined(dice, _zipped(dice, parts), 0.1)


@cache
def _by_word() -> dict[str, bytes]:
    """The parts of a file that is well."""
    whole = io.BytesIO()
    docx.Document().save(whole)
    with zipfile.ZipFile(whole) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _document(dice: random.Random) -> bytes:
    pieces = [_paragraph(dice, line) for line in paragraphs(dice)]
    for _ in range(dice.choice((0, 0, 0, 400, 1_500))):
        pieces.append("<w:p/>")
    if dice.random() < 0.3:
        first, last = sorted(dice.choices(range(len(pieces) + 1), k=2))
        inner = _within(dice, AROUND_PARAGRAPHS, "".join(pieces[first:last]))
        pieces[first:last] = [inner]
    return _encoded(dice, "w:document", f"<w:body>{''.join(pieces)}</w:body>")


def _paragraph(dice: random.Random, line: str) -> str:
    """Its words in a few runs, each wrapped as a tracked change, a link or a form."""
    words, runs = line.split(" "), []
    while words:
        many = dice.choice((1, 5, 50, 500))
        said, words = " ".join(words[:many]), words[many:]
        bits = "".join(dice.choices(BITS, k=dice.choice((0, 0, 0, 1, 30))))
        run = f"<w:r>{bits}<w:t xml:space='preserve'>{_said(dice, said)} </w:t></w:r>"
        runs.append(_within(dice, AROUND_RUNS, run))
    style = f"<w:pPr><w:pStyle w:val='{dice.choice(STYLES)}'/></w:pPr>"
    return f"<w:p>{style if dice.random() < 0.3 else ''}{''.join(runs)}</w:p>"


def _said(dice: random.Random, words: str) -> str:
    sayable = "".join(one for one in words if one.isprintable() or one in "\t\n")
    match dice.randint(0, 9):
        case 0:
            return f"<![CDATA[{sayable.replace(']]>', '')}]]>"
        case 1:
            return "".join(f"&#{ord(one)};" for one in sayable)
    return escape(sayable)


def _within(dice: random.Random, tags: tuple[str, ...], what: str) -> str:
    around = dice.choices(tags, k=dice.choice(NESTED))
    opened = "".join(f"<{tag}>" for tag in around)
    return opened + what + "".join(f"</{tag}>" for tag in reversed(around))


def _too_much(dice: random.Random) -> bytes:
    """As deep or as long as no document is."""
    many = dice.choice((300, 5_000, 60_000))
    nested = "<w:p><w:r><w:t>a</w:t></w:r></w:p>" * many
    if dice.random() < 0.5:
        nested = "<w:sdt>" * many + "a" + "</w:sdt>" * many
    xml = _encoded(dice, "w:document", f"<w:body>{nested}</w:body>")
    return (ENTITIES.encode() if dice.random() < 0.5 else b"") + xml


def _styles(dice: random.Random) -> bytes:
    """Styles that are based on each other in a ring, without names, or twice there."""
    pieces, kinds = [], ["paragraph", "character", "table"]
    if dice.random() < 0.1:
        kinds.append("odd")
    for n in range(dice.choice((0, 1, 50, 1_000))):
        name = dice.choice(("Heading 1", "heading 1", "", repeated(dice, 40)))
        named = f'<w:name w:val="{escape(name, {chr(34): ""})}"/>'
        based = f"<w:basedOn w:val='S{dice.randint(0, n + 1)}'/>"
        type_ = dice.choice(kinds)
        inner = (named if dice.random() < 0.9 else "") + based
        pieces.append(f"<w:style w:type='{type_}' w:styleId='S{n}'>{inner}</w:style>")
    return _encoded(dice, "w:styles", "".join(pieces))


def _encoded(dice: random.Random, root: str, inner: str) -> bytes:
    encoding = dice.choice(ENCODINGS)
    named = encoding.removesuffix("-sig")
    xml = f"<?xml version='1.0' encoding='{named}'?><{root} {SPACES}>{inner}</{root}>"
    return xml.encode(encoding, errors="xmlcharrefreplace")


def _bend(dice: random.Random, parts: dict[str, bytes]) -> None:
    """Other words in one part that says how the parts hang together."""
    name = dice.choice(("word/_rels/document.xml.rels", "[Content_Types].xml"))
    old, new = dice.choice(
        (
            (b"styles.xml", b"../word/./styles.xml"),
            (b"styles.xml", b"document.xml"),
            (b"styles.xml", b"https://paper.example/styles.xml"),
            (b"fontTable.xml", b"no/such.xml"),
            (b"Target=", b"TargetMode='External' Target="),
            (b"Id=", b"Id='rId1' odd="),
            (b"xml", b"XML"),
        )
    )
    parts[name] = parts[name].replace(old, new)


def _zipped(dice: random.Random, parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    kind = dice.choice(KINDS_OF_ZIP)
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", kind) as archive:
        warnings.simplefilter("ignore")  # a name that stands in it twice
        for name, data in parts.items():
            archive.writestr(_entry(dice, name, kind), data)
            if dice.random() < 0.01:
                archive.writestr(_entry(dice, name, kind), data)
        if dice.random() < 0.1:
            archive.comment = dice.randbytes(dice.choice((1, 60_000)))
    return made.getvalue() + bytes(dice.choice((0, 0, 0, 0, 0, 0, 0, 1, 20)))


def _entry(dice: random.Random, name: str, kind: int) -> zipfile.ZipInfo:
    """The same each time: without today's date."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = kind
    if dice.random() < 0.05:
        entry.extra = dice.choice((b"\x01\x00\x10\x00" + bytes(16), b"ab\x01\x00x"))
    return entry
