"""Takes from Unicode's confusables.txt what names need, into desk/look_alikes.txt.

python scripts/look_alikes.py CONFUSABLES.TXT
"""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

INTO = Path(__file__).resolve().parent.parent / "desk" / "look_alikes.txt"
ROW = re.compile(r"^([0-9A-F]+) ;\t([0-9A-F ]+) ;\tMA", re.M)
VERSION = re.compile(r"^# Version: (\S+)", re.M)
HEADING = """\
# What is drawn as what: a letter, and the letters that stand for it.
# Of Unicode {version}, confusables.txt (UTS #39), where NFKC does not do the same.
# (c) Unicode, Inc., licensed under Unicode-3.0: https://www.unicode.org/license.txt
"""


def main(source: Path) -> None:
    text = source.read_text(encoding="utf-8-sig")
    found = VERSION.search(text)
    if not found:
        raise SystemExit(f"{source} is no confusables.txt")
    rows = [f"{one} {into}\n" for one, into in ROW.findall(text) if _stays(one)]
    INTO.write_text(HEADING.format(version=found[1]) + "".join(sorted(rows)))


def _stays(code: str) -> bool:
    letter = chr(int(code, 16))
    return unicodedata.normalize("NFKC", letter) == letter


if __name__ == "__main__":
    main(Path(sys.argv[1]))
