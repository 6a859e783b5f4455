"""Interviews: what is asked and answered there, nobody says in the desk's own name."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from desk.reading.article import Block, Kind

ASKED = 2  # questions that make an interview
LONGEST = 400  # letters of a question
ENDS = ("?", "？", "؟", ";", "?”", "?“", '?"', "?»")
LABEL = regex.compile(
    r"\p{Lu}[\p{L}\p{M}\p{N} .'’-]{0,30}: (?=\S)|[^\s:：]{1,8}[：] ?(?=\S)"
)
# who speaks with whom: the one asked is addressed, and answers for himself
PERSONS = """
you your yours yourself i i'm i've i'd my me myself we our
sie ihnen ihr ihre ihrem ihren du dich dir dein deine ich mich mir mein meine wir uns
vous votre vos tu te ton ta je j'ai j' mon ma mes nous notre
usted ustedes tú te tu tus yo mi mis me nosotros
lei suo sua tu tuo io mio mia mi noi você senhor senhora seu sua eu meu minha nós
u uw je jij jou jouw ik mijn mij wij ni er du dig din ditt jag min mitt mig vi
de dere dem deg din jeg meg min mitt i jer sinä te teidän minä minun me
pan pani pana pańska ty ja mnie mój my vy vás váš ty já mě můj ön maga ön én engem
dumneavoastră tu eu mie meu εσείς σας εσύ σου εγώ μου με εμείς
siz sizin sen senin ben benim biz вы вас вам ваш ваша ты я меня мне мой мы
ви вас вам ваш ти я мене мені мій ми вие ви вас аз ми
أنت أنتم لك لكم أنا لي نحن شما تو من ما אתה את אתם לך לכם אני לי אנחנו
आप आपके आपको मैं मेरा मुझे हम anda kamu kalian saya aku kami kita anh chị bạn ông bà tôi
คุณ ท่าน ผม ฉัน ดิฉัน เรา あなた 私 僕 わたし 你 您 我 당신 저는 제가 나는 저
"""
WORDS = frozenset(PERSONS.split())
UNSPACED = tuple(
    word for word in WORDS if regex.search(r"[\p{Han}\p{Hiragana}\p{Thai}]", word)
)


def before_interview(blocks: Sequence[Block]) -> Sequence[Block]:
    """The story until the first question, where what follows is an interview."""
    asked = [place for place in range(len(blocks) - 1) if _asks(blocks, place)]
    told = blocks[asked[0] :] if asked else ()
    labelled = sum(LABEL.match(block.start) is not None for block in told)
    personal = any(map(_is_personal, told))
    is_one = len(asked) >= ASKED and (personal or labelled > ASKED)
    return blocks[: asked[0]] if is_one else blocks


def _asks(blocks: Sequence[Block], place: int) -> bool:
    """A question alone in its paragraph, with an answer under it."""
    text, below = blocks[place].text, blocks[place + 1]
    alone = len(text) <= LONGEST and text.endswith(ENDS) and text[0] not in '“"„«'
    return alone and below.kind is Kind.PARAGRAPH and not below.text.endswith(ENDS)


def _is_personal(block: Block) -> bool:
    words = regex.findall(r"[\p{L}\p{M}'’]+", block.start.casefold())
    return not WORDS.isdisjoint(words) or any(one in block.start for one in UNSPACED)
