"""The version that instructions are written with, such as 0.2.0 or X.Y.Z: where it means the release's, it becomes a
value. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from semver import Version

_COMMANDS = (
    re.compile(r"git tag\b[^\n]*?\sv?(\d+\.\d+\.\d+)(?![\w.-])"),
    re.compile(r"(?i)bump(?:ed)? version to v?(\d+\.\d+\.\d+)(?![\w.-])"),
    re.compile(r"git push\b[^\n]*\sv?(\d+\.\d+\.\d+)(?![\w.-])"),
)
_PLACEHOLDER = re.compile(r"(?<![\w.])(v?)(?:[xX]\.[yY]\.[zZ]|<version>|<VERSION>|NEXT(?<=vNEXT))(?![\w.])")


def with_values(lines: list[str], ranges: Sequence[tuple[int, int]]) -> None:
    """Put values in the place of the example version and of what follows it, in these ranges of lines."""
    numbers = [line for start, end in ranges for line in range(start, end)]
    text = "\n".join(lines[line] for line in numbers)
    example = next((found[1] for one in _COMMANDS if (found := one.search(text))), "")
    for line in numbers:
        lines[line] = _PLACEHOLDER.sub(
            lambda match: "{{ tag }}" if match[1] or match[0] == "vNEXT" else "{{ version }}", lines[line]
        )
        if example:
            lines[line] = _filled(lines[line], Version.parse(example))


def _filled(line: str, example: Version) -> str:
    patch, minor = example.bump_patch(), example.bump_minor()
    values = {
        f"{patch}-dev": "{{ dev_version }}",
        f"{patch}.dev0": "{{ dev_version }}",
        f"v{example}": "{{ tag }}",
        str(example): "{{ version }}",
        str(patch): "{{ next_version }}",
        str(minor): "{{ next_minor }}",
    }
    found = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    return re.sub(rf"(?<![\w.]){'(?:' + found + ')'}(?![\w-]|\.\d)", lambda match: values[match[0]], line)
