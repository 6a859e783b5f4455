"""Facts: no branch reads a sentence; what code must know stands in a column or enum."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from desk.attention.causes import Sure
from desk.lifecycle import State
from tests.sentences import House, of_template

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("desk", "web", "workers", "commands")
CARRYING_OVER = "desk/migrations/"  # where old sentences become facts, once
ENGINE = Environment(autoescape=True)
TEMPLATES = ROOT / "web" / "templates"
FACTS = {"State": State, "Sure": Sure}  # that templates compare with
OTHERS = {  # words of others, which come as nothing but text: file -> comparisons
    "commands/bootstrap.py": {"str(first['msg']).removeprefix('Value error, ')"},
    "commands/supervising.py": {"line not in NOISE"},  # of Celery
    "desk/reading/admitting.py": {  # how a page begins
        r"regex.match('\\s*(<!doctype html|<html|<\\?xml)', text, regex.IGNORECASE)"
    },
    "desk/reading/envelope.py": {  # how mail and desks label their fields
        "labels.HEADLINE_FIELDS not in {table for table, _ in told}",
        "table is labels.HEADLINE_FIELDS",
        "table is labels.STANDFIRST_FIELDS",
        "table is labels.BODY_FIELDS",
        "name in FIELDS",
    },
    "desk/reading/invitations.py": {  # what newsrooms and sites say of themselves
        "said.strip(' .!…') in CLOSINGS",
        "words in said",
        "w in said",
    },
    "desk/writing/pool.py": {"regex.search(within, self.everything)"},
    "web/assets.py": {"'npm warn' not in line"},
    "web/filters.py": {  # what browsers call themselves
        "name in agent",
        "NAMES.get(system, system)",
        "NAMES.get(program, program)",
    },
    "web/metrics.py": {  # a header of HTTP
        "request.headers.get('Authorization', '').removeprefix('Bearer ')"
    },
}
KINDS = "from enum import StrEnum\nclass Kind(StrEnum):\n    LATE = 'too late'\n"
SAID = {
    "holds": f"{KINDS}COPY = 'This is a copy.'\nASKED: str = 'Changes asked: '",
    "wording": "def words(post) -> str:\n    return f'Too late: {post.kind} post.'",
}
COMPARED = (
    "COPY = 'This is a copy.'\nheld = why == COPY",
    "from holds import COPY\ndef f(why):\n    return why != COPY",
    "from holds import COPY as C\nheld = Hold.why.in_([C, 'other'])",
    "import holds\nback = Post.reason.startswith(holds.ASKED)",
    "import wording\nplain = post.reason in ('', wording.words(post))",
    "from wording import words\ntitle = words(post).partition(':')[0]",
    "held = why in {'The storm is here.'}",
    "def f(why):\n    match why:\n        case 'A storm' | '':\n            return 1",
    "def f(said):\n    a, b = 'alt text', 'link'\n    return a in said",
    "NAMES = {'alt text': 'alt', 'link': 'link'}\nfield = NAMES.get(said)",
    "NAMES = {'alt text': 'alt'}\n"
    "def f(said):\n    return [n for word, n in NAMES.items() if word in said]",
    "rest = said.removeprefix('Held: ')",
    "late = said == f'Too late for {post}'",
    "class Notes:\n    COPY = 'This is a copy.'\nheld = why == Notes.COPY",
)
NOT_COMPARED = (
    "from holds import Kind\nlate = post.kind == Kind.LATE",
    "from holds import COPY\nprint(COPY)\nheld = kind == 'copy'",
    "from wording import words\nsaid = words(post).removesuffix('.')",
    "WORDS = {'late': 'It was late.'}\nsaid = WORDS.get(kind, 'All is well.')",
    "for what, may in (('Write posts', 1), ('Read all', 2)):\n    found = may in roles",
)


def test_no_branch_compares_a_sentence() -> None:
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "node_modules" not in path.parts
    }

    compared = [
        place
        for place in House(sources).comparisons()
        if not place.file.startswith(CARRYING_OVER)
    ]

    ours = [one for one in compared if one.code not in OTHERS.get(one.file, ())]
    theirs = {(one.file, one.code) for one in compared if one not in ours}
    assert [str(one) for one in ours] == []
    assert theirs == {(file, code) for file, codes in OTHERS.items() for code in codes}


def test_no_template_compares_a_sentence() -> None:
    found = [
        str(place)
        for path in sorted(TEMPLATES.rglob("*.*"))
        for place in of_template(path.name, path.read_text())
    ]

    assert found == []


def test_every_fact_that_a_template_names_exists() -> None:
    named = {
        (one.node.name, one.attr)
        for path in TEMPLATES.rglob("*.*")
        for one in ENGINE.parse(path.read_text()).find_all(nodes.Getattr)
        if isinstance(one.node, nodes.Name) and one.node.name in FACTS
    }

    assert {name for name, _ in named} == FACTS.keys()
    assert [one for one in named if one[1] not in FACTS[one[0]].__members__] == []


@pytest.mark.parametrize("source", COMPARED)
def test_a_comparison_of_a_sentence_is_seen(source: str) -> None:
    files = {f"{name}.py": said for name, said in SAID.items()}
    found = House({**files, "face.py": source}).comparisons()

    assert [place.file for place in found] == ["face.py"]


@pytest.mark.parametrize("source", NOT_COMPARED)
def test_a_fact_is_no_sentence_and_so_is_what_is_only_shown(source: str) -> None:
    files = {f"{name}.py": said for name, said in SAID.items()}

    assert House({**files, "face.py": source}).comparisons() == []


@pytest.mark.parametrize(
    "source",
    [
        '{% if post.state == "in review" %}late{% endif %}',
        "{{ 'a' if warning.startswith('Not offered') }}",
        '{{ {"Surely sent": "is-live"}.get(sure, "needs you") }}',
        '{{ {"Surely sent": "is-live"}[sure] }}',
    ],
)
def test_a_comparison_in_a_template_is_seen(source: str) -> None:
    assert of_template("page.html", source)


def test_what_a_template_only_shows_is_no_comparison() -> None:
    shown = '{{ {"new": "All is new"}.get(show, "Not one") }} {{ say("It is") }}'

    assert of_template("page.html", shown) == []
