"""Pages that show no story but a notice: consent, a challenge, an error, a sign-in.

A notice is known by what it says, whatever page it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from desk.reading.article import Block
from desk.reading.folding import fold

TITLE = 70  # letters; a longer title is a headline
BEFORE, AFTER = 6, 3  # blocks of a page that are looked into
SENTENCES = 900  # letters of one paragraph of a notice


class Notice(StrEnum):
    CONSENT = "consent"
    CHALLENGE = "challenge"
    MISSING = "missing"
    SIGN_IN = "sign in"
    BLOCKER = "ad blocker"
    BARRED = "barred"
    ADVERT = "advert"


BANNERS = frozenset((Notice.CONSENT, Notice.SIGN_IN, Notice.BLOCKER))  # over stories
SAID = {
    Notice.CONSENT: "The page asks for consent to cookies and shows no article: paste "
    "the article's text instead.",
    Notice.CHALLENGE: "The site checks whether a person is reading and shows no "
    "article: paste the article's text instead.",
    Notice.MISSING: "The site says that there is no such page, so there is no article: "
    "check the link, or paste the article's text.",
    Notice.SIGN_IN: "The page asks to sign in or subscribe and shows no article: paste "
    "the article's text instead.",
    Notice.BLOCKER: "The page asks to allow advertising and shows no article: paste "
    "the article's text instead.",
    Notice.BARRED: "The site does not show the article from here: paste the article's "
    "text instead.",
    Notice.ADVERT: "The page shows an advertisement before the article: paste the "
    "article's text instead.",
}

# What a paragraph of a notice says, in words that no story puts so: a line is what must
# stand in it, with + between, and with | between what will do.
NOTICES = {
    Notice.CONSENT: """
partners + store|process|access + on your device|on a device|personal data|cookies
we use cookies|this site uses cookies|this website uses cookies|our site uses cookies
accept cookies|accept all cookies|reject all cookies|manage cookies|\
cookie settings + you|your
withdraw consent|withdraw your consent|withdraw my consent
enables tracking technologies
you agree|you consent|you accept + cookies|our terms|privacy policy + click|continu|\
email|using
partner + verarbeiten|speichern + personenbezogene|auf ihrem gerät|auf deinem gerät|\
endgerät|cookies
mit werbung + tracking|weiterlesen|weiter lesen
ohne werbetracking|ohne tracking + abo|euro|monat
wir verwenden cookies|wir nutzen cookies|wir setzen cookies|verwendet cookies
ihre zustimmung|ihre einwilligung|deine zustimmung|deine einwilligung + widerruf|\
cookies|jederzeit|datenschutz
partenaires + cookies|stocker|traiter|traitons|utilisons + informations|données|\
technologies|cookies
nous utilisons des cookies|ce site utilise des cookies
votre consentement|votre accord + cookies|retirer|données
gérer mes cookies|accepter les cookies|refuser les cookies|continuer sans accepter
socios + almacenamos|tratamos|procesamos|accedemos|utilizamos + cookies|dispositivo|\
datos
aceptar las cookies|aceptar cookies|rechazar las cookies|configurar cookies|\
configuración de cookies
utilizamos cookies|usamos cookies|este sitio utiliza cookies
tu consentimiento|su consentimiento + retirar|revocar|cookies
partner|fornitori|terze parti + archiviamo|utilizziamo|trattiamo|conserviamo + \
cookie|dispositivo|dati
utilizziamo i cookie|utilizziamo cookie|questo sito utilizza cookie|usa i cookie
accetta i cookie|accettare i cookie|rifiuta tutti|gestisci i cookie
tuo consenso|suo consenso + revocare|cookie
parceiros + armazenamos|utilizamos|processamos|usamos + cookies|dispositivo|dados
utilizamos cookies|usamos cookies|este site utiliza cookies|este site usa cookies
aceitar cookies|aceitar os cookies|aceitar todos
partners + slaan|verwerken|gebruiken + cookies|apparaat|gegevens
wij gebruiken cookies|we gebruiken cookies|wij plaatsen cookies|\
deze site gebruikt cookies
accepteer cookies|cookies accepteren|alle cookies
uw toestemming|je toestemming + cookies|intrekken
våra partner + cookies|enhet|lagrar|personuppgifter
vi använder cookies|vi använder kakor|acceptera alla|godkänn alla
samarbejdspartnere|partnere + cookies|informasjonskapsler|lagrer|enhet|\
personopplysninger|personoplysninger
vi bruger cookies|vi bruker cookies|vi bruker informasjonskapsler|accepter alle|\
godta alle
käytämme evästeitä|hyväksy kaikki|kumppanimme + evästei|laittee
partnerzy|partnerami|partnerów + przechowuj|przetwarza|cookie|urządzeni
używamy plików cookie|korzystamy z plików cookie|wykorzystujemy pliki cookie
partneři|partnery + ukládáme|zpracováváme|cookie|zařízení
používáme cookies|používáme soubory cookie|využíváme cookies
partnereink + sütik|cookie|eszköz|adatok
sütiket használ|cookie-kat használ
partenerii noștri|partenerii nostri + cookie|dispozitiv|date
folosim cookie|utilizăm cookie|folosim module
συνεργάτες μας + cookies|συσκευή|δεδομένα
χρησιμοποιούμε cookies|χρησιμοποιεί cookies
ortaklarımız + çerez|cihaz|veri
çerez kullan|çerezleri kabul|çerezler kullan|çerezleri kullan
партнёр|партнер + cookie|куки|устройств|персональн + мы|наши|нашими
используем cookie|используем файлы cookie|использует файлы cookie|использует cookie
партнери + cookie|пристро|персональн + наші|ми
використовуємо cookie|використовуємо файли cookie|використовує файли cookie
партньори + бисквитки|cookie|устройство
използваме бисквитки|използва бисквитки
شركاؤنا|شركائنا + ملفات تعريف|جهازك|البيانات|الكوكيز
نستخدم ملفات تعريف الارتباط|يستخدم ملفات تعريف الارتباط|نستخدم الكوكيز
شرکای ما + کوکی|دستگاه|داده
از کوکی استفاده|از کوکی‌ها استفاده
שותפינו|השותפים שלנו + עוגיות|cookies|מכשיר|מידע
משתמשים בעוגיות|משתמש בעוגיות|משתמשת בעוגיות|משתמשים ב-cookies
पार्टनर|साझेदार|भागीदार + कुकी|डिवाइस
कुकीज़ का उपयोग|कुकीज का उपयोग|कुकीज़ का इस्तेमाल|कुकी का उपयोग
mitra kami + cookie|perangkat|data
kami menggunakan cookie|situs ini menggunakan cookie
đối tác của chúng tôi|đối tác + cookie|thiết bị|dữ liệu + chúng tôi
sử dụng cookie
พันธมิตร + คุกกี้|อุปกรณ์
ใช้คุกกี้
合作伙伴|合作夥伴 + cookie|设备|設備|裝置|数据|數據
使用cookie|使用 cookie
パートナー + cookie|クッキー|デバイス|端末
クッキーを使用|cookieを使用|クッキーを利用|cookieを利用|cookie（クッキー）を使用
파트너 + 쿠키|기기|개인정보
쿠키를 사용
""",
    Notice.CHALLENGE: """
you are human|you are a human|you are not a robot|you're human|you're not a robot|\
not a bot
review the security of your connection
checking your browser
enable javascript and cookies
javascript + disabled|enabled|enable|turn on|required|blocked + browser|cookies|\
continue|reload
access to this page has been denied
using automation tools
unusual traffic from|unusual activity from
complete the captcha|solve the captcha|complete the security check
ein mensch|kein roboter + bestätigen|überprüfen|sicherheit|sie
aktivieren sie javascript|javascript aktivieren|javascript ist deaktiviert
ungewöhnlichen datenverkehr|ungewöhnliche aktivität
êtes humain|êtes un humain|pas un robot
activer javascript|activez javascript|javascript est désactivé
eres humano|es humano|no eres un robot|no es un robot
activa javascript|habilite javascript|habilitar javascript|active javascript
sei umano|non sei un robot
abilita javascript|attiva javascript|abilitare javascript
é humano|não é um robô
ative o javascript|habilite o javascript
mens bent|geen robot
schakel javascript in|javascript inschakelen
är en människa|inte en robot|er et menneske|ikke en robot|et robotti|olet ihminen
jesteś człowiekiem|nie jesteś robotem|włącz javascript
jste člověk|nejste robot|zapněte javascript|povolte javascript
hogy nem robot|engedélyezze a javascript
sunteți om|nu sunteți robot|activați javascript
είστε άνθρωπος|δεν είστε ρομπότ
robot olmadığınızı|insan olduğunuzu|javascript'i etkinleştir
вы не робот|вы человек|вы — человек|включите javascript
ви не робот|ви людина|увімкніть javascript
не сте робот|сте човек
أنك لست روبوت|أنك إنسان|لست برنامج روبوت
ربات نیستید|انسان هستید
אינך רובוט|שאתה אנושי|אתה לא רובוט
रोबोट नहीं|आप इंसान
bukan robot|anda manusia
không phải là robot|không phải rô bốt|bạn là người
ไม่ใช่โปรแกรมอัตโนมัติ|ไม่ใช่หุ่นยนต์
ロボットではない|ロボットでは ない|人間であること
不是机器人|不是機器人|您是真人|你是真人
로봇이 아닙니다|로봇이 아닌|사람인지 확인
""",
    Notice.MISSING: """
page|article|story + you are looking for|you were looking for|you're looking for|\
you requested|you tried to|you followed
may have been moved|might have been moved|may have been removed|\
may have been deleted|could have been moved|may have been renamed
page doesn't exist|page does not exist|page no longer exists|\
page could not be found|page was not found|page not found|page cannot be found|\
story is no longer available|article is no longer available|\
page is no longer available
find that page|find this page|find the page|find that article|find the article|\
find that story + can't|cannot|couldn't|could not|unable|sorry
seite|artikel + nicht gefunden|existiert nicht|gibt es nicht|nicht mehr verfügbar|\
nicht mehr vorhanden|gelöscht oder|verschoben oder|gesuchte
page|article + n'existe pas|n'existe plus|introuvable|n'a pas été trouvé|\
que vous recherchez|que vous cherchez|a été supprimé ou|a été déplacé
página|artículo|contenido + no existe|no se encuentra|no se encontró|no encontrada|\
que buscas|que busca|ha sido eliminada o|ha sido movida
pagina|articolo + non esiste|non è stata trovata|non trovata|che stai cercando|\
che cerchi|è stata rimossa o|è stata spostata
página|artigo|conteúdo + não existe|não foi encontrad|não encontrad|que procura|\
que você procura|foi removida ou
pagina|artikel + niet gevonden|bestaat niet|bestaat niet meer|die u zoekt|\
die je zoekt|niet meer beschikbaar
sidan|artikeln + hittas inte|hittades inte|finns inte|du söker|du letar
siden|artikkelen|artiklen + finnes ikke|findes ikke|ikke funnet|ikke fundet|\
du leter etter|du leder efter
sivua ei|sivu, jota etsit|sivua, jota
strona|artykuł + nie istnieje|nie została znaleziona|nie znaleziono|której szukasz
stránka|článek + neexistuje|nebyla nalezena|nebyl nalezen|kterou hledáte
oldal|cikk + nem található|nem létezik|keresett
pagina|articolul + nu a fost găsit|nu există|pe care o căutați|pe care îl căutați
σελίδα + δεν βρέθηκε|δεν υπάρχει|που ψάχνετε|που αναζητάτε
sayfa|haber + bulunamadı|mevcut değil|aradığınız
страниц|материал|статья + не найден|не существует|была удалена|был удал|которую вы ищете
сторінк|матеріал|стаття + не знайден|не існує|видален
страница|статия + не е намерена|не съществува|която търсите
الصفحة + غير موجودة|لم يتم العثور|التي تبحث عنها
صفحه|مطلب + یافت نشد|پیدا نشد|وجود ندارد
העמוד|הדף|הכתבה + לא נמצא|אינו קיים|לא קיים|שחיפשת
पेज|पृष्ठ + नहीं मिल|मौजूद नहीं
halaman + tidak ditemukan|tidak tersedia|yang anda cari
trang|bài viết + không tồn tại|không tìm thấy|bạn tìm kiếm
ไม่พบหน้า|หน้าที่คุณ
页面|頁面|网页|網頁 + 不存在|未找到|找不到|无法找到|已删除|已刪除
ページ|記事 + 見つかりません|存在しません|削除され|お探しの
페이지|기사 + 찾을 수 없|존재하지 않|삭제되
""",
    Notice.SIGN_IN: """
log in|sign in|register|subscribe|create an account|create your account|\
create a free account + to continue|to read|to keep reading|to view|to access|\
to unlock
already a subscriber|already a member|already subscribed|already have an account|\
already registered
only available to subscribers|only for subscribers|for subscribers only|\
reserved for subscribers|for members only
forgot your password|forgot password|forgotten your password
enter your email|enter your password|enter your username
bereits abonnent|schon abonnent|bereits registriert|bereits kunde|schon registriert
anmelden|einloggen|registrieren + um weiterzulesen|um den artikel|zum weiterlesen|\
passwort
passwort vergessen
déjà abonné|déjà un compte|déjà inscrit
connectez-vous|identifiez-vous|abonnez-vous|créez un compte + pour lire|\
pour continuer|pour accéder|pour poursuivre
réservé aux abonnés|réservée aux abonnés
mot de passe oublié
ya eres suscriptor|eres suscriptor|ya tienes cuenta|ya está suscrito
inicia sesión|inicie sesión|suscríbete|regístrate + para
solo para suscriptores|sólo para suscriptores|exclusivo para suscriptores + seguir|\
leer|contenido
olvidaste tu contraseña|olvidó su contraseña
sei già abbonato|già abbonato|hai già un account
accedi|abbonati|registrati + per continuare|per leggere
password dimenticata
já é assinante|já sou assinante|já tem conta
faça login|assine|cadastre-se + para continuar|para ler
exclusivo para assinantes
al abonnee|bent u abonnee|ben je abonnee|al een account
log in|inloggen|registreer + om verder te lezen|om te lezen|om dit artikel
wachtwoord vergeten
redan prenumerant|är du prenumerant|allerede abonnent|er du abonnent
logga in|logg inn|log ind + för att läsa|för att fortsätta|for å lese|for at læse
glömt lösenord|glemt passord|glemt adgangskode
kirjaudu sisään + lukeaksesi|jatkaaksesi|tilaajille
masz już konto|masz subskrypcję|zaloguj się + aby|żeby
již máte předplatné|máte předplatné|přihlaste se + abyste|číst
jelentkezzen be|jelentkezz be
autentificați-vă|conectați-vă + pentru
συνδεθείτε|είστε συνδρομητής
giriş yapın|abone misiniz|abone olun + okumak|devam
уже подписаны|войдите|авторизуйтесь|зарегистрируйтесь + чтобы|читать|продолж|подписк
забыли пароль
увійдіть|зареєструйтесь + щоб
влезте|регистрирайте се + за да
سجل الدخول|سجّل الدخول + لمتابعة|للقراءة|للمتابعة|لقراءة
וורדו|התחברו|כבר מנוי + להמשך|לקריאה|כדי
लॉग इन करें|लॉगिन करें + पढ़ने
silakan masuk|masuk untuk|sudah berlangganan
đăng nhập để
เข้าสู่ระบบเพื่อ
登录后|登錄後|登入後|请登录|請登入
有料会員|会員限定|ログインして|ログインすると|会員登録すると|会員登録が必要
로그인이 필요|로그인 후|로그인하
""",
    Notice.BLOCKER: """
ad blocker|adblocker|ad-blocker|ad blocking|adblock + you|your|disable|detected|\
turn off|please
allow ads on|enable ads on
werbeblocker|adblocker|ad-blocker + deaktivieren|ausschalten|erkannt|abschalten|aktiv
bloqueur de publicité|bloqueur de pub|adblock + désactive|détecté|votre
bloqueador de anuncios|bloqueador de publicidad|adblock + desactiv|deshabilit|tu|su
ad blocker|adblock|blocco della pubblicità + disattiva|disabilita
bloqueador de anúncios|adblock + desative|desabilite
adblocker|advertentieblokker + uitschakelen|gedetecteerd|schakel
annonsblockerare|annonseblokkering|annonseblokkerer|annonceblokker|reklameblokker
mainoksenesto
blokowanie reklam|adblock|blokady reklam + wyłącz|wykry
blokování reklam|adblock + vypněte
reklámblokkoló|reklám blokkoló
blocare reclame|adblock + dezactiv
блокировщик|блокировки рекламы|adblock + отключите|отключить
блокувальник|adblock + вимкніть
reklam engelleyici
مانع الإعلانات|حاجب الإعلانات
חוסם פרסומות
विज्ञापन अवरोधक|एड ब्लॉकर
pemblokir iklan
trình chặn quảng cáo
広告ブロック
广告拦截|廣告攔截|广告屏蔽
광고 차단
""",
    Notice.BARRED: """
due to legal reasons|for legal reasons + unavailable|not available|access
european economic area|general data protection regulation + access cannot|\
cannot be granted|unavailable|not available
not available in your country|not available in your region|\
unavailable in your region|unavailable in your country
access denied + permission|reference|server
in ihrem land + nicht verfügbar
dans votre pays|dans votre région + pas disponible|indisponible
en su país|en tu país|en tu región + no está disponible
nel tuo paese|nel suo paese + non disponibile|non è disponibile
no seu país|na sua região + não está disponível|indisponível
в вашем регионе|в вашей стране + недоступ
""",
}

# What the title or the headline of such a page says, with little around it.
TITLES = {
    Notice.CHALLENGE: """
just a moment
attention required
verify you are human|verifying you are human|verify you are a human|are you a robot
one more step|security check|checking your browser|pardon our interruption
un instant|einen moment
один момент
""",
    Notice.MISSING: """
404|410 + error|not found|fehler|erreur|gefunden|page|seite|página|pagina|oops
page not found|page can't be found|page cannot be found|page unavailable|\
page doesn't exist|page does not exist
article not found|story not found|content not found|no longer available + page|\
article|story|content
find that page|find this page|find the page|find that article|find that story
seite nicht gefunden|seite wurde nicht gefunden|seite existiert nicht|\
artikel nicht gefunden
page non trouvée|page introuvable|page inexistante|page n'existe|article introuvable
página no encontrada|página no existe|no se encontró la página|no encontramos la página
página não encontrada|página não existe
pagina non trovata|pagina niet gevonden|pagina negăsită|pagina nu a fost găsită
sidan hittades inte|sidan kunde inte hittas|sidan finns inte|siden finnes ikke|\
siden findes ikke|siden ble ikke funnet|siden blev ikke fundet
sivua ei löyt
nie znaleziono strony|strona nie istnieje|strona nie została znaleziona
stránka nenalezena|stránka nebyla nalezena|stránka neexistuje
oldal nem található
η σελίδα δεν βρέθηκε|η σελίδα δεν υπάρχει
sayfa bulunamadı
страница не найдена|страница не существует|страницата не е намерена
сторінку не знайдено|сторінка не знайдена
الصفحة غير موجودة|لم يتم العثور على الصفحة
صفحه یافت نشد
העמוד לא נמצא|הדף לא נמצא
पेज नहीं मिला|पृष्ठ नहीं मिला
halaman tidak ditemukan
không tìm thấy trang
ไม่พบหน้า
页面不存在|页面未找到|頁面不存在|找不到页面|找不到頁面|页面找不到
ページが見つかりません
페이지를 찾을 수 없
""",
    Notice.BARRED: """
401|403|451 + error|unavailable|forbidden|denied|access
access denied|access forbidden|403 forbidden
unavailable due to legal reasons|unavailable for legal reasons
""",
    Notice.CONSENT: """
we value your privacy|we care about your privacy|cookie consent|cookie settings|\
privacy settings|before you continue
mit werbung weiter|weiter mit werbung|datenschutz-einstellungen|\
datenschutzeinstellungen|cookie-einstellungen
avec votre accord|respectons votre vie privée|gestion des cookies
valoramos tu privacidad|valoramos su privacidad|configuración de cookies|\
tu privacidad es importante
rispettiamo la tua privacy|la tua privacy è importante|valorizamos a sua privacidade
uw privacy|vi värdesätter din integritet|vi respekterer dit privatliv|\
vi respekterer ditt privatliv
szanujemy twoją prywatność|cenimy twoją prywatność|respektujeme vaše soukromí
мы ценим вашу конфиденциальность|gizliliğinize değer veriyoruz
""",
    Notice.SIGN_IN: """
log in to|sign in to|log in or|sign in or|login to|subscribe to read|\
subscribe to continue
melden sie sich an|connectez-vous|inicia sesión|inicie sesión|iniciar sesión|\
accedi al tuo|effettua il login|faça login|inloggen|logga in|logg inn|log ind|\
kirjaudu sisään|zaloguj się|přihlášení|bejelentkezés|autentificare|σύνδεση|\
giriş yap|авторизация|войдите|увійдіть|تسجيل الدخول|התחברות|ログイン|로그인|登录|\
登入
""",
}
# A title that says nothing else.
ALONE = {
    Notice.SIGN_IN: "login|log in|sign in|sign up|register|subscribe|anmelden|\
anmeldung|"
    "einloggen|connexion|se connecter|inscription|acceso|accesso|accedi|entrar|acessar|"
    "вход|войти|вхід|увійти|masuk|đăng nhập|เข้าสู่ระบบ|ورود|כניסה",
    Notice.MISSING: "404|not found|error|fehler|erreur|errore|erro|ошибка|error 404",
    Notice.BARRED: "access denied|forbidden",
    Notice.ADVERT: "advertisement|advertising|anzeige|werbung|publicité|publicidad|"
    "pubblicità|publicidade|advertentie|annons|annonse|annonce|mainos|reklama|reklám|"
    "reklam|publicitate|διαφήμιση|реклама|إعلان|تبلیغ|פרסומת|विज्ञापन|iklan|quảng cáo|"
    "โฆษณา|广告|廣告|広告|광고",
}

_Line = tuple[tuple[str, ...], ...]


def _lines(table: str) -> tuple[_Line, ...]:
    return tuple(
        tuple(tuple(part.strip().split("|")) for part in line.split(" + "))
        for line in table.strip().splitlines()
    )


_SAYS = {kind: _lines(table) for kind, table in NOTICES.items()}
_ENTITLED = {kind: _lines(table) for kind, table in TITLES.items()}


def _says(text: str, lines: tuple[_Line, ...]) -> bool:
    return any(
        all(any(word in text for word in words) for words in line) for line in lines
    )


def notice_in(text: str) -> Notice | None:
    """What a paragraph asks or says in place of a story; None where it tells one."""
    if len(text) > SENTENCES:
        return None
    folded = fold(text)
    return next((kind for kind, lines in _SAYS.items() if _says(folded, lines)), None)


def notice_titled(titles: Iterable[str]) -> Notice | None:
    """What a page says by its title or headline alone that it is."""
    for title in map(fold, titles):
        for kind, alone in ALONE.items():
            if title.strip(" .!?") in alone.split("|"):
                return kind
        for kind, lines in _ENTITLED.items():
            if len(title) <= TITLE and _says(title, lines):
                return kind
    return None


def without_notices(blocks: Sequence[Block]) -> tuple[list[Block], list[Notice]]:
    """The blocks that tell a story, and what the others say.

    A notice stands before a story, or after it. Of the words of an error page only as
    much is believed as the rest allows: a story may tell of a page that was deleted.
    """
    edges = (*range(BEFORE), *range(len(blocks) - AFTER, len(blocks)))
    found = {
        place: notice
        for place in edges
        if 0 <= place < len(blocks) and (notice := notice_in(blocks[place].text))
    }
    letters = [len(block.text) for block in blocks]
    said = sum(letters[place] for place in found)
    banners = {p for p, n in found.items() if n in BANNERS or 2 * said > sum(letters)}
    kept = [block for place, block in enumerate(blocks) if place not in banners]
    return kept, [found[place] for place in sorted(banners)]
