"""What X charges for a post, as its price list said on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Prices:
    """In dollars, for an app that pays by use."""

    read_on: date
    post: Decimal
    post_with_link: Decimal
    alt_text: Decimal


PRICES = Prices(
    read_on=date(2026, 11, 22),
    post=Decimal("0.015"),
    post_with_link=Decimal("0.20"),
    alt_text=Decimal("0.005"),
)


def cost(linked: bool, alts: int) -> str:
    """What an editor should know of it, in a sentence."""
    price = PRICES.post_with_link if linked else PRICES.post
    reason = f"a link in it (${PRICES.post} without)" if linked else "no link in it"
    texts = "an alt text" if alts == 1 else f"{alts} alt texts"
    described = f" and ${alts * PRICES.alt_text} for {texts}" if alts else ""
    on = f"{PRICES.read_on.day} {PRICES.read_on:%B %Y}"
    return f"X charges ${price} for a post with {reason}{described}, as of {on}."
