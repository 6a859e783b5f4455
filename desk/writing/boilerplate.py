"""Boilerplate: what stands in an article and is not the story."""

from __future__ import annotations

import re

ANYWHERE = re.compile(
    r"""\b(?:read\ (?:more|also|next|on)\b|sign\ up|subscribe|newsletters?\b
    |click\ (?:here|on|to)|follow\ us|all\ rights\ reserved
    |(?:use|accept|our)\ cookies|cookie\ \w+
    |(?:image|photo|picture|video|pic)s?\ (?:via|credit|courtesy|by)\b
    |getty\ images|shutterstock|(?<!\w\s)advertisement|privacy\ policy|terms\ of\ use
    |download\ (?:the|our)\ app|join\ (?:us|our)|share\ this|listen\ to\ this
    |this\ (?:article|story|post)\ (?:was|has|is|first|originally|contains|may)
    |editor['’]?s['’]?\ note|affiliate\ links?|continue\ reading|watch:
    |(?:originally|first)\ (?:published|appeared)\ (?:in|on|by)
    |lesen\ sie|mehr\ (?:zum\ thema|dazu|lesen)|jetzt\ (?:abonnieren|anmelden)
    |anmelden|abonnieren|abonnent|(?<!\w\s)anzeige[:\s]|melden\ sie\ sich|klicken\ sie
    |alle\ rechte\ vorbehalten|dieser\ (?:artikel|text|beitrag)\ |hier\ klicken
    |lire\ (?:aussi|également|la\ suite)|abonnez|inscrivez|cliquez|cet\ article
    |tous\ droits\ réservés|crédit\ photo
    |leer?\ (?:también|más)|suscr[ií]b|haz\ clic|regístrate|derechos\ reservados
    |leggi\ anche|iscriviti|abbonati|leia\ (?:também|mais)|inscreva|assine
    |lees\ (?:ook|meer|verder)|les\ også|läs\ (?:också|mer)|læs\ også
    |czytaj\ (?:też|także|więcej)|čtěte|přečtěte|baca\ juga|đọc\ thêm
    |читайте\ также|подпис(?:ывайтесь|аться)|читайте\ |підпис(?:уйтесь|атися)
    )|daha\ fazla|haberler\ için
    |اقرأ\ أيض|اشترك|تابعونا|קראו\ עוד|הירשמו|לחצו\ |लिए\ क्लिक|यह\ भी\ पढ़
    |सब्सक्राइब|続きを読む|会員登録|会員限定|無断転載|転載・|リンク先を|こちらから
    |点击|訂閱|订阅|阅读更多|責任編輯|责任编辑
    |무단\ ?전재|구독
    |©|\bhttps?://|\bwww\.|@[\w.-]+\.\w\w|►|▶|➤|→|>>""",
    re.IGNORECASE | re.VERBOSE,
)
WHOLE = re.compile(
    r"""\W*(?:\(?(?:ap|dpa|afp|reuters|apa|sda|epa|pa|ansa|efe|lusa|ntb|tt|čtk)
    (?:[/\w ,-]{0,40})\)?|by\ [A-Z][\w. -]{2,40}|von\ [A-Z][\w. -]{2,40})\W*""",
    re.IGNORECASE | re.VERBOSE,
)
CREDIT = re.compile(
    r"(?:^|[.!?(|/–—]\s*)(?:photo|foto|bild|bilder|image|picture|credit|crédit|"
    r"quelle|source)s?\s?:",
    re.IGNORECASE,
)
DATELINE = re.compile(
    r"""(?:[^\W\d_a-z][\w.,'’/\ -]{1,48}?\s?
        (?:\((?:[A-Z]{2,8}|dpa|Reuters|dpa[/-]\w+|APA|[A-Z][\w/\ .-]{1,30})\)
          |,\ \w+\ \d\d?\ \((?:\w+)\))
        \s*[-–—:.]{1,2}\s+
      | [A-ZÄÖÜ]{3,}(?:[,/ ]+[A-ZÄÖÜ][\w.]*){0,4}\s*[–—]\s*
      | [^\W\d_a-z][\w.,'’ -]{1,60}?,
        \ (?:[A-Z][\w.]{2,9}\ \d\d?|\d\d?\.?\ \w{3,9}\.?)
        (?:,?\ (?:19|20)\d\d)?\s?(?:/[\w\ .-]{2,30}/)?\s?(?:--|[–—-])\s+
      | [A-ZÄÖÜ][\w.'’-]{2,30}\ (?:AP|CNN|AFP|dpa|Reuters|EFE|ANSA|UPI|PA|TASS|Xinhua)
        \s[–—-]{1,2}\s
      | 【[^】]{1,30}】
      | [［（](?:[^］）]{0,20}(?:共同|時事|ロイター|記者)[^］）]{0,10})[］）]
      | \((?:dpa|AFP|AP|Reuters|APA|SDA|epd|KNA|sid)[\w/-]*\)\s*[-–—:]?\s*)""",
    re.VERBOSE,
)


def boilerplate(text: str) -> str:
    """The words that give it away; else nothing."""
    found = ANYWHERE.search(text) or CREDIT.search(text) or WHOLE.fullmatch(text)
    return found.group().strip() if found else ""


def dateline(text: str) -> int:
    """How many letters of a place and an agency stand before the first sentence."""
    found = DATELINE.match(text)
    return found.end() if found else 0
