"""Pictures out: taken in safely, made to fit a channel, described."""

from desk.picturing.accepting import Accepted, BadPicture, accept
from desk.picturing.alt import draft_alt
from desk.picturing.cards import SIZE as CARD
from desk.picturing.cards import card
from desk.picturing.fitting import fit

__all__ = ["CARD", "Accepted", "BadPicture", "accept", "card", "draft_alt", "fit"]
