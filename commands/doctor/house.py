"""The newsroom's house: its processes, its people, what it holds, who is told."""

from __future__ import annotations

from collections.abc import Iterator

from commands.doctor.finding import Finding
from desk import db, heartbeats, holds, installation, overdue, skew
from desk.alerts import dispatch
from desk.desk import Desk
from desk.people import names

ABSENT = {
    "clock": "No clock is running, so nothing goes out: start one with “desk up”.",
    "worker": "No worker is running, so the clock does its work: start “desk up”.",
}
UNKNOWN = (
    "This desk is a copy or a restore: when it starts it holds everything, and looks "
    "for what went out meanwhile. See “Backup, restore, copy” in docs/operate.md."
)
RENAMES = (
    "Give one of them a one-time link (“desk user link”): on its page they can say "
    "another name."
)


def look_at_processes(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        at = db.now(session)
        for kind, work in (("clock", "clock"), ("worker", "publish")):
            count = heartbeats.alive(session, work, at)
            said = f"{count} {kind} running." if count else ABSENT[kind]
            yield Finding(kind, count > 0, said)


def look_at_lateness(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        late = overdue.oldest(session, db.now(session))
    if late is None:
        yield Finding("lateness", True, "No post is overdue without a reason.")
        return
    said = (
        f"A post is {late.total_seconds():.0f} s overdue, and nothing explains it: see "
        "whether clock and worker run, then their log."
    )
    yield Finding("lateness", False, said)


def look_at_people(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        shared, reserved = names.shared(session), names.reserved(session)
    for same in shared:
        who = " and ".join(user.email for user in same)
        said = f"The history can't tell {who} apart: they are “{same[0].name}”, or look"
        yield Finding("people", False, f"{said} so. {RENAMES}")
    for user in reserved:
        said = f"{user.email} is called “{user.name}”, as the desk or a role is."
        yield Finding("people", False, f"{said} {RENAMES}")
    if not (shared or reserved):
        yield Finding("people", True, "The history can tell everyone apart.")


def look_at_holds(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        held, copied = holds.list_holds(session), installation.copy_hold(session)
        # a clock that runs has looked, by a home folder that may not be this one
        now = db.now(session)
        known = heartbeats.alive(session, "clock", now) > 0
        known = known or installation.recognised(session, desk.settings.home, now)
    for hold in held:
        covered = f"{hold.scope} {hold.target}".strip()
        restored = copied is not None and hold.id == copied.id
        about = "restored" if restored else "hold"
        said = f"Held: {covered}. {holds.hold_reason(hold)}".strip()
        yield Finding(about, False, f"{said} Lift it with “desk hold off”.")
    if not held:
        yield Finding("hold", True, "Nothing is held.")
    if copied is None:
        said = "This is the desk that its home folder knows."
        yield Finding("restored", known, said if known else UNKNOWN)


def look_at_alerts(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        failing = dispatch.failing(session)
    for why in failing:
        yield Finding("telling", False, f"{why} Try “desk tell test”.")
    if not failing:
        names = " and ".join(one.name for one in dispatch.transports(desk)) or "nothing"
        said = f"Who must know something is told by {names} (and on the screens)."
        yield Finding("telling", True, said)


def look_at_clocks(desk: Desk) -> Iterator[Finding]:
    with desk.db.reading() as session:
        now = db.now(session)
        beats = heartbeats.latest(session, now)
    ahead = {"this machine": skew.measure_skew(now)}
    ahead |= {f"{one.name} ({one.kind})": one.ahead for one in beats}
    wrong = {who: by for who, by in ahead.items() if abs(by) > skew.LARGEST}
    for who, by in wrong.items():
        said = f"The clock of {who} is {skew.in_words(by)}: set both by NTP."
        yield Finding("time", False, f"{said} Posts go by the database's.")
    if not wrong:
        said = "Every process's clock agrees with the database's."
        yield Finding("time", True, said)
