"""Sentences: where code compares text of several words, and so reads what it says.

A name that is bound to a sentence is one, in whichever module it is compared. So is
the answer of a function that writes sentences. The values of an enum are facts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jinja2 import Environment, nodes

SEVERAL_WORDS = re.compile(r"\w\W*\s\W*\w|\w\W*\s$")  # "Held: " begins a sentence
KEYED = {"get", "pop", "setdefault"}
CUTTING = {"removeprefix", "removesuffix"}  # a full stop may go from a sentence
SEEKING = {  # methods of a text, a pattern, a set or a column that look for something
    *("startswith", "endswith", "partition", "rpartition", "find", "rfind"),
    *("index", "rindex", "count", "match", "fullmatch", "search", "contains"),
    *("icontains", "in_", "not_in", "like", "ilike", "not_like", "regexp_match"),
    *("is_distinct_from", "is_not_distinct_from", "isdisjoint", "issubset"),
    *("issuperset", "__contains__", "__eq__"),
}
COMPARING = CUTTING | SEEKING
CHANGING = {"strip", "lower", "casefold", "upper", "capitalize", "format", "join"}
GATHERING = {"frozenset", "set", "tuple", "list", "sorted", "reversed"}
ENUMS = {"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag"}
TEXTS = {"str", "str | None", "list[str]", "tuple[str, ...]", "Iterator[str]"}
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Bound = dict[str, list[ast.expr]]


def is_sentence(text: object) -> bool:
    return isinstance(text, str) and SEVERAL_WORDS.search(text) is not None


@dataclass(frozen=True, order=True)
class Place:
    file: str
    line: int
    code: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code}"


class Each(ast.expr):
    """What a loop gives: each of something, or what stands at a place in each."""

    def __init__(self, of: ast.expr, place: int | None = None) -> None:
        super().__init__()
        self.of, self.place = of, place


@dataclass
class Module:
    """One file: its names, its functions, and where what it imports comes from."""

    name: str
    file: str
    tree: ast.Module
    bound: Bound = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)  # the name here -> dotted

    @classmethod
    def read(cls, file: str, source: str) -> Module:
        name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        module = cls(name, file, ast.parse(source))
        module.imported |= dict(_imports(module.tree))
        module._read(module.tree.body)
        return module

    def _read(self, body: Iterable[ast.stmt], within: str = "") -> None:
        for one in body:
            match one:
                case ast.ClassDef() if not _is_enum(one):
                    self._read(one.body, f"{within}{one.name}.")
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self.functions[f"{within}{one.name}"] = one
                case ast.If() | ast.Try():
                    self._read([*one.body, *one.orelse], within)
            for name, value in _bindings(one):
                self.bound.setdefault(f"{within}{name}", []).append(value)


def _is_enum(one: ast.ClassDef) -> bool:
    return any(ast.unparse(base).rsplit(".", 1)[-1] in ENUMS for base in one.bases)


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for one in ast.walk(tree):
        if isinstance(one, ast.ImportFrom):
            for name in one.names:
                yield name.asname or name.name, f"{one.module}.{name.name}"
        elif isinstance(one, ast.Import):
            for name in one.names:
                first = name.name.partition(".")[0]
                yield name.asname or first, name.name if name.asname else first


def _bindings(one: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Every name that this statement, or loop, gives a value."""
    match one:
        case ast.Assign():
            for target in one.targets:
                yield from _paired(target, one.value)
        case ast.AnnAssign(value=ast.expr() as value) | ast.AugAssign(value=value):
            yield from _paired(one.target, value)
        case ast.NamedExpr():
            yield one.target.id, one.value
        case ast.For() | ast.comprehension():
            yield from _walked(one.target, one.iter)


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """`a, b = x, y` gives each its own."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for inner, its in zip(target.elts, value.elts, strict=False):
            yield from _paired(inner, its)


def _walked(target: ast.expr, of: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, Each(of)
    elif isinstance(target, ast.Tuple):
        for place, inner in enumerate(target.elts):
            if isinstance(inner, ast.Name):
                yield inner.id, Each(of, place)


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """What stands in a scope itself, and in no scope within it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, SCOPES):
            yield child
            yield from _own(child)


def _nested(scope: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, SCOPES):
            yield child
        else:
            yield from _nested(child)


def _local(scope: ast.AST) -> Bound:
    bound: Bound = {}
    for one in _own(scope):
        for name, value in _bindings(one):
            bound.setdefault(name, []).append(value)
    return bound


class House:
    """All modules, by the paths of their files, and which of their names say what."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        made = [Module.read(file, source) for file, source in sources.items()]
        self._modules = {module.name: module for module in made}
        self._known: dict[tuple[str, bool], bool] = {}

    def comparisons(self) -> list[Place]:
        """Every place where a sentence is compared."""
        found = {
            place
            for module in self._modules.values()
            for place in self._within(module, module.tree, {})
        }
        return sorted(found)

    def says(self, dotted: str, *, called: bool = False) -> bool:
        """Is this name a sentence, or the answer of this function, if it is called?"""
        key = dotted, called
        if key not in self._known:
            self._known[key] = False  # of a name that leads back to itself
            module, name = self.home(dotted)
            self._known[key] = module is not None and (
                self._answers(module, name)
                if called
                else any(Eyes(self, module).says(one) for one in module.bound[name])
            )
        return self._known[key]

    def home(self, dotted: str) -> tuple[Module | None, str]:
        """The module that binds a name, through whatever modules import it."""
        for _ in range(9):
            module, name = self._split(dotted)
            if module is None or name in module.bound or name in module.functions:
                return module, name
            first, dot, rest = name.partition(".")
            if first not in module.imported:
                return None, ""
            dotted = f"{module.imported[first]}{dot}{rest}"
        return None, ""

    def _split(self, dotted: str) -> tuple[Module | None, str]:
        parts = dotted.split(".")
        for end in range(len(parts) - 1, 0, -1):
            if module := self._modules.get(".".join(parts[:end])):
                return module, ".".join(parts[end:])
        return None, ""

    def _answers(self, module: Module, name: str) -> bool:
        made = module.functions.get(name)
        if made is None or made.returns is None:
            return False
        if ast.unparse(made.returns) not in TEXTS:
            return False
        eyes = Eyes(self, module, _local(made))
        answers = (one.value for one in _own(made) if isinstance(one, ast.Return))
        return any(eyes.says(answer) for answer in answers if answer is not None)

    def _within(self, module: Module, scope: ast.AST, outer: Bound) -> Iterator[Place]:
        top = isinstance(scope, ast.Module | ast.ClassDef)
        local = outer if top else outer | _local(scope)
        eyes = Eyes(self, module, local)
        for one in _own(scope):
            if eyes.compares(one):
                code = " ".join(ast.unparse(one).split())
                yield Place(module.file, getattr(one, "lineno", 0), code[:100])
        for inner in _nested(scope):
            yield from self._within(module, inner, local)


@dataclass(frozen=True)
class Eyes:
    """Reading an expression where the names of one scope are known."""

    house: House
    module: Module
    local: Bound = field(default_factory=dict)

    def compares(self, one: ast.AST) -> bool:
        match one:
            case ast.Compare():
                return any(self.says(side) for side in (one.left, *one.comparators))
            case ast.MatchValue():
                return self.says(one.value)
            case ast.Subscript(ctx=ast.Load()):
                return self._by_sentences(one.value) or self.says(one.slice)
            case ast.Call(func=ast.Attribute(attr=how, value=of)) if how in KEYED:
                return self._by_sentences(of) or any(map(self.says, one.args[:1]))
            case ast.Call(func=ast.Attribute(attr=how, value=of)) if how in COMPARING:
                read = how in SEEKING and self.says(of)
                return read or any(map(self.says, one.args))
        return False

    def says(self, one: ast.expr) -> bool:
        """Is this a sentence, the beginning of one, or several of them?"""
        match one:
            case ast.Constant():
                return is_sentence(one.value)
            case ast.JoinedStr():
                return is_sentence(_filled(one)) or any(map(self.says, _holes(one)))
            case ast.Tuple() | ast.List() | ast.Set():
                return any(map(self.says, one.elts))
            case ast.Dict():
                return any(self.says(key) for key in one.keys if key is not None)
            case ast.BinOp():
                return self.says(one.left) or self.says(one.right)
            case ast.BoolOp():
                return any(map(self.says, one.values))
            case ast.IfExp():
                return self.says(one.body) or self.says(one.orelse)
            case ast.Starred() | ast.NamedExpr():
                return self.says(one.value)
            case Each():
                return any(self.says(value) for value in self._each(one))
            case ast.Name() | ast.Attribute():
                return self._named(one)
            case ast.Call():
                return self._answered(one)
        return False

    def _named(self, one: ast.Name | ast.Attribute, *, called: bool = False) -> bool:
        name = ast.unparse(one)
        if name in self.local and not called:
            outer = {key: its for key, its in self.local.items() if key != name}
            eyes = Eyes(self.house, self.module, outer)
            return any(map(eyes.says, self.local[name]))
        if name.partition(".")[0] in self.local:
            return False
        return self.house.says(f"{self.module.name}.{name}", called=called)

    def _answered(self, call: ast.Call) -> bool:
        match call.func:
            case ast.Name(id=name) if name in GATHERING:
                return any(map(self.says, call.args))
            case ast.Attribute(attr="join"):
                return any(map(self.says, call.args))
            case ast.Attribute(attr=how, value=of) if how in CHANGING:
                return self.says(of)
            case ast.Name() | ast.Attribute():
                return self._named(call.func, called=True)
        return False

    def _by_sentences(self, one: ast.expr) -> bool:
        """Is this a dictionary that is looked into by sentences?"""
        return any(
            self.says(value)
            for value in self._values(one)
            if isinstance(value, ast.Dict)
        )

    def _values(self, one: ast.expr) -> Iterable[ast.expr]:
        """What is written where this name is bound."""
        if isinstance(one, ast.Name) and one.id in self.local:
            return self.local[one.id]
        if isinstance(one, ast.Name | ast.Attribute):
            name = f"{self.module.name}.{ast.unparse(one)}"
            module, name = self.house.home(name)
            return module.bound.get(name, []) if module else []
        return [one]

    def _each(self, one: Each) -> Iterator[ast.expr]:
        match one.of:
            case ast.Call(func=ast.Attribute(attr="items", value=of)):
                for value in self._values(of):
                    if isinstance(value, ast.Dict):
                        yield from filter(
                            None, value.values if one.place else value.keys
                        )
            case _:
                for value in self._values(one.of):
                    yield from _placed(value, one.place)


def _placed(value: ast.expr, place: int | None) -> Iterator[ast.expr]:
    if isinstance(value, ast.Dict):
        yield from filter(None, value.keys)
    if not isinstance(value, ast.Tuple | ast.List | ast.Set):
        return
    for one in value.elts:
        if place is None:
            yield one
        elif isinstance(one, ast.Tuple) and place < len(one.elts):
            yield one.elts[place]


def _filled(text: ast.JoinedStr) -> str:
    """The fixed words of an f-string."""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "\0"
        for part in text.values
    )


def _holes(text: ast.JoinedStr) -> Iterator[ast.expr]:
    for part in text.values:
        if isinstance(part, ast.FormattedValue):
            yield part.value


def of_template(file: str, source: str) -> list[Place]:
    """The same of a template, as Jinja itself reads it."""
    tree = Environment(autoescape=True).parse(source)
    kinds = nodes.Compare, nodes.Call, nodes.Test, nodes.Getitem
    found = {
        Place(file, one.lineno, f"{type(one).__name__} with “{text}”")
        for one in tree.find_all(kinds)
        for text in _compared(one)
    }
    return sorted(found)


def _compared(one: nodes.Node) -> Iterator[str]:
    looked: Iterable[nodes.Node]
    match one:
        case nodes.Compare() | nodes.Test():
            looked = [one]
        case nodes.Getitem():
            looked = [one.arg, *_keys(one.node)]
        case nodes.Call(node=nodes.Getattr(attr=how, node=of)) if how in KEYED:
            looked = [*one.args[:1], *_keys(of)]
        case nodes.Call(node=nodes.Getattr(attr=how)) if how in COMPARING:
            looked = one.args
        case _:
            looked = []
    for node in looked:
        within = [node] if isinstance(node, nodes.Const) else node.find_all(nodes.Const)
        yield from (const.value for const in within if is_sentence(const.value))


def _keys(one: nodes.Node) -> Iterator[nodes.Node]:
    if isinstance(one, nodes.Dict):
        yield from (pair.key for pair in one.items)
