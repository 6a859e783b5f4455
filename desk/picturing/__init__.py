"""Pictures out: taken in safely, made to fit a channel, described."""

from desk.picturing.accepting import Accepted, BadPicture, accept
from desk.picturing.alt import draft_alt
from desk.picturing.fitting import fit

__all__ = ["Accepted", "BadPicture", "accept", "draft_alt", "fit"]
