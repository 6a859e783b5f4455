"""Known names: two words or more that are one name, or one greeting, to everybody.

Cities and countries, clubs, feasts and what people say every day, in letters alone:
with a year behind it, each is tried as one word is. Short ones are left out: their
letters stand side by side in words that have nothing to do with them.
"""

from __future__ import annotations

from typing import Final

_SPELLED: Final = """
    New York, Los Angeles, San Francisco, San Diego, San Antonio, Las Vegas, New
    Orleans, Santa Monica, Santa Barbara, Santa Cruz, Fort Worth, Salt Lake City,
    Kansas City, Oklahoma City, Mexico City, Saint Louis, Washington DC, New Jersey,
    New Mexico, North Carolina, South Carolina, West Virginia, North Dakota, South
    Dakota, New Hampshire, Rhode Island, Long Island, Puerto Rico, Costa Rica, Rio
    de Janeiro, Sao Paulo, São Paulo, Belo Horizonte, Porto Alegre, Buenos Aires,
    Santiago de Chile, Santo Domingo, La Habana, Ciudad de Mexico, Ciudad de México,
    Hong Kong, Abu Dhabi, Kuala Lumpur, Ho Chi Minh, Phnom Penh, New Delhi, Sri
    Lanka, South Africa, Cape Town, Addis Ababa, Burkina Faso, Sierra Leone, Ivory
    Coast, Saudi Arabia, North Korea, South Korea, Great Britain, United Kingdom,
    United States, United Nations, European Union, New Zealand, Papua New Guinea,
    Northern Ireland, Sankt Petersburg, Saint Petersburg, St Petersburg, Nizhny
    Novgorod, Frankfurt am Main, Bad Homburg, Baden Baden, San Sebastian, San
    Sebastián, Palma de Mallorca, Las Palmas, Gran Canaria, Costa Brava, La
    Rochelle, Saint Denis, The Hague, Reggio Emilia, San Marino, Monte Carlo,
    Vatican City, Milton Keynes, New South Wales, Real Madrid, Atletico Madrid,
    Atlético Madrid, FC Barcelona, Manchester United, Manchester City, Newcastle
    United, Leeds United, Aston Villa, Crystal Palace, Tottenham Hotspur, Bayern
    Munchen, Bayern München, Bayern Muenchen, Borussia Dortmund, Werder Bremen,
    Hertha Berlin, Union Berlin, Hamburger SV, Eintracht Frankfurt, Bayer
    Leverkusen, Paris Saint Germain, Olympique Marseille, Olympique Lyon, Inter
    Milan, Ajax Amsterdam, Feyenoord Rotterdam, Boca Juniors, River Plate, Sporting
    Lisboa, Dynamo Kyiv, Spartak Moskva, Boston Celtics, Boston Red Sox, New England
    Patriots, Green Bay Packers, Dallas Cowboys, Chicago Bulls, Chicago Bears,
    Golden State Warriors, Detroit Lions, Los Angeles Lakers, New York Yankees,
    Super Bowl, World Cup, Champions League, Premier League, Formula One, Tour de
    France, Grand Prix, Olympic Games, Happy Birthday, Happy New Year, Merry
    Christmas, Happy Christmas, Happy Easter, Happy Holidays, Good Morning, Good
    Night, Good Evening, Good Luck, Hello World, Hello Kitty, Hello There, Thank
    You, Thank God, I Love You, I Miss You, Best Friends, Valentines Day, Mothers
    Day, Black Friday, Star Trek, Harry Potter, Mickey Mouse, Donald Duck, Darth
    Vader, Luke Skywalker, Sherlock Holmes, James Bond, Bugs Bunny, Homer Simpson,
    Bart Simpson, Super Mario, Taylor Swift, Michael Jackson, Elvis Presley, Justin
    Bieber, Lady Gaga, Bob Marley, Led Zeppelin, Pink Floyd, Green Day, Guns N
    Roses, Black Sabbath, Deep Purple, Linkin Park, Michael Jordan, Lionel Messi,
    Cristiano Ronaldo, Donald Trump, Joe Biden, Barack Obama, Angela Merkel, Nelson
    Mandela, Elon Musk, Bill Gates, Steve Jobs, Albert Einstein, John Lennon, Google
    Chrome, Social Media, Real Estate, Breaking News, Daily News, Front Page, The
    Times, News Room, News Desk, Social Desk, Guten Morgen, Guten Tag, Guten Abend,
    Gute Nacht, Frohe Weihnachten, Frohes Fest, Frohe Ostern, Frohes Neues Jahr,
    Gutes Neues Jahr, Alles Gute, Vielen Dank, Ich Liebe Dich, Herzlichen
    Glückwunsch, Hallo Welt, Mein Schatz, Mein Passwort, Feliz Navidad, Feliz Ano
    Nuevo, Feliz Año Nuevo, Feliz Cumpleanos, Feliz Cumpleaños, Buenos Dias, Buenos
    Días, Buenas Noches, Buenas Tardes, Hola Mundo, Te Quiero, Muchas Gracias,
    Semana Santa, Feliz Natal, Feliz Ano Novo, Boa Noite, Boa Tarde, Muito Obrigado,
    Joyeux Noel, Joyeux Noël, Bonne Annee, Bonne Année, Bon Anniversaire, Joyeux
    Anniversaire, Bon Appetit, Bonne Nuit, Bonne Chance, Mon Amour, Mot de Passe,
    Bon Voyage, Buon Natale, Buon Anno, Buona Notte, Buona Sera, Buon Compleanno,
    Ciao Bella, Dolce Vita, Goede Morgen, Vrolijk Kerstfeest, Gelukkig Nieuwjaar, Ik
    Hou Van Jou, Gott Nytt Ar, Gott Nytt År, Jag Alskar Dig, Jag Älskar Dig, Glad
    Pask, Glad Påsk, God Morgon, Glaedelig Jul, Glædelig Jul, Hyvaa Joulua, Hyvää
    Joulua, Wesolych Swiat, Wesołych Świąt, Dzien Dobry, Dzień Dobry, Dobry Den,
    Dobrý Den, Vesele Vanoce, Veselé Vánoce, Kala Christougenna, Mutlu Yillar, Mutlu
    Yıllar, Iyi Geceler, Seni Seviyorum, Доброе Утро, Новый Год, Санкт Петербург,
    Нижний Новгород, Нова Пошта, Καλά Χριστούγεννα, Καλή Χρονιά, San Jose, Santa Fe,
    St Louis, San Juan, Tel Aviv, Le Havre, Den Haag, West Ham, AC Milan, Good Day,
    Love You, New Year
"""


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name.casefold()))


KNOWN_NAMES: Final = tuple(_letters(name) for name in _SPELLED.split(","))
