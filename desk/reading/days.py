"""Days named in a text, and announcements whose day is past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import regex

MONTHS = (
    "january jan januar jänner janvier enero ene gennaio janeiro januari stycznia ledna"
    " января січня ocak tammikuuta يناير ינואר"
    " január ianuarie ιανουαρίου януари जनवरी জানুয়ারি siječnja",
    "february feb februar februari février febrero febbraio fevereiro lutego února"
    " февраля лютого şubat helmikuuta فبراير פברואר"
    " február februarie φεβρουαρίου февруари फरवरी फ़रवरी ফেব্রুয়ারি veljače",
    "march mar märz marts mars marzo março maart marca března марта березня mart"
    " maaliskuuta مارس מרץ"
    " március martie μαρτίου март maret mac मार्च মার্চ ožujka",
    "april apr avril abril aprile kwietnia dubna апреля квітня nisan huhtikuuta"
    " أبريل ابريل אפריל"
    " április aprilie απριλίου април अप्रैल এপ্রিল travnja",
    "may mai mayo maggio maio mei maj maja května мая травня mayıs toukokuuta مايو מאי"
    " május μαΐου май मई মে svibnja",
    "june jun juni juin junio giugno junho czerwca června июня червня haziran kesäkuuta"
    " يونيو יוני"
    " június iunie ιουνίου юни जून জুন lipnja",
    "july jul juli juillet julio luglio julho lipca července июля липня temmuz"
    " heinäkuuta يوليو יולי"
    " július iulie ιουλίου юли julai जुलाई জুলাই srpnja",
    "august aug août agosto augustus augusti sierpnia srpna августа серпня ağustos"
    " elokuuta أغسطس אוגוסט"
    " augusztus αυγούστου август agustus ogos अगस्त আগস্ট kolovoza",
    "september sep sept septembre septiembre settembre setembro września září сентября"
    " вересня eylül syyskuuta سبتمبر ספטמבר"
    " szeptember septembrie σεπτεμβρίου септември सितंबर सितम्बर সেপ্টেম্বর rujna",
    "october oct okt oktober octobre octubre ottobre outubro października října октября"
    " жовтня ekim lokakuuta أكتوبر אוקטובר"
    " október octombrie οκτωβρίου октомври अक्टूबर অক্টোবর",
    "november nov novembre noviembre novembro listopada listopadu ноября листопада"
    " kasım marraskuuta نوفمبر נובמבר"
    " noiembrie νοεμβρίου ноември नवंबर नवम्बर নভেম্বর studenoga",
    "december dec dez dezember décembre diciembre dicembre dezembro grudnia prosince"
    " декабря грудня aralık joulukuuta ديسمبر דצמבר"
    " desember decembrie δεκεμβρίου декември दिसंबर दिसम्बर ডিসেম্বর disember prosinca",
)
NUMBER = {name: n for n, names in enumerate(MONTHS, 1) for name in names.split()}
MONTH = (
    "(?P<month>" + "|".join(sorted(map(regex.escape, NUMBER), key=len)[::-1]) + r")\.?"
)
DAY = r"(?P<day>[0-3]?\d)"
YEAR = r"(?P<year>(?:19|20)\d\d)"
SHAPES = tuple(
    regex.compile(shape, regex.IGNORECASE)
    for shape in (
        rf"\b{MONTH}\s+{DAY}(?:st|nd|rd|th)?(?:\s*,)?\s+{YEAR}\b",
        rf"\b{DAY}(?:st|nd|rd|th|er|\.|º|°)?\s+(?:de\s+|of\s+|ב)?{MONTH}"
        rf"\s*+(?:,\s*)?(?:de\s+|del\s+)?{YEAR}\b",
        rf"\b{YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"\b{DAY}\.\s?(?P<month>[01]?\d)\.\s?{YEAR}\b",
        rf"{YEAR}年\s*(?P<month>\d{{1,2}})月\s*(?P<day>\d{{1,2}})日",
        rf"{YEAR}년\s*(?P<month>\d{{1,2}})월\s*(?P<day>\d{{1,2}})일",
        rf"\b{YEAR}\.\s{MONTH}\s{DAY}\.?",
        rf"\b{DAY}\stháng\s(?P<month>\d{{1,2}})(?:\snăm|,)?\s{YEAR}\b",
    )
)

COMING = regex.compile(
    # English
    r"\b(will|arrives?|arriving|opens?|opening|premieres?|debuts?|launches|hits?|"
    r"comes?|coming|starts?|begins?|releases|is (set|due|scheduled|slated|expected|"
    r"planned|to be|out)|are (set|due|scheduled|expected|planned|to be)|"
    r"to be (held|released|opened)|goes on sale|upcoming|kicks off|takes place|"
    r"returns|lands|runs (from|until|through)|scheduled for|"
    # German
    r"wird|werden|startet|starten|kommt|kommen|erscheint|erscheinen|beginnt|beginnen|"
    r"eröffnet|öffnet|findet|finden|soll|sollen|läuft|feiert|geplant|tritt|treten|"
    # French
    r"sort|sortira|arrive|arrivera|sera|seront|ouvre|ouvrira|débute|débutera|"
    r"commence|commencera|aura lieu|auront lieu|prévue?s?|paraîtra|est attendu|"
    # Spanish, Portuguese
    r"llega|llegará|se estrena|se estrenará|será|serán|comienza|comenzará|abre|"
    r"abrirá|empieza|empezará|tendrá lugar|se celebrará|previst[oa]s?|"
    r"chega|chegará|estreia|estreará|serão|começa|começará|acontece|acontecerá|"
    # Italian
    r"esce|uscirà|arriva|arriverà|sarà|saranno|inizia|inizierà|apre|aprirà|"
    r"comincia|debutta|debutterà|si terrà|previsti?|si svolgerà|"
    # Dutch, Nordic, Polish, Czech
    r"verschijnt|komt|opent|begint|zal|zullen|gaat|kommer|öppnar|börjar|ska|"
    r"åpner|starter|skal|åbner|begynder|będzie|odbędzie|rozpocznie|ukaże|"
    r"trafi|bude|začne|proběhne|otevře|vyjde|"
    # Russian, Ukrainian, Turkish
    r"будет|будут|выйдет|состоится|начнётся|начнется|откроется|пройдёт|пройдет|"
    r"буде|вийде|відбудеться|почнеться|olacak|başlayacak|açılacak|çıkacak)\b"
    r"|公開(される|予定)|開催(される|予定)|発売(される|予定)|始まる|開館する|オープンする|予定"
    r"|سوف|سيكون|ستكون|يبدأ|تبدأ|سيبدأ|ستبدأ|سيفتتح|سيقام|ستقام|תתקיים|יתקיים|יתחיל|ייפתח",
    regex.IGNORECASE,
)
SENTENCES = regex.compile(r"(?<=[.!?…。！？؟][\"”’»)」』]?)\s+(?=\P{Ll})|(?<=[。！？])")
LONGEST_ORDINAL = 5  # letters, with the one before it
ORDINAL = regex.compile(
    r"(?<!\d)\d{1,2}\.$|\b(?:\p{Lu}|Nr|No|St|Dr|Mr|Mrs|ca|bzw|vgl)\.$"
)


def days_in(text: str) -> Iterator[tuple[str, date]]:
    """Every full date in the text: how it is written, and the day it means."""
    for shape in SHAPES:
        for match in shape.finditer(text):
            month = match["month"].casefold()
            number = int(month) if month.isdigit() else NUMBER[month]
            try:
                yield match[0], date(int(match["year"]), number, int(match["day"]))
            except ValueError:
                continue  # 31 February: someone else's mistake


def stale_warnings(paragraphs: tuple[str, ...], now: datetime) -> tuple[str, ...]:
    """A sentence for each day that is announced as still to come and is past."""
    found: dict[str, None] = {}
    today = now.astimezone(UTC).date()
    for sentence in (s for p in paragraphs for s in _sentences(p)):
        if not COMING.search(sentence):
            continue
        for written, day in days_in(sentence):
            if day < today:
                found[
                    f"The text announces {written} as still to come, and that day is "
                    "past: a post that says so would be stale. Check the tense."
                ] = None
    return tuple(found)


def _sentences(paragraph: str) -> Iterator[str]:
    """Rough sentences; "am 12. Juli" stays in one piece."""
    held = ""
    for piece in SENTENCES.split(paragraph):
        held = f"{held} {piece}".strip() if held else piece
        if not ORDINAL.search(held[-LONGEST_ORDINAL:]):
            yield held
            held = ""
    if held:
        yield held
