"""What surrounds an article on a page and is not part of it, in several languages."""

from __future__ import annotations

from collections.abc import Sequence

import regex

LONGEST = 160  # a longer line that begins so is a sentence of the story

BEGINS = (
    # English
    r"read (more|also|next|on|the full)\b|also read\b|more (from|on)\b[^.]{0,60}$|"
    r"related( stories| articles| coverage| topics)?\s*:|see also\b|"
    r"you (may|might) also (like|enjoy)|recommended\b.{0,20}$|what to read next|"
    r"sign up\b.*\b(newsletter|for|to|here|now|today)\b|"
    r"sign up$|subscribe\b(?!rs)|join our\b|get (the|our) .{0,40}newsletter|"
    r"follow (us|@|our)\b|"
    r"follow .{1,40} on (twitter|x|facebook|instagram|threads|bluesky|mastodon|tiktok)|"
    r"like us on\b|share this\b|click here\b|download (the|our) .{0,20}app\b|"
    r"support our (work|journalism)\b|donate\b.{0,60}$|tags?\s*:|topics?\s*:|"
    r"filed under\b|advertisement\b.{0,40}$|story continues below|"
    r"continue reading\b|watch\s*:|listen\s*:|have a (news )?tip\?|"
    r"this (article|story) (was )?(originally|first) (appeared|published)|"
    r"copyright\s*(©|\(c\)|(19|20)\d\d)|©\s*(copyright\s*)?(19|20)\d\d|"
    r"all rights reserved|"
    r"(this (story|article|content) is )?(only )?(for|available to|exclusive to|"
    r"reserved for) "
    r"(our )?subscribers\b( only)?|subscribers? (only|exclusive)\b|"
    r"(article |contenu )?réservé aux? abonné|(exklusiv|nur) für abonnent|"
    r"(solo|exclusivo|contenido exclusivo) para suscriptor|"
    r"(só|apenas|exclusivo|conteúdo exclusivo) para assinante|(solo|riservato) (per|"
    r"agli) abbonati|"
    r"alleen voor abonnees|(endast )?för prenumeranter|(kun )?for abonnenter|"
    r"(vain )?tilaajille|(tylko )?dla (prenumeratorów|subskrybentów)|"
    r"(pouze )?pro předplatitele|"
    r"только для подписчиков|лише для передплатників|有料会員限定|会员专享|"
    r"this (material|article|content|story) (may|must|is) not (to )?be\b|"
    r"the (views|opinions) expressed (here|in this|by|are)\b|"
    r"(this (article|story|page|post) (was|has been|is) )?"
    r"(last updated|first published|updated)( on| at| in)?:? \d{1,2}[:.h]\d\d|"
    r"this (article|story|page|post) (was|has been) (last )?updated\b|"
    r"[<(（]?\s?(저작권자|무단\s?전재|版权|版權|著作権|無断転載|禁无断转载|©|ⓒ|\(c\))|"
    # German
    r"lesen sie (auch|mehr|hier|dazu)|mehr (zum thema|dazu|aus|lesen)\b|"
    r"(auch|das könnte sie) interessant|das könnte (sie|dich) auch|"
    r"weiterlesen\b|newsletter\b|abonnieren sie|jetzt (abonnieren|anmelden)|"
    r"melden sie sich\b.*\ban\b|folgen sie (uns|@)|folge uns|"
    r"(dieser (artikel|text|beitrag) wurde )?zuletzt aktualisiert\b|"
    r"lies auch\b|siehe auch\b|themen\s*:|schlagworte\s*:|alle rechte vorbehalten|"
    # French
    r"(à )?lire (aussi|également|la suite|plus)|voir aussi\b|sur le même sujet|"
    r"(abonnez|inscrivez)-vous\b|suivez-nous\b|partager (cet|l)|tous droits réservés|"
    # Spanish, Portuguese, Italian
    r"(lee|leer|lea) (también|más)\b|le puede interesar|te puede interesar|"
    r"suscríbe(te|ase)\b|síguenos\b|síganos\b|más información\b.{0,40}$|"
    r"todos los derechos|leia (também|mais)\b|saiba mais\b|assine\b|"
    r"inscreva-se\b|siga-nos\b|siga .{1,30} no\b|todos os direitos|"
    r"leggi (anche|di più|tutto)\b|iscriviti\b|abbonati\b|seguici\b|"
    r"potrebbe interessarti|tutti i diritti|riproduzione riservata|©\s*riproduzione|"
    # Dutch, Nordic, Polish, Czech
    r"lees (ook|meer|verder)\b|meld je aan\b|volg ons\b|läs (också|även|mer)\b|"
    r"les (også|mer)\b|læs (også|mere)\b|prenumerera\b|följ oss\b|følg oss\b|"
    r"abonner på\b|lue (myös|lisää)\b|czytaj (też|także|więcej|dalej)\b|"
    r"zobacz (też|także)\b|zapisz się\b|čtěte (také|více)\b|přečtěte si\b|"
    # Russian, Ukrainian, Turkish, Arabic, Hebrew, Japanese, Chinese, Korean
    r"читайте (также|ещё|еще|нас)|подпи(шитесь|сывайтесь)|"
    r"читайте також|підписуйтесь|ayrıca okuyun|abone ol|"
    r"اقر[أا] (أيضا|أيضًا|المزيد|ايضا)|تابعونا|اشترك|קראו (גם|עוד)|הירשמו|עקבו|"
    r"関連記事|あわせて読みたい|こちらもおすすめ|続きを読む|会員登録|フォローして|"
    r"citește (și|mai)|citiți (și|mai)|vezi și\b|olvass(a|on|uk)?\b.{0,12}(is|tovább|"
    r"még)\b|"
    r"kapcsolódó cikk|διαβάστε (επίσης|ακόμη|ακόμα|περισσότερα)|δείτε (επίσης|ακόμη)|"
    r"прочетете (още|също)|вижте (още|също)|читај(те)? (и|још)|pročitajte (i|još|"
    r"više)\b|"
    r"baca (juga|lagi|selengkapnya)\b|lihat juga\b|xem thêm\b|đọc thêm\b|mời xem|"
    r"อ่านเพิ่มเติม|อ่านต่อ|ข่าวที่เกี่ยวข้อง|อ่านข่าว|(همچنین|بیشتر) بخوانید|"
    r"আরও পড়ুন|আরো পড়ুন|ayrıca bakınız|ilgili haber|devamını oku|další čtení|"
    r"čítajte (aj|viac)|podobné články|przeczytaj (też|także|również)|"
    r"polecamy\b.{0,20}$|"
    r"推荐阅读|延伸阅读|원문 보기|"
    r"यह भी पढ़ें|相关(阅读|新闻)|更多(阅读|内容)|延伸閱讀|관련\s?기사|구독"
)

WHOLE = (
    r"share|tweet|email|e-mail|print|save|listen|comments?|\d+ comments?|copy link|"
    r"(comments|kommentare?|commentaires|comentarios|comentários|commenti|reacties|"
    r"kommentarer|"
    r"komentarze|komentáře|комментарии|коментарі|yorumlar|komentar|评论|コメント|댓글)"
    r"\s?[(:（]?\s?\d{1,6}\s?[)）]?|"
    r"advertisement|sponsored|menu|home|search|back to top|watch|gallery|"
    r"anzeige|werbung|teilen|drucken|kommentare?|publicité|partager|imprimer|"
    r"publicidad|compartir|publicidade|compartilhar|pubblicità|condividi|"
    r"advertentie|delen|annons|reklame|reklama|реклама|поделиться|広告|シェア|"
    r"\d+\s*(min(ute)?s?|minuten|minutes|minuti|minutos)\.?\s*"
    r"(read|lesezeit|de lecture|di lettura|de lectura|de leitura|leestijd)|"
    r"((published|posted|updated|last updated)\s)?"
    r"(an?|\d{1,3})\s(min(ute)?|hour|day|week)s?\sago|"
    r"vor \d{1,3} (minuten?|stunden?|tagen?)|il y a \d{1,3} (minutes?|heures?|jours?)|"
    r"hace \d{1,3} (minutos?|horas?|días?)|há \d{1,3} (minutos?|horas?|dias?)|"
    r"\d{1,3} (minuti|ore|giorni) fa|\d{1,3} (minuten|uur|dagen) geleden|"
    r"för \d{1,3} (minuter|timmar|dagar) sedan|"
    r"\d{1,3} (минут\w?|час\w{0,2}|дн\w{1,2}) назад|"
    r"\d{1,3}\s?(分钟|小时|天)前|\d{1,3}\s?(分|時間|日)前|\d{1,3}\s?(분|시간|일) 전|"
    r"(lesezeit|reading time|temps de lecture|tiempo de lectura|tempo de leitura|"
    r"tempo di "
    r"lettura|leestijd|lästid|læsetid|lesetid|lukuaika|czas czytania|doba čtení|"
    r"olvasási idő|"
    r"timp de citire|χρόνος ανάγνωσης|время чтения|час читання|okuma süresi|waktu baca|"
    r"thời gian đọc|وقت القراءة|זמן קריאה|阅读时间|"
    r"読了時間)\s?[:：]?\s?\d{1,3}\s?\p{L}{0,9}\.?|[-–—]\s?\d{1,3}\s?[-–—]|"
    r"(page|seite|pagina|página|strona|strana|sida|side|sivu|oldal|sayfa|страница|"
    r"стр\.?|"
    r"сторінка|halaman|trang)\s?\d{1,3}(\s?(of|von|de|di|sur|van|av|af|z|/|из|з|"
    r"dari)\s?\d{1,3})?|"
    r"第\s?\d{1,3}\s?[页頁]|[-–—*#_=~•·.\s]{1,40}|-+\s?30\s?-+|"
    r"[a-z]{2,4}(/[a-z]{2,4}){1,3}|ends?|\[?end\]?"
)

STARTS = regex.compile(rf"[\s>»→▶•*\-–—|\[(]*(?:{BEGINS})", regex.IGNORECASE)
ALONE = regex.compile(rf"(?:{WHOLE})\s*:?", regex.IGNORECASE)


CORRECTION = regex.compile(
    r"(?:corrections?(?: and clarifications?)?|clarification|editor['’]s note|"
    r"korrektur|berichtigung|hinweis der redaktion|"
    r"anm(?:erkung|\.) d(?:er|\.) red\w*\.?|"
    r"rectificatif|précision|note de la rédaction|corrección|rectificación|"
    r"fe de errat(?:as|a)|nota de la redacción|errata corrige|rettifica|correzione|"
    r"correção|errata|nota da redação|rectificatie|correctie|rättelse|rettelse|"
    r"retting|oikaisu|sprostowanie|oprava|исправление|поправка|уточнение|від редакції|"
    r"düzeltme|تصحيح|תיקון(?: טעות)?|सुधार|訂正|更正|정정)\s*[:：.—–-]",
    regex.IGNORECASE,
)
LONGEST_CORRECTION = 600


def is_correction(line: str) -> bool:
    """Whether a line says what an earlier version had wrong: told, never quoted."""
    text = line.lstrip(" *_([")
    return len(text) <= LONGEST_CORRECTION and CORRECTION.match(text) is not None


def correction_warning(lines: Sequence[str]) -> str:
    """A sentence for the editor where the story was corrected, else nothing."""
    told = " ".join(lines)
    return f"The story was corrected. It says: “{told}”" if told else ""


def is_boilerplate(line: str) -> bool:
    """Whether a line is an invitation, a menu, a copyright or a rule, not the story."""
    text = line.strip()
    if len(text) > LONGEST:
        return False
    return bool(ALONE.fullmatch(text) or STARTS.match(text))
