"""How servers draw a text: pure functions, a module for each thing that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.fakes.people import Town


@dataclass(frozen=True)
class Drawn:
    """A text as the API shows it, and as `/source` gives it back."""

    content: str
    source: str
    more: Mapping[str, object] = field(default_factory=dict)  # said beside it


Draw = Callable[[str, Town], Drawn]
