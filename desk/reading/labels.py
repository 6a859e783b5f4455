"""Words by which newsrooms, press offices and mail label a line, by language.

Data, not rules: each table is one kind of label, in the languages whose papers we know
of. They are compared without case, quote marks and dashes as typed (`folding.fold`).
"""

from __future__ import annotations

from functools import cache

import regex

from desk.reading.folding import fold

BEGINNING = 200  # letters that are looked at; no label is half as long

# a name follows, behind a colon: "Texte : Inès Caron", "Haber: Ayşe Yılmaz"
BYLINE_LABELS = """
byline|by-line|signature line|by|written by|words by|words|story by|story|text by|text
report by|report
reported by|
reporting by|reporting|reporter|author|authors|writer
written and photographed by
column by
analysis by|interview by|review by|words and photos|words and pictures
photos and text
von|texte|autor|autorin|autoren|bericht|bericht von|kommentar von
verfasst von|interview
es berichtet|text und fotos|aufgezeichnet von|redakteur|redakteurin
reportage von
par|texte de|auteur|autrice|auteure|propos recueillis par|recueilli par
reportage
rédigé par|un article de|article de|écrit par|journaliste|signé
por|texto|texto de|autora|autores|redactado por|escrito por|entrevista de
reportagem
reportagem de|crónica de|una crónica de|redactor|redactora|periodista
jornalista|redação
di|testo|testo di|testi|autore|autrice|a cura di|articolo di|servizio di
intervista di
scritto da
redatto da|giornalista|door|tekst|tekst door|geschreven door|verslag
verslaggever
redacteur
av|text av|skribent|skrivet av|journalist|skriven av|af|tekst af|skrevet af
skrevet av
tekst av
teksti|kirjoittaja|kirjoittanut|toimittaja|juttu|eftir|texti|höfundur
tekst i foto
opracowanie|oprac.|oprac|opr.|napisał|napisała|rozmawiał|rozmawiała|przygotował
przygotowała
autorka|napsal|napsala|připravil|připravila|napísal|napísala|írta|szerző
szöveg|riporter
scris de|de|redactat de|un articol de|γράφει|γράφει ο|γράφει η|συντάκτης
συντάκτρια
κείμενο|ρεπορτάζ
επιμέλεια|του|της|των|haber|yazan|yazı|yazar|muhabir|metin|röportaj|hazırlayan
kaleme alan
автор|авторы|автор статьи|текст|текст подготовил|подготовил|подготовила
корреспондент
корр.|журналист
авторка|автори|автор тексту|підготував|підготувала|журналіст|журналістка
кореспондент
кореспондентка
репортаж|от|автор на текста|piše|pišu|napisao|napisala|piše i snima|avtor
besedilo
tekst napisao|пише|пишу
بقلم|كتب|كتبت|كتابة|تقرير|إعداد|اعداد|الكاتب|الكاتبة|المؤلف|تحرير|حوار|متابعة
نویسنده|به قلم|گزارش|گزارشگر|خبرنگار|نوشته|نویسندگان|تحریر|رپورٹ
מאת|כתב|כתבת|הכתב|כותב|כותבת|המחבר
लेखक|लेखिका|द्वारा|रिपोर्ट|रिपोर्टर|संवाददाता|लेखन|প্রতিবেদক|লেখক|লিখেছেন
প্রতিবেদন
எழுதியவர்|రచయిత
oleh|penulis|teks|laporan|pewarta|wartawan|ditulis oleh|jurnalis|kontributor
nulis
tác giả|bài|bài viết|người viết|phóng viên|thực hiện|bài và ảnh|nhà báo|biên tập
โดย|เรื่อง|ผู้เขียน|ผู้สื่อข่าว|เขียนโดย|รายงานโดย
作者|文|撰文|记者|記者|本报记者|本報記者|文字|采写|採訪|报道|通讯员|文・写真
取材|取材・文|執筆|筆者|写真・文
글|글쓴이|기자|취재|작성자|필자
ავტორი|ტექსტი|ჟურნალისტი|հեղինակ|autorius|tekstas|autors|teksts|autor teksta
kirjutas
mwandishi|na
"""

# a name follows, with a space alone: "By Ines Calloway", "Oleh Siti Rahma"
BYLINE_WORDS = """
analysis by|review by|interview by|explainer by|feature by|dispatch by
words and pictures by
analyse von|bericht von|reportage von|interview von|analyse de|analyse par
reportage de|récit de|enquête de|análisis de|reportaje de|crónica de|reportagem de
análise de|analisi di|servizio di|reportage di|analyse door|analys av|analyse av
analyse af
kirjoittanut|teksti|napisał|napisała|napsal|napsala|oprac.|opr.|подготовил|подготовила
підготував|підготувала|автор|tekst|skrevet av|skrevet af|skriven av
by|words by|story by|text by|written by|reported by|reporting by|report by
von|par|por
di|de|da
door|av|af|przez|oleh|eftir|piše|pišu|írta|yazan|haber|γράφει ο|γράφει η
γράφουν|του
της|των|από τον|από την
от|пише|текст|propos recueillis par|recueilli par|a cura di|texto de
texte de|testo di
scris de|geschreven door
bởi|tác giả|โดย|เรื่อง|เขียนโดย|بقلم|كتب|كتبت|به قلم|מאת|द्वारा|نوشته|撰文
記者|记者
本报记者|ავტორი
"""

# a story is announced by press offices
RELEASES = """
for immediate release|press release|news release|media release|media statement
press statement
press notice|press announcement|media advisory|media alert|for release|news from
press information
for immediate use|not for immediate release|pressemitteilung|presseinformation
presseerklärung
medienmitteilung|medieninformation|pressemeldung|presseaussendung
presse-information
pressetext
communiqué de presse|communiqué|pour diffusion immédiate
pour publication immédiate
information presse
nota de prensa|comunicado de prensa|comunicado|para publicación inmediata
para difusión inmediata
nota de imprensa|comunicado de imprensa|comunicado à imprensa
press release oficial
para divulgação imediata
comunicato stampa|nota stampa|per diffusione immediata|persbericht
persmededeling
voor onmiddellijke publicatie
pressmeddelande|pressinformation|pressemeddelelse|pressemelding|lehdistötiedote
tiedote|mediatiedote
komunikat prasowy|informacja prasowa|tisková zpráva|tisková informace
tlačová správa
sajtóközlemény
comunicat de presă|δελτίο τύπου|ανακοίνωση|basın bülteni|basın açıklaması
пресс-релиз
для немедленного распространения
сообщение для прессы|пресреліз|прес-реліз|прессъобщение|съобщение за медиите
priopćenje za medije|saopštenje za javnost
sporočilo za javnost|بيان صحفي|بيان صحافي|للنشر الفوري|اطلاعیه مطبوعاتی
הודעה לעיתונות
הודעה לתקשורת
प्रेस विज्ञप्ति|siaran pers|siaran media|kenyataan media|thông cáo báo chí
ข่าวประชาสัมพันธ์|ข่าวแจก
新闻稿|新聞稿|新闻通稿|即时发布|プレスリリース|報道発表|報道資料
ニュースリリース|보도자료|პრესრელიზი
"""

# not before a time; what follows says until when
EMBARGOES = """
embargo|embargoed|embargoed until|embargo until|embargo lifts|under embargo
strictly embargoed|strict embargo
under strict embargo|strictly under embargo|not for publication before
not for publication until
not for release before|not for release until
not for broadcast or publication before
hold for release|hold until
do not publish before|do not publish until|do not release before|for release on
for release at|for release after
for publication after|not to be published before|embargo date
embargo time|embargoed for|embargoed to|embargoed till
sperrfrist|sperrvermerk|gesperrt bis|freigabe ab|veröffentlichung erst
bitte nicht vor
sous embargo|embargo jusqu'au|embargo jusqu'à|ne pas publier avant
ne pas diffuser avant|embargo strict
embargado|embargado hasta|embargo hasta|bajo embargo|no publicar antes
no difundir antes|embargada hasta
embargado até|embargo até|sob embargo|não publicar antes|não divulgar antes
sotto embargo|embargo fino|embargo al|non pubblicare prima|non diffondere prima
in embargo
onder embargo|embargo tot|niet publiceren voor|niet voor publicatie voor
embargo till|under embargo till|får ej publiceras före|får inte publiceras före
publiceras tidigast
embargo til|må ikke offentliggøres før|må ikke publiseres før|klausuleret til
julkaisuvapaa|embargo päättyy|ei saa julkaista ennen|julkistettavissa
embargo do|zakaz publikacji|publikacja po|do publikacji po|nie publikować przed
embargo platí do|nezveřejňovat před
embargó|embargó alatt|nem közölhető|embargo până|a nu se publica înainte
εμπάργκο
εμπάργκο έως|να μη δημοσιευθεί
ambargo|ambargolu|yayın yasağı|tarihinden önce yayımlanmamalıdır|эмбарго
эмбарго до
не публиковать до|не для публикации до
ембарго|ембарго до|не публікувати до|под ембарго|حظر النشر|محظور النشر
ممنوع النشر قبل
تحت الحظر|ممنوع از انتشار
אמברגו|באמברגו|אין לפרסם לפני|प्रतिबंधित|एम्बार्गो|embargo hingga|embargo sampai
jangan dipublikasikan sebelum|dilarang disiarkan sebelum
cấm công bố|cấm phát hành trước|không đăng trước|ห้ามเผยแพร่ก่อน|งดเผยแพร่ก่อน
報道解禁|解禁日時|公表解禁|禁发|禁止发布|发布时间不得早于|禁運|엠바고
보도 유예|보도시점
"""

# somebody's view, in its author's voice
OPINIONS = """
opinion|comment|commentary|editorial|op-ed|oped|column|columnist|viewpoint
guest essay
guest column|letter|letters
letter to the editor|the view|our view|leader|leading article|perspective|essay
comment is free|first person
meinung|kommentar|leitartikel|kolumne|gastbeitrag|gastkommentar|essay|glosse
standpunkt|ein kommentar|leserbrief
tribune|éditorial|édito|opinion|chronique|point de vue|billet|libre opinion
carte blanche|idées
opinión|columna|columna de opinión|editorial|tribuna|artículo de opinión
carta al director|punto de vista
opinião|coluna|artigo de opinião|artigo|crônica|crónica|opinione|l'opinione
commento
editoriale|il commento|rubrica|l'editoriale
opinie|column|commentaar|ingezonden|hoofdredactioneel|ledare|debatt|krönika
kolumn
kommentar|insändare|debattartikel
leder|kronikk|meninger|debat|kronik|mening|klumme|synspunkt|mielipide
pääkirjoitus
kolumni|kommentti|näkökulma
opinia|komentarz|felieton|publicystyka|názor|komentář|sloupek|komentár|vélemény
publicisztika|jegyzet|opinie|editorial|părere
γνώμη|άποψη|απόψεις|άρθρο γνώμης|görüş|köşe yazısı|yorum|başyazı|мнение|колонка
комментарий|передовица|от редакции
думка|погляд|блог|коментар|мнение|коментар|komentar|kolumna|mišljenje|stav
mnenje|رأي
مقال رأي|مقالة رأي|افتتاحية|وجهة نظر|یادداشت|دیدگاه|سرمقاله
דעה|דעות|טור דעה|מאמר מערכת|פרשנות|राय|विचार|संपादकीय|दृष्टिकोण|opini
tajuk rencana
kolom|ý kiến|quan điểm|bình luận|xã luận
ความเห็น|ความคิดเห็น|บทความ|บทบรรณาธิการ|评论|評論|社论|社論|观点|觀點|時評
时评|社説|オピニオン|論説|コラム|寄稿|사설
칼럼|오피니언|기고|시론
"""

# somebody paid for it
PAID = """
sponsored|sponsored content|paid content for|paid content by|partner content by
sponsored content from|sponsored post|sponsored by|paid content|paid post
paid partnership|paid for by|partner content|brand content
branded content|advertorial|advertisement feature|advertising feature|promoted
promoted content|promotion|in association with|in partnership with|presented by
ad feature|paid advertisement|supported content|native advertising
anzeige|werbung|bezahlter beitrag|bezahlter inhalt|gesponsert
gesponserter inhalt
publireportage|advertorial|sponsored story|entgeltliche einschaltung|promotion
publi-rédactionnel|publirédactionnel|contenu sponsorisé|contenu partenaire
publicité
article sponsorisé|publi-reportage|communiqué partenaire|contenu de marque
contenido patrocinado|patrocinado|publirreportaje|contenido de marca|publicidad
remitido|conteúdo patrocinado|publieditorial|conteúdo de marca|publicidade
informe publicitário|conteúdo publicitário
contenuto sponsorizzato|pubbliredazionale|pubblicità|informazione pubblicitaria
contenuto a pagamento|gesponsord|gesponsorde inhoud|betaalde inhoud|advertentie
partnerbijdrage|branded
annons|sponsrat innehåll|betalt innehåll|annonsörsinnehåll|native annons|annonce
annoncørbetalt indhold|sponsoreret indhold|annonsørinnhold|betalt innhold|mainos
kaupallinen yhteistyö|maksettu mainos
artykuł sponsorowany|materiał sponsorowany|materiał partnera|treść sponsorowana
reklama|komerční sdělení|placená inzerce|inzerce|reklamný článok|hirdetés
támogatott tartalom|fizetett tartalom|conținut sponsorizat|publicitate
advertorial
διαφήμιση|χορηγούμενο|χορηγούμενο περιεχόμενο|reklam|sponsorlu içerik
advertorial
на правах рекламы|реклама|партнерский материал|партнёрский материал|спецпроект
на правах реклами|партнерський матеріал|платена публикация|plaćeni oglas
sponzorirani sadržaj|promo
محتوى مدفوع|محتوى برعاية|إعلان|مادة إعلانية|رپورتاژ آگهی|تبلیغات|תוכן שיווקי
תוכן ממומן|בשיתוף|प्रायोजित|विज्ञापन|konten bersponsor|advertorial
artikel sponsor
iklan|nội dung tài trợ|bài quảng cáo|quảng cáo|thông tin doanh nghiệp
บทความประชาสัมพันธ์|เนื้อหาสนับสนุน|โฆษณา
广告|廣告|推广|推廣|赞助内容|廣編特輯|広告|pr|提供記事|タイアップ|記事広告
광고|협찬|유료 콘텐츠
"""

SUBJECTS = """
subject|re|betreff|betr.|objet|asunto|assunto|oggetto|onderwerp|ämne|emne
aihe|temat
předmět|predmet|tárgy|subiect|θέμα|konu|тема|الموضوع|موضوع|נושא|विषय|perihal
subjek
chủ đề|主题|主題|主旨|件名|제목
"""
MAIL_HEADERS = """
from|to|cc|bcc|sent|date|reply-to|attachments|attachment|importance|sent from
on behalf of|von|an|kopie|gesendet|datum|anlagen|antwort an
de|à|envoyé|envoyé le|date|pièces jointes|copie à|para|enviado|enviado el|fecha
adjuntos|responder a|enviada em|data|anexos
da|a|inviato|inviato il|allegati|data|van|aan|verzonden|bijlagen|från|till
skickat
kopia|bilagor|fra|til|sendt|kopi|vedlegg|vedhæftet|dato
lähettäjä|vastaanottaja|lähetetty|päivämäärä|kopio|od|do|wysłano|dw
załączniki|komu
odesláno|dátum|feladó|címzett|küldve|másolat
de la|către|trimis|από|προς|στάλθηκε|ημερομηνία|kimden|kime|gönderildi|tarih
bilgi|от
кому|отправлено|дата|копия|від|надіслано
من|إلى|التاريخ|أرسلت|מאת|אל|נשלח|תאריך|dari|kepada|tanggal|dikirim|từ|đến
ngày|จาก|ถึง
วันที่|发件人|收件人|发送时间|抄送|日期|寄件者|收件者|差出人|宛先|日時
送信日時|보낸 사람|받는 사람|날짜
"""

GREETINGS = """
dear|hi|hello|good morning|good afternoon|greetings|hey|to whom it may concern
sehr geehrte|sehr geehrter|liebe|lieber|guten tag|hallo|guten morgen
bonjour|cher|chère|chers|chères|madame|monsieur|mesdames|estimado|estimada
estimados
estimadas|hola|buenos días|buenas tardes|querido|querida|caro|cara|caros|prezado
prezada|prezados|olá|bom dia|boa tarde
gentile|gentili|buongiorno|egregio|egregi|spettabile|spett.le|salve|cari
geachte|beste
goedemorgen|hej|bästa|kära|kjære|hei|kære|goddag|hyvä|hyvät|arvoisa|arvoisat
szanowni
szanowny|szanowna|dzień dobry|drodzy
vážení|vážený|vážená|dobrý den|tisztelt|kedves|stimate|stimată|stimați|bună ziua
αγαπητοί|αγαπητέ|καλημέρα|sayın|merhaba|уважаемые|уважаемый|уважаемая
здравствуйте
добрый день|шановні|шановний|добрий день|вітаю|уважаеми|поштовани|poštovani
spoštovani
السادة|السيد|السيدة|عزيزي|مرحبا|تحية طيبة|שלום|לכבוד|प्रिय|महोदय|yth.|yth
kepada yth
selamat pagi|kính gửi|xin chào|เรียน|สวัสดี|尊敬的|您好|各位|各位
お世話になっております|報道関係者各位|報道各位|記者各位|관계자 여러분|안녕하세요
"""

POLITE = """
i hope|hope you|hope this|we hope|please see our|please note|as discussed|as promised
as requested|here is|here's|below is|attached you will find|ich hoffe|wie besprochen
hier die|hier der|hier das|im folgenden|j'espère|comme convenu|voici|espero que
como acordamos
spero che|come d'accordo|ecco|zoals besproken|hoop dat|som avtalat|här är|som aftalt
her er
kuten sovittiin|tässä|zgodnie z|oto|jak jsme|ahogy|așa cum|όπως|как договаривались
як домовлялися
please find|find below|find attached|please see|see below|attached is
attached please
i hope this|hope you are well|hope this finds|we are pleased to share
for your information|fyi
anbei|im anhang|nachfolgend|untenstehend|hiermit übersenden|bitte finden sie
mit der bitte um|veuillez trouver|vous trouverez|ci-dessous|ci-joint|adjunto
a continuación|le adjunto|les adjunto|les remitimos|le remito|segue abaixo
segue em anexo|em anexo|encaminho|seguem
in allegato|di seguito|vi inviamo|vi inoltro|si trasmette|hierbij|bijgaand
onderstaand
hieronder|nedan följer|bifogat|här kommer|vedlagt|nedenfor|vedhæftet|hermed
ohessa
alla on|liitteenä|w załączeniu|poniżej przesyłam|przesyłam|w załączniku
v příloze|níže
posíláme|mellékelten|csatoltan|atașat|mai jos|vă transmitem|παρακαλώ βρείτε
επισυνάπτεται|ekte|aşağıda
направляем|во вложении|ниже|высылаем|надсилаємо|у вкладенні|нижче|приложено
изпращаме
مرفق|تجدون|أدناه|מצורף|להלן|कृपया|terlampir|berikut kami|vui lòng|đính kèm
โปรด|附件|请查收
請查收|以下|下記|첨부|아래
"""

SIGN_OFFS = """
with kind regards|with best regards|with thanks|yours|yours truly|med vänlig hälsning
vänlig hälsning|bästa hälsningar|med venlige hilsner|mange hilsner|met groet
viele grüsse|herzlich|beste grüsse|liebe grüße|mit freundlichem gruß|très cordialement
sincèrement|un abrazo|saludos cordiales y gracias|cordialmente|un caro saluto
s přátelským pozdravem|z pozdrowieniami|parhain terveisin|cu deosebită considerație
с уважение|მადლობა|salam hormat|thân mến|ด้วยความเคารพ
kind regards|best regards|regards|warm regards|best wishes|best|many thanks
thanks
thank you|yours sincerely|yours faithfully|sincerely|cheers|all the best
with best wishes
mit freundlichen grüßen|mit freundlichen grüssen|freundliche grüße
freundliche grüsse
beste grüße|viele grüße|herzliche grüße|mfg|mit besten grüßen|vielen dank
cordialement|bien cordialement|bien à vous|salutations|meilleures salutations
sincères salutations|merci|saludos|un saludo|saludos cordiales|atentamente
cordialmente|gracias|un cordial saludo
atenciosamente|cumprimentos|com os melhores cumprimentos|melhores cumprimentos
obrigado|obrigada|abraços|cordiali saluti|distinti saluti|saluti|un saluto
grazie
met vriendelijke groet|met vriendelijke groeten|vriendelijke groeten
hartelijke groet
groeten|bedankt
med vänliga hälsningar|vänliga hälsningar|vänligen|hälsningar|mvh
med vennlig hilsen
vennlig hilsen|hilsen|med venlig hilsen|venlig hilsen|vh|ystävällisin terveisin
terveisin|kiitos|yhteistyöterveisin|z poważaniem|pozdrawiam|z wyrazami szacunku
serdecznie pozdrawiam
s pozdravem|s úctou|děkuji|s pozdravom|üdvözlettel|tisztelettel|köszönettel
cu stimă
cu respect|mulțumesc|με εκτίμηση|ευχαριστώ|saygılarımla|iyi çalışmalar
teşekkürler
с уважением|с наилучшими пожеланиями|спасибо|з повагою|дякую|с уважение
s poštovanjem
lep pozdrav|srdačan pozdrav
مع التحية|مع خالص التحية|تحياتي|وتفضلوا بقبول|با احترام|בברכה|תודה|सादर|धन्यवाद
hormat kami|salam|terima kasih|trân trọng|xin cảm ơn|ขอแสดงความนับถือ|ขอบคุณ
此致|敬礼|谢谢
敬具|以上|よろしくお願いいたします|감사합니다
"""

CONTACTS = """
contact|contacts|media contact|media contacts|press contact|press contacts
media enquiries|press enquiries|media inquiries|press inquiries
for more information
for further information|for further details|for media enquiries
for press enquiries
for more information contact|for further information contact
for further information please contact|for more information please contact
press office|media relations|further information|enquiries|contact information
contact details
pressekontakt|kontakt|ansprechpartner|ansprechpartnerin|kontakt für medien
medienkontakt|rückfragen|für rückfragen|rückfragehinweis|weitere informationen
pressestelle|kontakt presse|rückfragen an|ihr ansprechpartner
contact presse|contacts presse|contacts|relations presse|service de presse
contact médias|renseignements|pour plus d'informations|pour en savoir plus
informations presse
contacto|contacto de prensa|contacto prensa|contacto para prensa|más información
para más información|gabinete de prensa|departamento de prensa|prensa
contato|contatos
contato para imprensa|contacto de imprensa|assessoria de imprensa
mais informações
para mais informações|informações à imprensa
contatto stampa|contatti stampa|contatti|ufficio stampa|per informazioni
per ulteriori informazioni|informazioni|perscontact|contact pers
voor meer informatie
meer informatie|contactpersoon|noot voor de pers
presskontakt|kontakt|kontaktperson|kontaktpersoner|för mer information
mer information
ytterligare information|pressekontakt|for mer informasjon
for yderligere oplysninger
yderligere oplysninger|kontaktinformasjon|lisätietoja|lisätiedot|yhteystiedot
mediayhteydet|yhteyshenkilö
kontakt dla mediów|kontakt prasowy|biuro prasowe|więcej informacji
dodatkowych informacji udziela|kontakt pro média|kontakty|tiskový mluvčí
více informací|tiskové oddělení|kontakt pre médiá|sajtókapcsolat
további információ
kapcsolat|contact pentru presă|persoană de contact|informații suplimentare
επικοινωνία
πληροφορίες|γραφείο τύπου
iletişim|basın iletişim|detaylı bilgi için|ayrıntılı bilgi|контакты
контакты для сми
контактное лицо|пресс-служба|дополнительная информация|контакти|контакти для змі
пресслужба|прес-служба|додаткова інформація|за повече информация|за контакти
kontakt za medije|za više informacija|za dodatne informacije
للتواصل|للتواصل الإعلامي|للتواصل الاعلامي|للاستفسارات|للاستفسارات الإعلامية
استفسارات الإعلام|التواصل الإعلامي|للمزيد من المعلومات|جهة الاتصال|المكتب الإعلامي
للاتصال
لمزيد من المعلومات
تماس|اطلاعات تماس|ליצירת קשר|לפרטים נוספים|איש קשר|דוברות|संपर्क
अधिक जानकारी के लिए
मीडिया संपर्क|kontak|kontak media|narahubung|informasi lebih lanjut
untuk informasi lebih lanjut|hubungi|liên hệ|thông tin liên hệ
mọi chi tiết xin liên hệ|liên hệ báo chí|ติดต่อ|สอบถามข้อมูลเพิ่มเติม
ข้อมูลเพิ่มเติม
联系人|媒体联系|联系方式|聯絡人|新聞聯絡人|媒體聯絡|お問い合わせ
お問い合わせ先|本件に関するお問い合わせ|本件に関するお問い合わせ先
問い合わせ先
報道関係者お問い合わせ先|문의|문의처|담당자|연락처
"""

NOTES = """
notes to editors|note to editors|notes to editor|notes for editors
editors' notes
editor notes|boilerplate|forward-looking statements|image captions
hinweise für redaktionen|hinweis für redaktionen|hinweise an die redaktion
hinweis an die redaktionen|anmerkungen für redakteure|redaktioneller hinweis
bildmaterial
note aux rédactions|notes aux rédacteurs|note aux rédacteurs|note à la rédaction
notes à l'éditeur|notas a los editores|nota a los editores|notas para editores
nota para redactores|notas aos editores|nota aos editores|notas para redacção
nota para la redacción
note per i redattori|note per le redazioni|nota per i redattori
nota per la redazione
note agli editori|noot voor de redactie|noot aan de redactie|noot voor redacties
niet voor publicatie|till redaktionen|information till redaktionen
til redaktionen
til redaksjonen|tiedoksi toimituksille|huomautus toimituksille
informacje dla redakcji|nota dla redaktorów|informacja dla redakcji
poznámka pro redakce|poznámky pro editory|megjegyzés a szerkesztőknek
note pentru editori|notă pentru redactori|σημείωση για τους συντάκτες
editörlere not
editöre not|примечание для редакторов|к сведению редакций
примітка для редакторів|бележка за редакторите|ملاحظات للمحررين
ملاحظة للمحررين|הערה לעורכים|संपादकों के लिए नोट|catatan untuk editor
catatan redaksi
lưu ý cho biên tập viên|หมายเหตุถึงบรรณาธิการ
编者注|编辑须知|致编辑|編輯備註|編集者への注記|報道関係者の皆様へ|편집자 주
편집자 참고
"""

# the house behind a release tells about itself: the name follows
ABOUT = """
about|über|zu|à propos de|à propos d'|à propos du|à propos|acerca de|sobre
sobre la
sobre el|sobre o|sobre a|informazioni su|chi è|chi siamo|about us|over|om
tietoja
tietoa|yrityksestä|o|o firmie|o společnosti|o spoločnosti|despre|σχετικά με
hakkında
о компании|об|про|про компанію|за|о нама|o nama|نبذة عن|حول|عن|درباره|אודות|על
के बारे में|tentang|giới thiệu về|về|เกี่ยวกับ|关于|關於|について|会社概要|소개
"""

# the fields of a desk's own form, as they are pasted with it
HEADLINE_FIELDS = """
headline|title|hed|working headline|suggested headline|überschrift|titel|schlagzeile
titre|título|titular|titolo|título sugerido|manchete|kop|rubrik|overskrift|tittel
otsikko|tytuł|nagłówek|titulek|cím|titlu|τίτλος|başlık|заголовок|заглавие|العنوان|عنوان
כותרת|शीर्षक|judul|tajuk|tiêu đề|พาดหัว|标题|標題|見出し|タイトル|제목
"""
STANDFIRST_FIELDS = """
standfirst|dek|deck|subhead|subheading|sub-headline|subheadline|strapline|summary|intro
vorspann|teaser|unterzeile|untertitel|chapô|chapeau|sous-titre|subtítulo|entradilla
bajada
copete|linha fina|linha de apoio|sottotitolo|sommario|catenaccio|inleiding|intro|ingress
underrubrik|ingres|manchet|ingressi|lid|zajawka|podtytuł|perex|podtitulek|bevezető|alcím
subtitlu|υπότιτλος|spot|alt başlık|подзаголовок|лид|підзаголовок|подзаглавие
العنوان الفرعي
מבוא|כותרת משנה|उपशीर्षक|subjudul|ringkasan|sapo|tóm tắt|โปรย|导语|副标题|摘要|リード
부제|리드
"""
BODY_FIELDS = """
body|body copy|body text|article|article text|story|copy|full text|text|haupttext
artikel
artikeltext|corps|corps du texte|texte|cuerpo|texto|cuerpo de la nota|corpo
corpo do texto
testo|tekst|hoofdtekst|brödtext|brødtekst|leipäteksti|treść|text článku|szöveg|κείμενο
metin
текст|النص|נص|טקסט|isi|isi berita|nội dung|เนื้อหา|正文|本文|본문
"""
DESK_FIELDS = """
slug|catchline|word count|words|wordcount|length|keywords|tags|section|category|desk|url
seo title|meta description|status|version|priority|topic|topics|stichwörter|schlagwörter
ressort|rubrik|zeichen|wörter|mots-clés|rubrique|nombre de mots|signes|palabras clave
sección
categoría|palavras-chave|editoria|categoria|parole chiave|sezione|trefwoorden|rubriek
nyckelord
stikord|avainsanat|słowa kluczowe|klíčová slova|kulcsszavak|ключевые слова|рубрика
ключові слова
anahtar kelimeler|kategori|الكلمات المفتاحية|القسم|kata kunci|từ khóa|คำสำคัญ|关键词
キーワード
키워드
"""

# what a telephone or a program writes under each of its mails
FOOTERS = """
sent from my|sent from mail|sent from outlook|sent via|get outlook for|sent with
von meinem|gesendet von|gesendet mit|diese nachricht wurde von meinem|envoyé de mon
envoyé depuis|envoyé à partir de|obtenir outlook|enviado desde mi|enviado desde
enviado do meu
enviado a partir do|enviado de mi|obtener outlook|inviato da|inviato dal mio
verstuurd vanaf
verzonden vanaf|verzonden met|skickat från min|skickat från|sendt fra min|sendt fra
lähetetty|wysłane z|wysłano z|odesláno z|odoslané z|iphone'omról küldve|trimis de pe
στάλθηκε από|iphone'umdan gönderildi|отправлено с|отправлено из|надіслано з|изпратено от
أرسلت من|أُرسلت من|נשלח מה|dikirim dari|được gửi từ|ส่งจาก|发自我的|從我的
iphoneから送信
나의 iphone에서 보냄
"""

# "On Monday, Ann Lee wrote:", above a mail that is answered
WROTE = """
wrote|writes|schrieb|a écrit|écrit|escribió|escreveu|ha scritto|schreef|skrev|kirjoitti
napisał|napisała|napisał(a)|napsal|napsala|napísal|írta|a scris|έγραψε|yazdı|şunu yazdı
написал
написала|пишет|написав|писав|написа|كتب|כתב|כתבה|लिखा|menulis|đã viết|เขียนว่า|写道|寫道
のメール|님이 작성
"""

ENDS = """
ends|end|the end|-30-|30|###|# # #|ende|ende der mitteilung
ende der pressemitteilung
fin|fin du communiqué|fin de la nota|fim|fine|fine comunicato|einde|slut
slutt|loppu
koniec|konec|vége|sfârșit|τέλος|son|конец|кінець|край|kraj|konec sporočila
انتهى|پایان
סוף|समाप्त|selesai|tamat|hết|จบ|完|全文完|以上|終わり|끝
"""

# who mended the words; readers are told who wrote them
EDITORS = """
editing by|editor|editors|edited by|additional reporting by|compiled by
with agencies
redaktion|redigiert von|édité par|édition|edición|editado por|edição
a cura della redazione
eindredactie|redigering|toimitus|redakcja|redakce|редактор|редактура
редактор текста
تحرير|עריכה|संपादन|editor bahasa|biên tập|编辑|责任编辑|责编|編輯|责任编校
校对|编审|来源|來源
編集|편집|편집자
"""

# what stands around a story on its page, pasted with it
FURNITURE = """
explore more on these topics|reuse this content|most viewed|comments are closed
scroll to continue|scroll to continue with content|view all|see all|show more|load more
les commentaires sont fermés|vous aimez cet article ?|la suite après la publicité
kommentare sind geschlossen|los comentarios están cerrados|mehr laden|mehr anzeigen
voir plus|ver más|ver mais|mostra altro|meer laden|visa fler|vis mer|vis mere
sdílet článek|diskuse|megosztás|distribuie|κοινοποίηση|σχόλια|споделете|коментари|分享至
skip to content|skip to main content|skip to navigation|menu|main menu
breaking|breaking news|watch live|live tv|e-paper|your account|weather|video|videos
photos|podcasts
share on facebook|share on x|share on twitter|share on whatsapp|share by email|bookmark
add to favourites|read later|gift this article|report an error|text size|in this article
navigation|home page
sign in|log in|login|register|sign up|my account|subscribe|subscribe now
search|close|open menu
share this|share this article|share article|copy link|link copied
save article|listen to this article
comments|view comments|add a comment|leave a comment|most read|most popular
trending|latest|latest news|live
related topics|related|related stories|related articles|more on this story
more from|top stories
editors' picks|recommended|you may also like|read next|up next|topics|tags
cookies|cookie settings
accept all|reject all|privacy policy|terms of use|terms and conditions
about us|contact us|advertise with us
zum inhalt springen|zum inhalt|menü|anmelden|registrieren|abo|abonnieren
suche|suchen|schließen
auf facebook teilen|auf x teilen|per e-mail teilen|link kopieren|drucken|feedback
anhören
zur startseite|zum seitenanfang|zurück zur übersicht|eilmeldung|live-ticker|ticker
artikel teilen|teilen|merken|vorlesen|kommentare|meistgelesen|mehr zum thema
auch interessant|empfohlen
impressum|datenschutz|agb|startseite|newsletter
aller au contenu|aller au contenu principal|se connecter|connexion|s'abonner
s'inscrire|recherche|fermer
accueil|partager|partager l'article|écouter|commentaires|les plus lus|réagir
réagir à cet article|enregistrer|imprimer|offrir l'article|partager sur facebook
partager sur x
à lire aussi|lire plus tard|en continu|en direct
à la une|sur le même sujet|mentions légales
saltar al contenido|ir al contenido|iniciar sesión|suscríbete|suscribirse
buscar|cerrar|inicio|compartir
comentarios|lo más leído|lo más visto|te puede interesar|aviso legal|guardar|imprimir
compartir en facebook|compartir en x|compartir en whatsapp|copiar enlace|última hora
escuchar
política de privacidad
pular para o conteúdo|ir para o conteúdo|entrar|assine|buscar|fechar
compartilhar|comentários|mais lidas|compartilhar no whatsapp|compartilhar no facebook
compartilhar no x|compartilhar no twitter|compartilhar no telegram|partilhar|copiar link
salvar
veja também|veja mais|últimas notícias|ao vivo|ouvir|imprimir
vai al contenuto|salta al contenuto|accedi|abbonati|cerca|chiudi|condividi
commenti|i più letti|home|condividi su facebook|condividi su whatsapp|stampa|salva
ascolta
ultime notizie|in diretta|leggi dopo
naar inhoud|direct naar inhoud|inloggen|abonneren|zoeken|sluiten|delen
reacties|meest gelezen|bewaren|deel dit artikel|kopieer link|net binnen|reageer
till innehållet|hoppa till innehåll|logga in|prenumerera|sök|stäng|dela
kommentarer|mest läst|spara|lyssna|kopiera länk|dela artikeln|senaste nytt|annons
gå til indhold|hopp til innhold|log ind|logg inn|søg|søk|luk|lukk|del
mest læst|mest lest|gem|lagre|lytt|kopier link|kopier lenke|del artikkel|siste nytt
seneste nyt
siirry sisältöön|kirjaudu|tilaa|haku|sulje|jaa|luetuimmat|przejdź do treści
zaloguj się|szukaj|zamknij|udostępnij
najczęściej czytane|přejít na obsah|přihlásit se|hledat|zavřít|sdílet
nejčtenější|tartalomhoz|keresés
içeriğe geç|giriş yap|abone ol|ara|kapat|paylaş|yorumlar|en çok okunanlar
перейти к содержимому
войти|подписаться|поиск|закрыть|поделиться|комментарии|самое читаемое|увійти
підписатися|пошук|поділитися
تسجيل الدخول|اشترك|بحث|مشاركة|التعليقات|الأكثر قراءة|التنقل|دخول|חיפוש
התחברות|שיתוף|תגובות
खोजें|शेयर करें|टिप्पणियाँ|masuk|daftar|cari|bagikan|komentar|terpopuler
đăng nhập|tìm kiếm|chia sẻ|bình luận
登录|注册|搜索|分享|评论|登入|註冊|搜尋|留言|ログイン|会員登録|検索|メニュー
シェア|コメント|ランキング
로그인|회원가입|검색|공유|댓글|많이 본 뉴스
"""

SECTIONS = """
news|politics|sport|sports|business|world|local|local news|culture|economy
technology
tech|health|science|education|environment|climate|entertainment|arts
lifestyle|travel
money|us news|uk news|world news|national|international|region|regional
crime|weather
home
nachrichten|politik|wirtschaft|kultur|panorama|ausland|inland|lokales|regionales
gesellschaft|wissen|wissenschaft|gesundheit|digital|feuilleton|technik|reise
umwelt
actualités|politique|économie|société|monde|sports|culture|sciences|santé
planète
régions|france|environnement|faits divers|éducation
noticias|política|economía|sociedad|internacional|deportes|cultura|ciencia|salud
tecnología|sucesos|nacional|local|economia|sociedade|mundo|esporte|esportes
desporto
ciência|saúde|tecnologia|cidades
notizie|politica|esteri|cronaca|mondo|scienza|salute|tecnologia|cultura
società|sport
nieuws|politiek|buitenland|binnenland|economie|cultuur|wetenschap|regio
nyheter|inrikes|utrikes|ekonomi|kultur|nyheder|indland|udland|økonomi|innenriks
utenriks|uutiset|kotimaa|ulkomaat|talous|urheilu|kulttuuri|politiikka
wiadomości|polityka|gospodarka|świat|kraj|kultura|sport|zprávy|domácí|zahraničí
ekonomika|belföld|külföld|gazdaság|știri|politică|externe|πολιτική|κόσμος
οικονομία
ελλάδα|gündem|siyaset|ekonomi|dünya|spor
новости|политика|экономика|общество|мир|спорт|культура|наука|происшествия|новини
політика|економіка|суспільство|світ|سياسة|اقتصاد|رياضة|محليات|أخبار|ثقافة|חדשות
פוליטיקה|כלכלה|ספורט|राजनीति|खेल|देश|दुनिया|nasional|politik|ekonomi
olahraga|dunia
thời sự|kinh tế|thế giới|thể thao|xã hội|การเมือง|เศรษฐกิจ|กีฬา|ต่างประเทศ
新闻|时政|财经|国际|体育|社会|政治|経済|国際|社会|スポーツ|文化|政治|정치
경제|사회|국제|스포츠|문화
"""


@cache
def words_of(table: str) -> frozenset[str]:
    """The labels of a table, as they are compared."""
    return frozenset(fold(one) for one in regex.split(r"[|\n]", table) if one.strip())


def is_label(text: str, table: str) -> bool:
    """Whether a line is nothing but one of these labels, in whatever frame."""
    return bare(text) in words_of(table)


def starts_with_label(text: str, table: str) -> str:
    """The longest of these labels that the text begins with, as a word; or nothing."""
    begun = unframed(text)
    found = (
        one for one in _beginning(table).get(begun[:1], ()) if begun.startswith(one)
    )
    longest = max(found, key=len, default="")
    behind = begun[len(longest) : len(longest) + 1]
    return "" if behind.isalnum() and longest[-1:].isascii() else longest


def unframed(text: str) -> str:
    """How a line begins, as it is compared, without rules and brackets before it."""
    return fold(text[:BEGINNING]).lstrip("-*_#=~ [(<>•·")


@cache
def _beginning(table: str) -> dict[str, list[str]]:
    """The labels of a table by their first letter."""
    found: dict[str, list[str]] = {}
    for one in words_of(table):
        found.setdefault(one[:1], []).append(one)
    return found


def bare(text: str) -> str:
    """A label as it is compared, without the rules, brackets and colon around it."""
    return fold(text).strip("-*_=~•·.:：!|[](){}<>\"' ■□●○◆◇▼▶★☆※【】（）「」〈〉")
