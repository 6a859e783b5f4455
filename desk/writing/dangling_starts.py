"""Starts: words that lean on a sentence the reader of a post never sees."""

from __future__ import annotations

import re
from functools import cache

from desk.writing.languages import UNSPACED

LEANING = {  # an underscore joins the words of one phrase
    "en": """he she it they them him this that these those such his her hers their
        theirs its both here there then thus hence therefore so but and or nor yet
        however nevertheless nonetheless moreover furthermore besides meanwhile also
        still instead though otherwise consequently accordingly additionally likewise
        similarly conversely another others again later earlier afterwards afterward
        either neither too correct right exactly indeed now
        all_of_this all_of_that all_of_these all_of_it all_this all_that most_of_them
        most_of_these some_of_them some_of_these many_of_them one_of_them none_of_them
        each_of_them both_of_them in_addition as_a_result for_example for_instance
        in_contrast on_the_other_hand at_the_same_time after_that before_that
        because_of_this because_of_that by_contrast in_fact of_course in_other_words
        to_that_end with_that the_former the_latter the_same what's_more that's
        it's he's she's they're there's here's even_so even_then plus""",
    "de": """er sie es ihn ihm ihr ihre ihren ihrem ihrer sein seine seinen seinem
        seiner seines dies diese dieser dieses diesem diesen jene jener jenes jenem
        jenen solche solcher solches beide beides aber und oder denn doch jedoch
        allerdings dennoch trotzdem deshalb deswegen daher darum dabei damit dazu
        dafür dagegen daran darauf daraufhin darin daraus darüber dadurch danach dann
        davor davon da dort hier so somit also auch außerdem zudem ferner ebenso
        ebenfalls hingegen stattdessen inzwischen mittlerweile zuvor zuletzt später
        schließlich vielmehr derzeit dessen deren letztere letzterer ersterer seither
        seitdem hinzu immerhin währenddessen nun weiter weiters demnach demzufolge
        das_ist das_sind das_war das_waren das_hat das_hatte das_wird das_soll
        das_kann die_ist die_sind die_war die_waren die_hat die_haben
        die_wird die_werden die_wurde die_wurden der_ist der_war der_hat der_hatte
        ähnlich gleichzeitig zugleich einige_von_ihnen viele_von_ihnen
        das_sagte das_teilte das_zeigt das_heißt das_gilt das_liegt das_geht
        das_berichtet das_wäre das_würde das_macht das_bedeutet das_sei das_gelte
        zum_einen zum_anderen im_gegensatz_dazu darunter hierzu hierbei hierfür""",
    "fr": """il elle ils elles lui ce cet cette ces c'est c'était cela ça celui celle
        ceux celles son sa ses leur leurs mais et ou donc or car ainsi aussi pourtant
        cependant toutefois puis ensuite alors enfin néanmoins sinon là y en_effet
        par_ailleurs de_plus en_outre par_conséquent au_contraire en_revanche d'où
        parce_que tandis_que du_coup dès_lors pour_autant tous_deux toutes_deux
        l'un_d'eux à_l'inverse
        c'est c'était ceci dernier voilà voici""",
    "es": """él ella ellos ellas esto eso aquello este esta estos estas ese esa esos
        esas aquel aquella su sus pero y e o u así también tampoco además entonces
        luego después ahí allí aquí aunque ambos ambas ello tal tales sino por eso
        por_ello por_lo_tanto por_tanto sin_embargo no_obstante mientras_tanto
        asimismo en_cambio de_hecho es_decir a_su_vez por_su_parte por_otra_parte
        por_otro_lado al_mismo_tiempo el_mismo la_misma porque
        añadió agregó""",
    "it": """lui lei egli ella essi esse loro questo questa questi queste quello quella
        quelli quelle suo sua suoi sue ma e o però quindi dunque così anche inoltre poi
        infatti invece tuttavia perciò ciò entrambi nel_frattempo per_questo da_qui
        intanto perché
        di_conseguenza al_contrario""",
    "pt": """ele ela eles elas isso isto este esta estes estas esse essa esses essas
        aquele aquela seu sua seus suas mas e ou assim também além então depois porém
        contudo todavia entretanto portanto ambos no_entanto por_isso além_disso
        porque""",
    "nl": """hij zij ze hun haar dit dat deze die maar en of dus ook echter
        toch daarom daarna daarbij daardoor daarmee toen dan hier daar beide bovendien
        vervolgens zo""",
    "nb": """han hun det dette disse hans hennes deres men og eller så også
        likevel derfor da deretter dermed her der begge slik samtidig imidlertid""",
    "da": """han hun det dette disse de hans hendes deres men og eller så også
        derfor da derefter dermed her der begge samtidig imidlertid""",
    "sv": """han hon det detta dessa hans hennes deras men och eller så också
        därför då därefter dock här där båda samtidigt""",
    "pl": """on ona ono oni one to ten ta te tego tej tych jego jej ich ale i a lecz
        jednak też także dlatego więc potem następnie wtedy tam tu tak taki taka oba
        obie dodał dodała natomiast ponadto tymczasem zatem""",
    "cs": """on ona ono oni to ten ta ty toto tento tato tyto jeho její jejich ale a
        i však však také proto tak pak potom tam tady takový oba obě navíc zároveň
        dodal dodala přitom naopak mezitím""",
    "tr": """o bu şu bunlar onlar onun onların bunun ama ve fakat ancak ayrıca böylece
        sonra orada burada ise çünkü dolayısıyla bu_nedenle bunun_üzerine söz_konusu""",
    "ru": """он она оно они его её ее их ему ей им это этот эта эти этого этой этом
        тот та те то такой такая такие но а и однако также тоже поэтому тогда затем
        потом так там здесь тут оба обе причем причём зато кроме_того при_этом
        тем_не_менее в_связи_с_этим вместе_с_тем в_то_же_время таким_образом к_тому_же
        после_этого более_того в_свою_очередь по_его_словам по_ее_словам по_её_словам
        по их словам""",
    "uk": """він вона воно вони його її їх їм це цей ця ці той та ті але а і й однак
        також тож тому тоді потім так там тут обидва крім_того при_цьому водночас
        за_його_словами за_її_словами""",
    "ar": """هو هي هم هن هذا هذه هؤلاء ذلك تلك أولئك لكن ولكن لكنه كما ثم أيضا لذلك
        لذا بينما وهو وهي وهم وهذا وهذه وذلك وكان وكانت وأضاف وأضافت وتابع وتابعت
        وأوضح وأوضحت وأشار وأشارت وقال وقالت وأكد وأكدت ولفت وفي حيث فيما وبحسب
        وأردف ويأتي وجاء وجاءت ومن وعلى وإلى وبعد وقد ولم ولا وعن""",
    "he": """הוא היא הם הן זה זאת זו אלה אלו אבל אך אולם גם כך לכן אז ואז עוד בנוסף
        מנגד לעומת_זאת כמו_כן עם_זאת יחד_עם_זאת לדבריו לדבריה לדבריהם בין_היתר אותו
        אותה שניהם כן מאידך""",
    "hi": """वह वे यह ये इस उस इन उन इसका इसके इसकी उसका उसके उसकी उसने उन्होंने इसने
        इससे उससे इसमें उनके उनका उनकी लेकिन मगर और परंतु किंतु इसलिए फिर तब वहीं यहां
        वहां साथ_ही इसके_अलावा हालांकि दोनों""",
    "id": """dia ia mereka ini itu tersebut tetapi tapi namun dan atau juga selain
        kemudian lalu karena oleh_karena_itu sementara_itu di_sana di_sini hal_itu
        hal_ini keduanya""",
    "vi": "ông_ấy cô_ấy họ nó này đó nhưng và hoặc tuy_nhiên vì_vậy do_đó sau_đó",
    "sw": "yeye wao hii hiyo hizo huyo hao lakini na au pia hivyo baada_ya_hapo",
    "af": """hy sy hulle dit hierdie daardie maar en of ook egter daarom dan toe daar
        hier albei""",
    "ja": """これ それ あれ この その あの こうした そうした こう そう ここ そこ しかし
        だが ただ また そして 一方 さらに なお 彼 彼女 同氏 同社 同日 同じく だから
        すると このため そのため ところが でも けれど 加えて 次に 続いて では""",
    "zh": """他 她 它 他们 她们 它们 他們 她們 这 那 這 但 但是 然而 而 因此 所以 此外
        同时 同時 另外 并 並 也 其 该 該 于是 於是 接着 不过 不過 对此 對此
        随后 隨後""",
    "ko": """그는 그녀는 그 이 이는 이에 이를 이어 그러나 하지만 그리고 또 또한 한편
        따라서 그래서 그들은 이들은 이후 당시""",
}
LEANING["ms"] = LEANING["id"]
DEMONSTRATIVE = re.compile(  # Die rückte am Vormittag an: no noun, but a verb
    r"(Der|Die|Das) (?!(?:mit|seit|fast|jetzt|erst|nicht|selbst|längst|oft|zuletzt|"
    r"laut|samt|einst|meist) )[a-zäöüß]+(?:t|te|ten) (?:am|im|in|an|auf|aus|bei|mit|"
    r"nach|um|von|vor|zu|zum|zur|sich|den|dem|die|das|eine?n?|es|ihn|ihm|nun|auch|"
    r"gegen|für|über|unter|als|wie|nicht|noch|schon|sie|er|dort|da) "
)
LIST_NUMBER = re.compile(r"\d{1,2}[.)]\s")
OPENERS = " \t\u00a0“„«»”‹「『‚‘\"'([（【¿¡…-–—•*"


def leaning(text: str, language: str) -> str:
    """The word or words at the start that lean on something before; else nothing."""
    if number := LIST_NUMBER.match(text):
        return number.group().strip()
    begun = text.lstrip(OPENERS).replace("’", "'")
    if language == "de" and (lone := DEMONSTRATIVE.match(begun)):
        return lone[1]
    found = _pattern(language).match(begun)
    return found.group().strip() if found else ""


@cache
def _pattern(language: str) -> re.Pattern[str]:
    listed = LEANING.get(language) or " ".join(LEANING.values())
    phrases = {phrase.replace("_", " ") for phrase in listed.split()}
    ordered = sorted(map(re.escape, phrases), key=len, reverse=True)
    end = "" if language in UNSPACED else r"(?![\w-])"
    return re.compile(f"(?:{'|'.join(ordered)}){end}", re.IGNORECASE)
