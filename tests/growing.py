"""Growing: whether what the project does with a text takes longer than the text grows.

`python -m tests.growing patterns` prints, as JSON, each pattern of the project that
does, `drafting` each paste that reading and drafting does, `explode` the patterns of
`HOSTILE`. The work is done in children with a limit on their CPU time: what explodes
ends a child, and counts.
"""

from __future__ import annotations

import ast
import functools
import importlib
import json
import os
import pkgutil
import re
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time
from types import ModuleType

import regex

HOUSE = ("connectors", "desk", "web", "workers", "commands")
ROOT = Path(__file__).parents[1]
LETTERS = 2000  # as many as a pattern sees of one paragraph
DRAFTED = 10_000  # of a paste
FOLD = 2.5  # a text twice as long may take this much longer
NOISE = 0.0003  # seconds; less says nothing
DRAFTING = 0.005  # the same of a draft
SECONDS = 4  # of CPU that one child may use
ENOUGH = 2  # of it, for what is known to grow or explode
TOGETHER = 16  # in one child, while all is well
TRIES = 5
EXPLODES = "explodes"
METHODS = frozenset(
    ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")
)
WALKS = frozenset(("finditer", "findall", "sub", "subn", "split"))
HOSTILE = {  # a pattern that takes longer than its text grows -> how it is called
    r"\d[\d.,\s]*\smillion": "search",
    r"\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)+": "findall",
    r"\s*(?:[;|]|\s(?:and|und)\s)\s*": "split",
    r"[0-9a-f:.]*:[0-9a-f:.]*": "fullmatch",
    r"\d\s*,?\s*(?:19|20)\d\d": "match",
    r"(?:a|a)*b": "match",
}
ALPHABET = "a1A .-,'’“…:;_(@#<\n年"
FOREIGN = "\0"
HEADLINE = "The ferry to the island"
STORY = "The ferry will go on as it did, the islanders said at the harbour. " * 3
FRAGMENTS = (
    *("1 ", "1, ", "12.", "A. ", "U.S. ", "Dr. Aa ", "“a ", "Aa Bb. ", " ", "\n"),
    *("Aa Bb said “a b c d e f.” ", "a", "A", "1", ".", ",", '"', "“", "'", "s’ "),
    *("a ", "A ", "Aa ", "Aa. ", "Aa-", "a.", "a\n", "\t", "<", "&", "@", "#", "/"),
    *("🇮🇹", "e\u0301\u200d"),
)
FEW = 6
# A pattern's parts: a class, a group, what only counts or bounds, or letters.
PART = re.compile(
    r"(?P<kind>\\[pP]\{[^}]*\}|\[(?:\\.|\[[^\]]*\]|[^\]\\])*\]|\\[wWdDsSX]|\.)"
    r"|(?P<open>\((?:\?(?:P?<\w+>|<?[=!]|>|[a-zA-Z-]*:))?)|(?P<close>\))|(?P<or>\|)"
    r"|(?P<no>\(\?[a-zA-Z]+\)|\\[bBAZG1-9]|[\^$]|[*+?]|\{\d*,?\d*\})"
    r"|(?P<code>\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}))|\\(?P<sign>.)"
    r"|(?P<words>[^\\\[\](){}|*+?.^$]+|.)",
    re.DOTALL,
)

Pattern = re.Pattern[str]


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and how the project looks for it."""

    name: str
    pattern: Pattern
    uses: frozenset[str]


def found() -> list[Found]:
    """Every pattern of the project for text, each once."""
    uses = _uses()
    every: dict[tuple[object, ...], Found] = {}
    for name, pattern, called in (*_kept(uses), *_written(), *_cached()):
        if isinstance(pattern.pattern, str):
            key = (type(pattern), pattern.pattern, pattern.flags)
            before = every[key].uses if key in every else frozenset[str]()
            every[key] = Found(name, pattern, called | before)
    return list(every.values())


def _modules() -> Iterator[ModuleType]:
    for house in HOUSE:
        root = importlib.import_module(house)
        yield root
        for each in pkgutil.walk_packages(root.__path__, f"{house}."):
            if not {"__main__", "migrations", "node_modules"} & {*each.name.split(".")}:
                yield importlib.import_module(each.name)


def _kept(
    uses: dict[tuple[str, str], set[str]],
) -> Iterator[tuple[str, Pattern, frozenset[str]]]:
    """Those that modules and classes keep, also in tuples and mappings."""
    for module in _modules():
        for name, value in vars(module).items():
            alone = isinstance(value, (re.Pattern, regex.Pattern))
            called = uses.get((module.__name__, name)) if alone else None
            for pattern in _in(value, module.__name__):
                yield f"{module.__name__}.{name}", pattern, frozenset(called or METHODS)


def _in(value: object, module: str, depth: int = 0) -> Iterator[Pattern]:
    if isinstance(value, (re.Pattern, regex.Pattern)):
        yield value
    elif depth > 3:
        return
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _in(inner, module, depth + 1)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for inner in value:
            yield from _in(inner, module, depth + 1)
    elif isinstance(value, type) and value.__module__ == module:
        for inner in vars(value).values():
            yield from _in(inner, module, depth + 1)


def _uses() -> dict[tuple[str, str], set[str]]:
    """What is called on a pattern, by module and name; all, where it is handed on."""
    found: dict[tuple[str, str], set[str]] = {}
    for module, tree in _trees():
        homes, receivers = _imported(tree), set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                receivers.add(node.value)
                if node.attr in METHODS:
                    name = node.value.id
                    found.setdefault((homes.get(name, module), name), set()).add(
                        node.attr
                    )
        for node in ast.walk(tree):
            if not isinstance(node, ast.Name) or node in receivers:
                continue
            if isinstance(node.ctx, ast.Load):  # it is handed on
                key = homes.get(node.id, module), node.id
                found.setdefault(key, set()).update(METHODS)
    return found


def _imported(tree: ast.Module) -> dict[str, str]:
    return {
        each.name: node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }


def _name(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def _written() -> Iterator[tuple[str, Pattern, frozenset[str]]]:
    """Those that stand in a call: `regex.sub(r"…", …)`."""
    names = {"re": re, "regex": regex}
    for module_name, tree in _trees():
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            ):
                continue
            module, method = names.get(_name(node.func.value)), node.func.attr
            literal = node.args[0] if node.args else None
            if module is None or method not in METHODS:
                continue
            if not isinstance(literal, ast.Constant):
                continue
            flags = {getattr(a, "attr", "") for a in ast.walk(node)} & {
                "IGNORECASE",
                "I",
            }
            pattern = module.compile(literal.value, module.I if flags else 0)
            yield f"{module_name}:{node.lineno}", pattern, frozenset((method,))


@functools.cache
def _trees() -> tuple[tuple[str, ast.Module], ...]:
    files = [p for h in HOUSE for p in sorted((ROOT / h).rglob("*.py"))]
    return tuple(
        (_dotted(path), ast.parse(path.read_text()))
        for path in files
        if "node_modules" not in path.parts
    )


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(
        ".__init__"
    )


def _cached() -> Iterator[tuple[str, Pattern, frozenset[str]]]:
    """Those that are made for a language when they are first needed."""
    from desk.writing import dangling_starts, speech

    for language in ("", "en", "de", "ja", "ar"):
        yield (
            f"verbs({language})",
            speech.verbs(language),
            frozenset(("search", "split")),
        )
        yield (
            f"starts({language})",
            dangling_starts._pattern(language),
            frozenset(("match",)),
        )


def hostile(pattern: Pattern) -> list[tuple[str, str, str]]:
    """What may explode, between a head and a tail, when it is repeated.

    The pattern's parts, alone and by two: bare, and behind what leads to them. The tail
    has a foreign letter, and what a search may look for before it begins.
    """
    path = ""  # a text up to here, and what may stand just before:
    before: tuple[str, ...] = ("",)
    groups: list[tuple[str, tuple[str, ...], list[str]]] = []
    every: list[tuple[str, str]] = [("", each) for each in FRAGMENTS]
    for part in PART.finditer(_terse(pattern)):
        if part["open"]:
            groups.append((path, before, []))
        elif (part["or"] or part["close"]) and groups:
            start, first, lasts = groups.pop()
            lasts += before
            if part["or"]:
                path, before = start, first
                groups.append((start, first, lasts))
            else:
                before = tuple(dict.fromkeys(lasts))[:FEW]
        elif part["or"]:
            path, before = "", ("",)
        elif samples := _samples(part, pattern):
            twos = [one + other for one in before for other in samples]
            for each in (*samples, *twos, *(f"{one} " for one in samples)):
                every += [("", each), (path, each)]
            path, before = path + samples[0], samples
    tails = "", FOREIGN + path
    return [(*each, tail) for each in dict.fromkeys(every) for tail in tails]


def _terse(pattern: Pattern) -> str:
    if not pattern.flags & re.VERBOSE:
        return pattern.pattern
    kept = r"\\.|\[(?:\\.|[^\]\\])*\]"
    return re.sub(rf"({kept})|\s+|#[^\n]*", lambda m: m[1] or "", pattern.pattern)


def _samples(part: re.Match[str], pattern: Pattern) -> tuple[str, ...]:
    if part["no"] is not None:
        return ()
    if kind := part["kind"]:
        one = regex.compile(kind, regex.DOTALL | pattern.flags & regex.VERSION1)
        fitting = [letter for letter in ALPHABET if one.fullmatch(letter)]
        return tuple(dict.fromkeys((*fitting[:1], *fitting[-1:])))
    if part["code"]:
        return (chr(int(part["code"][2:], 16)),)
    sign = {"n": "\n", "t": "\t", "r": "\r"}.get(part["sign"], part["sign"])
    return (sign or part["words"],)


def growing(one: Found) -> str:
    """A text with which this pattern takes longer than the text grows; else nothing."""
    for run in _runs(one):
        run("a")
        for head, fragment, tail in hostile(one.pattern):
            if grows(run, functools.partial(_text, head, fragment, tail), LETTERS):
                return f"{one.pattern.pattern[:60]}: {head!r} {fragment!r} {tail!r}"
    return ""


def _runs(one: Found) -> Iterator[Callable[[str], object]]:
    """Each way that it is looked for; what walks through a text does so to its end."""
    for method in sorted(one.uses - WALKS):
        yield getattr(one.pattern, method)
    if one.uses & WALKS:
        yield lambda text: sum(1 for _ in one.pattern.finditer(text))


def _text(head: str, fragment: str, tail: str, letters: int) -> str:
    return head + _repeated(fragment, letters) + tail


def _repeated(fragment: str, letters: int) -> str:
    return fragment * (letters // len(fragment) + 1)


def grows(
    run: Callable[[str], object],
    text: Callable[[int], str],
    n: int,
    noise: float = NOISE,
) -> bool:
    """Whether twice the text takes far more than twice the time, and not by chance.

    What grows so does it at each doubling; a busy machine is slow at one of them.
    """
    once = _seconds(run, text(n))
    if once < noise:  # as nearly all: the text twice as long can wait
        return False
    if _seconds(run, text(2 * n)) <= FOLD * once:
        return False
    for letters in (n, 2 * n):
        once, twice = _both(run, text(letters), text(2 * letters), TRIES)
        if once < noise or twice <= FOLD * once:
            return False
    return True


def _both(
    run: Callable[[str], object], one: str, two: str, tries: int
) -> tuple[float, float]:
    """The least seconds of each, by turns: what disturbs one disturbs the other."""
    taken = [(_seconds(run, one), _seconds(run, two)) for _ in range(tries)]
    return min(once for once, _ in taken), min(twice for _, twice in taken)


def _seconds(run: Callable[[str], object], text: str) -> float:
    begun = thread_time()
    run(text)
    return thread_time() - begun


def drafting(fragment: str) -> str:
    """The paste of it, repeated, that takes longer than it grows; else nothing."""
    pastes = (
        lambda n: f"{HEADLINE}\n\n{_repeated(fragment, n)}",
        lambda n: f"{_repeated(fragment, n)}\n\n{STORY}",
        lambda n: HEADLINE + _paragraphs(fragment, 40, n),
        lambda n: HEADLINE + _paragraphs(fragment, LETTERS - 100, n),
    )
    names = ("one paragraph", "the headline", "short paragraphs", "long paragraphs")
    grown = (name for name, p in zip(names, pastes, strict=True) if _drafts_slower(p))
    return next(grown, "")


def _drafts_slower(paste: Callable[[int], str]) -> bool:
    return grows(_draft, paste, DRAFTED, DRAFTING)


def _paragraphs(fragment: str, long: int, letters: int) -> str:
    """Each different: one that stands twice is a caption."""
    many = range(letters // (long + 5))
    return "".join(f"\n\nX{at} {_repeated(fragment, long)}" for at in many)


def _draft(paste: str) -> None:
    from desk.reading.article import Unreadable
    from desk.reading.text import read_text
    from desk.writing.candidates import candidates

    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    _forget()
    try:
        candidates(read_text(paste, now), len, 500, now)
    except Unreadable:
        return


def _forget() -> None:
    """What is kept of texts that were seen; each paste is a new one."""
    for name, module in list(sys.modules.items()):
        if name.startswith("desk."):
            for value in vars(module).values():
                info = getattr(value, "cache_info", None)
                if info and info().maxsize is not None:
                    value.cache_clear()


def alone(work: Callable[[], str], seconds: int = SECONDS) -> str:
    """What the work says, done in a child; or that it had no end."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        os.close(reads)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        try:
            said = work()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writes, said.encode(errors="replace")[:500])
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        said = pipe.read().decode()
    return said if not os.waitpid(child, 0)[1] else EXPLODES


def slow(
    what: Iterable[tuple[str, Callable[[], str]]],
    together: int = TOGETHER,
    seconds: int = SECONDS,
) -> dict[str, str]:
    """Several in one child, and each in its own where something is said of them."""
    every = list(what)
    found: dict[str, str] = {}
    for at in range(0, len(every), together):
        some = every[at : at + together]
        if together == 1 or alone(functools.partial(_first, some), seconds):
            found |= {name: said for name, do in some if (said := alone(do, seconds))}
    return found


def _first(some: Iterable[tuple[str, Callable[[], str]]]) -> str:
    return next((said for _, do in some if (said := do())), "")


def _all(kind: str) -> dict[str, str]:
    if kind == "drafting":
        _draft(f"{HEADLINE}\n\n{STORY}")  # what is loaded once
        return slow(((f, functools.partial(drafting, f)) for f in FRAGMENTS), 1)
    if kind == "patterns":
        return slow((one.name, functools.partial(growing, one)) for one in found())
    known = (Found(p, regex.compile(p), frozenset((m,))) for p, m in HOSTILE.items())
    explode = ((one.name, functools.partial(growing, one)) for one in known)
    return slow(explode, 1, ENOUGH)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_all(sys.argv[1]), ensure_ascii=False, indent=1))
