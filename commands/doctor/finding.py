"""A finding: one thing that the doctor looked at, and whether it is well."""

from __future__ import annotations

from dataclasses import dataclass

# Everything that a finding may be about; docs/operate.md has the cure of each.
ABOUT = (
    "home",
    "disk",
    "proxy",
    "valkey",
    "database",
    "clock",
    "worker",
    "lateness",
    "channels",
    "keys",
    "credentials",
    "people",
    "platforms",
    "waits",
    "hold",
    "restored",
    "telling",
    "time",
)


@dataclass(frozen=True)
class Finding:
    about: str
    ok: bool
    says: str
