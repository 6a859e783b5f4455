"""Writes NOTICE: what this desk is made of, by whose licence. `make notice` runs it.

The names and versions are those of the locks; the licences are what each installed
package says of itself.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)([^\\\n]*)", re.M)
HEADING = """\
Standfirst
Licensed under the Apache License, Version 2.0; see LICENSE.

Standfirst installs the packages below, each under its own licence; the front end that
it builds holds the JavaScript ones. scripts/notice.py makes this list from the locks.
"""
FACTS = """
Facts

    desk/look_alikes.txt, of the confusables.txt of Unicode 17.0.0: Unicode-3.0
    Copyright (c) 1991-2025 Unicode, Inc. See https://www.unicode.org/license.txt
"""
# What a package's own words leave open.
KNOWN = {
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
LONGEST = 60  # of a licence's name; some packages put its whole text there


def notice() -> str:
    """The whole file."""
    parts = [HEADING]
    for title, lines in (("Python", _python()), ("JavaScript", _javascript())):
        parts.append(f"\n{title}\n\n" + "".join(f"    {line}\n" for line in lines))
    return "".join(parts) + FACTS


def _python() -> Iterator[str]:
    lock = (ROOT / "requirements" / "run.txt").read_text()
    for name, version, marker in PINNED.findall(lock):
        try:
            yield f"{name} {version}: {_licence(name)}"
        except PackageNotFoundError:
            if ";" not in marker:  # else it is for another kind of machine
                raise


def _licence(name: str) -> str:
    said = metadata(name)
    if expression := said.get("License-Expression"):
        return expression
    classified = [
        one.rsplit(" :: ", 1)[1]
        for one in said.get_all("Classifier") or []
        if one.startswith("License :: ") and one.count(" :: ") > 1
    ]
    if classified:
        return " AND ".join(KNOWN.get(one, one) for one in classified)
    written = (said.get("License") or "").strip().split("\n")[0]
    return written if 0 < len(written) <= LONGEST else "see its own files"


def _javascript() -> Iterator[str]:
    lock = json.loads((ROOT / "web" / "frontend" / "package-lock.json").read_text())
    for path, package in sorted(lock["packages"].items()):
        if path and not package.get("optional"):
            name = path.removeprefix("node_modules/")
            licence = package.get("license", "see its own files")
            yield f"{name} {package['version']}: {licence}"


if __name__ == "__main__":
    (ROOT / "NOTICE").write_text(notice())
    sys.exit(0)
