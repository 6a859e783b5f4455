"""Speech: the verbs that say who said it."""

from __future__ import annotations

import re
from functools import cache

VERBS = {
    "en": """says said say adds added told tells explains explained writes wrote
        announced insists insisted argues argued warns warned claims claimed notes
        noted recalled recalls admitted admits replied asked asks states stated
        continued continues declared tweeted posted joked laughed testified agreed
        acknowledged concluded stressed emphasized emphasised quipped""",
    "de": """sagt sagte sagten erklärt erklärte erklärten betont betonte teilt
        teilte mitteilte meint meinte fügt fügte schreibt schrieb warnt warnte
        berichtet berichtete erzählt erzählte kritisiert kritisierte fordert
        forderte antwortete antwortet fragt fragte ergänzt ergänzte erläutert
        erläuterte lobt lobte zitiert zitierte hieß heißt kommentiert kommentierte
        räumte twitterte postete bekräftigte unterstrich bilanzierte kündigte findet
        resümiert resümierte""",
    "fr": """dit disait déclare déclaré explique expliqué affirme affirmé ajoute
        ajouté assure assuré estime estimé indique indiqué précise précisé raconte
        raconté souligne souligné confie confié lance lancé regrette regretté
        demande demandé répond répondu rappelle résume poursuit insiste prévient
        témoigne""",
    "es": """dice dijo afirma afirmó asegura aseguró explica explicó añade añadió
        señala señaló declara declaró cuenta contó sostiene sostuvo advierte
        advirtió destaca destacó indica indicó comenta comentó agregó subrayó
        expresó manifestó pregunta preguntó responde respondió lamenta lamentó relata
        relató""",
    "it": """dice detto afferma affermato spiega spiegato aggiunge aggiunto
        dichiara dichiarato racconta sottolinea commenta conclude scrive ricorda
        disse spiegò aggiunse""",
    "pt": """diz disse afirma afirmou explica explicou acrescenta acrescentou
        contou declarou ressaltou destacou avalia""",
    "nl": """zegt zei vertelt vertelde stelt stelde schrijft schreef aldus meldt
        meldde vindt verklaarde""",
    "nb": "sier sa forteller fortalte skriver skrev mener forklarer opplyser uttaler",
    "da": "siger sagde fortæller fortalte skriver skrev mener forklarer oplyser",
    "sv": "säger sade sa berättar skriver skrev menar förklarar uppger",
    "pl": """mówi powiedział powiedziała dodał dodała podkreślił podkreśliła
        stwierdził stwierdziła zaznaczył zaznaczyła tłumaczy wyjaśnił wyjaśniła
        napisał napisała podaje podał podała""",
    "cs": """řekl řekla uvedl uvedla dodal dodala říká popsal popsala prohlásil
        prohlásila napsal napsala vysvětlil vysvětlila""",
    "tr": "dedi diyor söyledi belirtti ifade konuştu vurguladı kaydetti",
    "ru": """сказал сказала заявил заявила отметил отметила добавил добавила
        рассказал рассказала сообщил сообщила подчеркнул подчеркнула говорит
        пояснил пояснила считает написал написала""",
    "uk": """сказав сказала заявив заявила зазначив зазначила додав додала
        розповів розповіла повідомив повідомила наголосив каже пише написав""",
    "ar": """قال قالت أضاف أضافت صرح صرحت أكد أكدت أوضح أوضحت ذكر وقال وأضاف يقول تقول
        يضيف تضيف""",
    "he": "אמר אמרה הוסיף הוסיפה מסר מסרה סיפר סיפרה כתב כתבה ציין אומר אומרת",
    "hi": "कहा बताया बोले बोलीं लिखा कहना",
    "id": "kata ujar ucap tutur jelas mengatakan katanya ungkap",
    "ms": "kata ujar katanya berkata jelas",
    "vi": "nói cho biết",
    "sw": "alisema amesema alieleza aliongeza",
    "af": "sê gesê het vertel",
    "ja": "述べ 話し 話す 語っ 語る 言う 言っ 説明し コメントし 強調し",
    "zh": "說 说 表示 稱 称 指出 强调 強調 认为 認為",
    "ko": "말했다 밝혔다 전했다 강조했다 설명했다 덧붙였다",
}
UNBOUND = frozenset({"ja", "zh", "ko"})


@cache
def verbs(language: str) -> re.Pattern[str]:
    """A verb of speech in this language; in any, where it has no list."""
    own = VERBS.get(language) or " ".join(VERBS[name] for name in ("en", "fr", "es"))
    words = "|".join(sorted(map(re.escape, own.split()), key=len, reverse=True))
    if language in UNBOUND:
        return re.compile(f"(?:{words})")
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
