"""Timeliness: words and dates that may no longer be true when a post goes live."""

from __future__ import annotations

import re
from datetime import date

WORDS = {
    "en": """today tonight tomorrow yesterday this_morning this_afternoon this_evening
        this_week last_week next_week this_weekend last_weekend""",
    "de": """heute morgen gestern vorgestern übermorgen diese_woche dieser_woche
        vergangene_woche vergangener_woche letzte_woche nächste_woche
        nächster_woche""",
    "fr": """aujourd'hui demain hier ce_matin ce_soir après-demain avant-hier
        cette_semaine la_semaine_dernière la_semaine_prochaine ce_week-end""",
    "es": """hoy mañana ayer anoche anteayer esta_semana la_semana_pasada
        la_próxima_semana""",
    "it": """oggi domani ieri stasera stamattina questa_settimana la_scorsa_settimana
        la_settimana_scorsa la_prossima_settimana""",
    "pt": "hoje amanhã ontem esta_semana nesta_semana na_semana_passada",
    "nl": "vandaag morgen gisteren vanavond deze_week vorige_week volgende_week",
    "nb": "i_dag i_morgen i_går i_kveld denne_uka denne_uken forrige_uke neste_uke",
    "da": "i_dag i_morgen i_går i_aften denne_uge sidste_uge næste_uge",
    "sv": """idag i_dag imorgon i_morgon igår i_går ikväll denna_vecka förra_veckan
        nästa_vecka""",
    "pl": "dzisiaj dziś jutro wczoraj w_tym_tygodniu w_zeszłym_tygodniu",
    "cs": "dnes zítra včera tento_týden minulý_týden příští_týden",
    "tr": "bugün yarın dün bu_hafta geçen_hafta gelecek_hafta",
    "ru": """сегодня завтра вчера послезавтра позавчера на_этой_неделе
        на_прошлой_неделе на_следующей_неделе""",
    "uk": "сьогодні завтра вчора цього_тижня минулого_тижня",
    "ar": "اليوم غدا غدًا أمس هذا_الأسبوع الأسبوع_الماضي الأسبوع_المقبل",
    "he": "היום מחר אתמול הערב השבוע בשבוע_שעבר בשבוע_הבא",
    "hi": "आज कल परसों इस_सप्ताह पिछले_सप्ताह इस_हफ्ते पिछले_हफ्ते",
    "id": """hari_ini besok kemarin malam_ini pekan_ini pekan_lalu minggu_ini
        minggu_lalu""",
    "ja": "今日 明日 昨日 きょう あす きのう 今週 先週 来週",
    "zh": "今天 明天 昨天 今日 昨日 明日 本周 上周 下周",
    "ko": "오늘 내일 어제 이번_주 지난주 다음_주",
}
UNBOUND = frozenset({"ja", "zh", "ko"})
MONTHS = {
    name: number
    for number, listed in enumerate(
        (
            "january jan januar januari janvier enero gennaio janeiro января",
            "february feb februar februari février febrero febbraio fevereiro февраля",
            "march mar märz maart mars marzo março марта",
            "april apr avril abril aprile апреля",
            "may mai mei mayo maggio maio maj мая",
            "june jun juni juin junio giugno junho июня",
            "july jul juli juillet julio luglio julho июля",
            "august aug augustus août agosto августа",
            "september sep sept septembre septiembre settembre setembro сентября",
            "october oct oktober octobre octubre ottobre outubro октября",
            "november nov novembre noviembre novembro ноября",
            "december dec dezember décembre diciembre dicembre dezembro декабря",
        ),
        start=1,
    )
    for name in listed.split()
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DATES = (
    re.compile(rf"\b(?P<m>{MONTH})\.? (?P<d>\d\d?)(?:st|nd|rd|th)?,? (?P<y>\d{{4}})"),
    re.compile(
        rf"\b(?P<d>\d\d?)(?:\.|er|st|nd|rd|th)? (?:of |de )?(?P<m>{MONTH})\.?,?"
        r" (?:de |del )?(?P<y>\d{4})"
    ),
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(r"(?P<y>\d{4})年(?P<m>\d\d?)月(?P<d>\d\d?)日"),
    re.compile(r"\b(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4})\b"),
)


def time_word(text: str, language: str) -> str:
    """The first word that is only true on one day, as “today”; else nothing."""
    listed = WORDS.get(language, WORDS["en"]).split()
    words = "|".join(re.escape(word.replace("_", " ")) for word in listed)
    bound = ("", "") if language in UNBOUND else (r"(?<!\w)", r"(?!\w)")
    found = re.search(f"{bound[0]}(?:{words}){bound[1]}", text.replace("’", "'"), re.I)
    return found.group() if found and not _is_noun(found.group(), language) else ""


def past_date(text: str, today: date, told: date | None = None) -> date | None:
    """A date in full that has passed; not one that had, when the article was told."""
    for day in dates(text):
        if day < today and not (told and day <= told):
            return day
    return None


def dates(text: str) -> list[date]:
    """Every day that a text names with its year."""
    found = []
    for pattern in DATES:
        for match in pattern.finditer(text.casefold()):
            month = match["m"]
            number = int(month) if month.isdigit() else MONTHS[month]
            try:
                found.append(date(int(match["y"]), number, int(match["d"])))
            except ValueError:
                continue  # 31.02.2026 is no day
    return found


def _is_noun(word: str, language: str) -> bool:
    """German: der Morgen."""
    return language == "de" and word == "Morgen"
