"""`python -m bench [NAME...]`: measures and prints a table; the exit code is 1 when a limit is not met.

`--page FILE` also writes the table between the marks of a page of the documentation; when some subjects are named, only
their lines.
"""

from __future__ import annotations

import argparse
import platform
import sys
from importlib import import_module
from pathlib import Path

from bench.measure import Row

SUBJECTS = ("start", "reading", "docs", "size")
BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios that are measured side by side.")
    parser.add_argument("subjects", nargs="*", metavar="NAME", help=f"of {', '.join(SUBJECTS)}; all when none is given")
    parser.add_argument("--page", type=Path, help="also write the table into this page")
    arguments = parser.parse_args()
    unknown = set(arguments.subjects) - set(SUBJECTS)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    rows: list[Row] = []
    for name in arguments.subjects or SUBJECTS:
        print(f"measuring: {name}", file=sys.stderr)
        rows += import_module(f"bench.{name}").rows()
    print(_table(rows))
    if arguments.page:
        _write(arguments.page, rows, whole=not arguments.subjects)
    return 0 if all(row.met for row in rows) else 1


def _table(rows: list[Row]) -> str:
    return "\n".join(["| what | ratio | wanted | measured | |", "|---|---|---|---|---|", *map(_line, rows)])


def _line(row: Row) -> str:
    return f"| {row.subject} | {row.ratio:.2f} | {row.wanted} | {row.detail} | {'✔' if row.met else '✘'} |"


def _renewed(table: str, rows: list[Row]) -> str:
    """The table with the lines of these rows in place of those of the same subjects."""
    new = {row.subject: _line(row) for row in rows}
    lines = [new.pop(line.removeprefix("| ").partition(" | ")[0], line) for line in table.split("\n")]
    return "\n".join([*lines, *new.values()])


def _write(page: Path, rows: list[Row], *, whole: bool) -> None:
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    shown, _, after = rest.partition(END)
    table = _table(rows) if whole else _renewed(shown[shown.index("| what") :].strip(), rows)
    where = f"Measured with Python {platform.python_version()} on {platform.system()} ({platform.machine()}).\n"
    page.write_text(f"{before}{BEGIN}\n{where}\n{table}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
