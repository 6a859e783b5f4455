"""Whom a server knows, and by which names: its own accounts and strangers of others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """An account as it spells itself; without a domain it lives here."""

    username: str
    domain: str = ""

    @classmethod
    def parsed(cls, told: str) -> Person:
        """`name` or `name@domain`."""
        username, _, domain = told.removeprefix("@").partition("@")
        return cls(username, domain)

    @property
    def acct(self) -> str:
        """The name by which this server calls it."""
        return f"{self.username}@{self.domain}" if self.domain else self.username


@dataclass(frozen=True)
class Town:
    """A server: where it is, what it calls itself, and everyone whom it knows."""

    address: str
    domains: tuple[str, ...]
    people: tuple[Person, ...] = ()

    @classmethod
    def of(cls, address: str, domains: Iterable[str], people: Iterable[str]) -> Town:
        own = address.partition("//")[2]
        known = tuple(Person.parsed(one) for one in people)
        return cls(address, (own, *domains), known)

    def find(self, username: str, domain: str = "") -> Person | None:
        """The account that is meant, however its name is spelled."""
        asked = username.casefold(), self._domain(domain)
        for one in self.people:
            if (one.username.casefold(), one.domain.casefold()) == asked:
                return one
        return None

    def page(self, person: Person) -> str:
        """Where readers find an account."""
        home = f"https://{person.domain}" if person.domain else self.address
        return f"{home}/@{person.username}"

    def _domain(self, told: str) -> str:
        folded = told.casefold()
        own = {one.casefold() for one in self.domains}
        return "" if folded in own else folded
