"""Which tests reach which lines: with it, the tests of a changed line run, the quickest ones first, instead of whole files.

python tests/torture/reach.py OUTPUT tests/core tests/journeys/test_tags.py
python tests/torture/mutate.py --drawn --sample 12 --reach OUTPUT
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

TOP = Path(__file__).resolve().parents[2]
PACKAGES = ("fastrel", "fastrel_mkdocs", "fastrel_cli")
MOST_TESTS, MOST_SECONDS = 12, 40.0
"""How many of the tests of one line run, and how long they took together when they were recorded."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The tests of each line of each file, and the seconds that a test takes."""

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def tests(self, file: str, first: int, last: int) -> tuple[str, ...]:
        """Some of the tests that reach these lines, from the quickest on; as paths below tests/."""
        found = {test for line in range(first, last + 1) for test in self.lines.get(file, {}).get(line, ())}
        chosen: list[str] = []
        spent = 0.0
        for test in sorted(found, key=lambda one: (self.seconds.get(one, 5.0), one)):
            spent += self.seconds.get(test, 5.0)
            if len(chosen) == MOST_TESTS or (chosen and spent > MOST_SECONDS):
                break
            chosen.append(test.removeprefix("tests/"))
        return tuple(chosen)


def read_reach(file: Path) -> Reach:
    data = json.loads(file.read_text(encoding="utf-8"))
    lines = {
        name: {int(line): [data["tests"][one] for one in tests] for line, tests in found.items()}
        for name, found in data["lines"].items()
    }
    return Reach(lines, data["seconds"])


def record(output: Path, tests: list[str]) -> int:
    """Run tests and write which lines each of them reaches."""
    with tempfile.TemporaryDirectory(prefix="fastrel-reach-") as folder:
        kept, times = Path(folder, "coverage"), Path(folder, "times.xml")
        settings = Path(folder, "settings")
        settings.write_text(f"[run]\nsource_pkgs = {', '.join(PACKAGES)}\ndata_file = {kept}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={times}", "--cov"]
        options = [f"--cov-config={settings}", "--cov-context=test", "--cov-report=", "-o", "junit_family=xunit1"]
        done = subprocess.run([*command, *options, *tests], cwd=TOP, check=False)
        names: dict[str, int] = {}
        lines: dict[str, dict[int, list[int]]] = {}
        data = CoverageData(str(kept))
        data.read()
        for file in data.measured_files():
            found = {
                line: sorted({names.setdefault(one.rpartition("|")[0], len(names)) for one in contexts if one})
                for line, contexts in data.contexts_by_lineno(file).items()
            }
            lines[Path(file).resolve().relative_to(TOP).as_posix()] = found
        seconds: dict[str, float] = {}
        for case in ElementTree.parse(times).iter("testcase"):
            name = f"{case.get('file')}::{case.get('name')}"
            seconds[name] = float(case.get("time") or 0)
        output.write_text(json.dumps({"tests": list(names), "seconds": seconds, "lines": lines}), encoding="utf-8")
        return done.returncode


if __name__ == "__main__":
    raise SystemExit(record(Path(sys.argv[1]), sys.argv[2:]))
