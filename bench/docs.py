"""A documentation site of 200 pages, built with the plugin and without."""

from __future__ import annotations

import tempfile
from math import sqrt
from pathlib import Path
from statistics import mean

from bench.measure import PYTHON, ROOT, Row, Used, used
from fastrel_twin.server import running_twin
from fastrel_twin.workflows.simulated_ci import Timing

Pair = tuple[float, float]
"""Seconds with the plugin and without."""
PAGES = 200
ROUNDS = (15, 40)
"""Pairs of builds: at least, and at most where they differ much."""
EXACT = 0.005
"""The uncertainty of the ratio with which the measuring ends."""
CONFIGURATION = """\
site_name: Two hundred pages
theme:
  name: material
  font: false
plugins:
  - search
{plugin}markdown_extensions: [admonition, attr_list, pymdownx.highlight, pymdownx.superfences, tables]
"""
SECTION = """\
## Section {number}

Words about the subject, with `code`, **emphasis** and a [link](page-{other}.md). They go on for a line or two, as
words in a manual do, so that a page has the weight of an ordinary one.

| option | default | meaning |
|---|---|---|
| `one` | 1 | the first |
| `two` | 2 | the second |

!!! note
    A note with a list:

    - one
    - two

```python
def answer(question: str) -> int:
    return {{"life": 42}}.get(question, 0)
```

"""


def rows() -> list[Row]:
    guide = (ROOT / "docs" / "release-guide.md").read_text(encoding="utf-8")
    with (
        tempfile.TemporaryDirectory(prefix="fastrel-bench-") as folder,
        running_twin(Path(folder) / "github", guide_text=guide, timing=Timing()) as twin,
    ):
        sites = [
            _site(Path(folder) / name, guide, plugin) for name, plugin in (("with", "  - fastrel\n"), ("without", ""))
        ]
        environment = {
            "GITHUB_API_URL": twin.api_url,
            "GH_TOKEN": twin.tokens["maintain"],
            "NO_MKDOCS_2_WARNING": "1",
            # As after an installation. Where the shell forbids to keep compiled modules, each build would compile those
            # of the plugin and those of MkDocs anew.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled"),
        }
        commands = [[PYTHON, "-m", "mkdocs", "build", "--quiet", "--config-file", str(site)] for site in sites]
        for command in commands:
            used(command, env=environment)  # the first build has nothing to compare with
        # The difference is smaller than what a machine's speed changes in a minute, so neighbours in time are compared.
        rounds: list[tuple[Used, Used]] = []
        while len(rounds) < ROUNDS[0] or (len(rounds) < ROUNDS[1] and _uncertainty(_computing(rounds)) > EXACT):
            rounds.append(_pair(commands, environment, ours_first=len(rounds) % 2 == 0))
    return [
        _row("wall time", [(ours.seconds, plain.seconds) for ours, plain in rounds]),
        _row("processor time of all processes", _computing(rounds)),
    ]


def _computing(rounds: list[tuple[Used, Used]]) -> list[Pair]:
    return [(ours.computing, plain.computing) for ours, plain in rounds]


def _pair(commands: list[list[str]], environment: dict[str, str], *, ours_first: bool) -> tuple[Used, Used]:
    """What the two builds use; they take turns at being first, since a machine has less to do for the second."""
    found = [used(command, env=environment) for command in (commands if ours_first else commands[::-1])]
    ours, plain = found if ours_first else found[::-1]
    return ours, plain


def _middle(pairs: list[Pair]) -> list[Pair]:
    """The middle half by their ratios: one build in a busy moment counts for nothing."""
    quarter = len(pairs) // 4
    return sorted(pairs, key=_ratio)[quarter : len(pairs) - quarter]


def _ratio(pair: Pair) -> float:
    return pair[0] / pair[1]


def _uncertainty(pairs: list[Pair]) -> float:
    """Of the ratio of the middle half, which is 1.35 standard deviations wide in a normal distribution."""
    middle = _middle(pairs)
    return (_ratio(middle[-1]) - _ratio(middle[0])) / 1.35 / sqrt(len(pairs))


def _row(what: str, pairs: list[Pair]) -> Row:
    ours, plain = (mean(times) for times in zip(*_middle(pairs), strict=True))
    detail = f"{ours:.2f} s / {plain:.2f} s; ±{_uncertainty(pairs):.3f}, {len(pairs)} pairs"
    return Row(f"docs of {PAGES} pages, with the plugin / without: {what}", ours / plain, 1.05, detail)


def _site(folder: Path, guide: str, plugin: str) -> Path:
    docs = folder / "docs"
    docs.mkdir(parents=True)
    (docs / "release-guide.md").write_text(guide, encoding="utf-8")
    for page in range(PAGES - 1):
        sections = "".join(SECTION.format(number=number, other=(page + number) % (PAGES - 1)) for number in range(6))
        (docs / f"page-{page}.md").write_text(f"# Page {page}\n\n{sections}", encoding="utf-8")
    configuration = folder / "mkdocs.yml"
    configuration.write_text(CONFIGURATION.format(plugin=plugin), encoding="utf-8")
    return configuration
