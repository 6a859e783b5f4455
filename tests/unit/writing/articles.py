"""Small articles in ten languages, with the traps that news has."""

from __future__ import annotations

from datetime import UTC, datetime

from desk.reading.article import Block, Kind, Reading

TOLD = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def article(
    headline: str,
    *paragraphs: str,
    language: str = "en",
    standfirst: str = "",
    caption: str = "",
    credit: str = "",
    published_at: datetime | None = TOLD,
) -> Reading:
    return Reading(
        identity=f"text:{headline}",
        headline=headline,
        standfirst=standfirst,
        language=language,
        caption=caption,
        credit=credit,
        published_at=published_at,
        blocks=tuple(Block(Kind.PARAGRAPH, text) for text in paragraphs),
    )


ENGLISH = article(
    "Harbour bridge closes for nine weeks after crack is found",
    "The mornings are getting colder again, and everyone on the coast is looking "
    "forward to a quiet winter.",
    "But quiet is not what commuters will get.",
    "Engineers found a 14-centimetre crack in the harbour bridge at Port Ellery, and "
    "the city will close it for nine weeks from Monday.",
    "“We looked at every other way. There is none,” said city engineer Maria Okafor. "
    "“A crack like this doesn’t wait.”",
    "She added that 31,400 cars cross the bridge each day.",
    "“It’s a disaster for my shop,” he said. Read more about the bridge here.",
    "How will the island’s 2,300 people get to the harbour while the bridge is closed? "
    "The city plans a free ferry every 20 minutes.",
    standfirst="A free ferry will carry islanders, and repairs cost $4.2 million.",
    caption="The harbour bridge at Port Ellery seen from the island.",
    credit="Jo Park/Agency",
)
GERMAN = article(
    "Radweg am Kanal wird teurer als geplant",
    "BERLIN (dpa) - Der neue Radweg am Landwehrkanal kostet die Stadt 12,4 Millionen "
    "Euro, fast doppelt so viel wie geplant.",
    "Das teilte der Senat am 3. November mit. Er nannte als Grund vor allem die z. B. "
    "gestiegenen Preise für Stahl.",
    "„Wir haben uns bei den Brücken verrechnet“, sagte Verkehrsstadträtin Almut "
    "Behrens. „Das ist ärgerlich.“",
    "„Nein!“, rief ein Anwohner. Lesen Sie auch: So teuer wird der Winter.",
    "Wer zahlt nun für den Radweg am Kanal?",
    language="de",
    standfirst="Die Stadt zahlt fast doppelt so viel, und die Brücken fehlen noch.",
)
FRENCH = article(
    "La bibliothèque de Varenne rouvre après douze ans",
    "Fermée depuis 2014, la bibliothèque municipale de Varenne rouvre ses portes avec "
    "80 000 livres et un jardin.",
    "« C’est un rêve d’enfant ! » s’exclame Lucie Morvan. Elle sera la première à "
    "entrer.",
    "« Nous avons gardé les vieilles étagères, et tout le reste est neuf », explique "
    "l’architecte Paul Sorel. « Même l’escalier. »",
    "Lire aussi : les musées gratuits de la région.",
    language="fr",
)
SPANISH = article(
    "El tren nocturno vuelve a unir Lisboa y Madrid",
    "El tren nocturno entre Lisboa y Madrid volverá a circular en marzo, seis años "
    "después de su último viaje.",
    "«¿Quién no quiere despertarse en otra ciudad?», pregunta la ministra Inés "
    "Caldera. «Los billetes costarán desde 39 euros.»",
    "Además, habrá un vagón para bicicletas.",
    language="es",
)
RUSSIAN = article(
    "В Казани открыли самый длинный пешеходный мост",
    "В Казани открыли пешеходный мост длиной 780 метров, который соединил два берега "
    "Казанки.",
    "«Мы строили его четыре года», — сказала архитектор Алина Сафина. «И не зря».",
    "Он стоил 2,1 млрд рублей. Читайте также: новые парки города.",
    language="ru",
)
ARABIC = article(
    "مكتبة القاهرة تفتح أبوابها ليلا",
    "أعلنت مكتبة القاهرة الكبرى أنها ستفتح أبوابها حتى منتصف الليل ابتداء من الشهر "
    "المقبل. وأضافت أن الدخول مجاني.",
    "قالت مديرة المكتبة سلمى حسان: «نريد أن يجد الطلاب مكانا هادئا للقراءة كل ليلة».",
    "هل يأتي القراء إلى المكتبة ليلا؟",
    language="ar",
)
HEBREW = article(
    "הספרייה בחיפה תיפתח גם בלילה",
    'הספרייה העירונית בחיפה תיפתח מהחודש הבא עד חצות, ויו"ר המועצה תבדוק את העלות '
    "אחרי 90 יום.",
    '"אנחנו רוצים שלכל סטודנט יהיה מקום שקט ללמוד בו", אמרה מנהלת הספרייה נועה ברק.',
    "הוא לא הגיב.",
    language="he",
)
JAPANESE = article(
    "港の橋、ひび割れで九週間の通行止めに",
    "市は港の橋で長さ14センチのひび割れが見つかったとして、月曜日から九週間通行止めに"
    "すると発表した。これは異例の措置だ。",
    "市の技師の岡田真理さんは「ほかの方法はすべて検討した。時間がない。」と話した。",
    "続きを読むには会員登録が必要です。",
    language="ja",
)
CHINESE = article(
    "港口大桥因裂缝关闭九周",
    "工程师在港口大桥上发现一条14厘米长的裂缝，市政府决定从周一起关闭大桥九周。"
    "这是前所未有的。",
    "市政工程师王丽说：“我们考虑过所有其他办法，一个也行不通。”",
    language="zh",
)
HINDI = article(
    "बंदरगाह का पुल नौ हफ्ते बंद रहेगा",
    "इंजीनियरों को बंदरगाह के पुल में 14 सेंटीमीटर की दरार मिली है और शहर इसे सोमवार से "
    "नौ हफ्ते के लिए बंद करेगा। यह पहली बार है।",
    "“हमने हर दूसरा रास्ता देखा और कोई भी काम नहीं आया,” शहर की इंजीनियर मीरा जोशी ने कहा।",
    language="hi",
)
ALL = (
    ENGLISH,
    GERMAN,
    FRENCH,
    SPANISH,
    RUSSIAN,
    ARABIC,
    HEBREW,
    JAPANESE,
    CHINESE,
    HINDI,
)
