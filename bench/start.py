"""How long it takes until `--help` is on the screen, against the import of Click alone."""

from __future__ import annotations

from bench.measure import PYTHON, Row, alternately

ROUNDS = 15


def rows() -> list[Row]:
    ours, click = alternately([[PYTHON, "-m", "fastrel_cli", "--help"], [PYTHON, "-c", "import click"]], ROUNDS)
    detail = f"{ours * 1000:.0f} ms / {click * 1000:.0f} ms"
    return [Row("`--help` / `python -c 'import click'`", ours / click, 1.5, detail)]
