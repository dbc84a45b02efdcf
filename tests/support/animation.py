"""An animated picture of three views as one SVG: a terminal types, then an issue and a page change. It runs without
scripts, also in an `img`, and stands still for readers who want less motion."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from dataclasses import dataclass
from itertools import count

from rich.console import Console
from rich.text import Text

SECONDS = 11
TYPED, PER_LINE, CHANGED = 0.6, 0.3, 0.9
"""When the command is there, seconds between its lines, and between its end and the next view's change."""
GAP, PICTURE = 16, (590, 330)


@dataclass(frozen=True)
class Panel:
    """A view before and after, as JPEG."""

    before: bytes
    after: bytes


def animated(command: str, screen: str, panels: list[Panel], columns: int) -> str:
    """The whole SVG; the terminal is above, the panels are side by side below it."""
    console = Console(record=True, width=columns, file=io.StringIO(), force_terminal=True)
    console.print(Text.assemble(("$ ", "bold green"), command))
    console.print(Text.from_ansi(screen), soft_wrap=True)
    terminal = console.export_svg(title="", unique_id="terminal")
    terminal = re.sub(r"@font-face \{.*?\}\s*", "", terminal, flags=re.DOTALL).replace(
        "Fira Code, monospace", "monospace"
    )
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', terminal)
    assert size
    full = PICTURE[0] * 2 + GAP
    height = float(size[2]) * full / float(size[1])
    moments: list[float] = []
    numbers = count()

    def at(moment: float) -> str:
        moments.append(moment)
        return f'class="at{next(numbers)}"'

    lines = sorted({int(one) for one in re.findall(r"#terminal-line-(\d+)", terminal)})
    for line in lines:
        shown = TYPED if line == 0 else TYPED + 0.8 + PER_LINE * line
        name = at(shown)
        texts = rf'(<text [^>]*clip-path="url\(#terminal-line-{line}\)"[^>]*>[^<]*</text>)'
        terminal = re.sub(texts, rf"<g {name}>\1</g>", terminal)
    end = TYPED + 0.8 + PER_LINE * (len(lines) or 1)
    terminal = re.sub(r"<svg ", f'<svg x="0" y="0" width="{full}" height="{height:.0f}" ', terminal, count=1)
    pictures = ""
    for number, panel in enumerate(panels):
        x, y = number * (PICTURE[0] + GAP), height + GAP
        place = f'x="{x}" y="{y:.0f}" width="{PICTURE[0]}" height="{PICTURE[1]}"'
        pictures += f'<image {place} href="{_data(panel.before)}"/>'
        pictures += f'<g {at(end + CHANGED * (number + 1))}><image {place} href="{_data(panel.after)}"/></g>'
        pictures += f'<rect {place} rx="6" fill="none" stroke="#8b949e"/>'
    frames = "".join(
        f".at{number}{{animation:f{number} {SECONDS}s step-end infinite}}"
        f"@keyframes f{number}{{0%{{opacity:0}}{100 * moment / SECONDS:.1f}%{{opacity:1}}100%{{opacity:1}}}}"
        for number, moment in enumerate(moments)
    )
    still = "@media (prefers-reduced-motion:reduce){g{animation:none!important}}"
    total = height + GAP + PICTURE[1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {total:.0f}" width="{full}" height="{total:.0f}">'
        f"<style>{frames}{still}</style>{terminal}{pictures}</svg>\n"
    )


def _data(picture: bytes) -> str:
    return f"data:image/jpeg;base64,{b64encode(picture).decode()}"
