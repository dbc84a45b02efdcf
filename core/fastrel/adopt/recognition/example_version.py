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
_PLACEHOLDER = re.compile(
    r"(?<![\w.])(v?)(?:[xX]\.[yY]\.[zZ](?![\w])|<version>|<VERSION>|\[VERSION\]|NEXT(?<=vNEXT)(?!\w)"
    r"|\{\{ ?env\.VERSION ?\}\})(?![\w-]|\.\w)"
)


def with_values(lines: list[str], ranges: Sequence[tuple[int, int]]) -> None:
    """Put values in the place of the example version and of what follows it, in these ranges of lines."""
    numbers = [line for start, end in ranges for line in range(start, end)]
    text = "\n".join(lines[line] for line in numbers)
    example = next((found[1] for one in _COMMANDS if (found := one.search(text))), "")
    for line in numbers:
        lines[line] = _PLACEHOLDER.sub(_value, lines[line])
        if example:
            lines[line] = _filled(lines[line], Version.parse(example))


def placeholders(text: str, ranges: Sequence[tuple[int, int]]) -> tuple[str, int]:
    """The placeholder that these lines write in the place of the version most often, and in how many of them."""
    lines = text.split("\n")
    found = [match[0] for start, end in ranges for line in lines[start:end] for match in _PLACEHOLDER.finditer(line)]
    most = max(dict.fromkeys(found), key=found.count, default="")
    count = sum(_PLACEHOLDER.search(line) is not None for start, end in ranges for line in lines[start:end])
    return most, count


def with_placeholders_filled(text: str, ranges: Sequence[tuple[int, int]]) -> str:
    """The text with the values of the release in the place of the placeholders in these lines."""
    lines = text.split("\n")
    for start, end in ranges:
        for line in range(start, end):
            lines[line] = _PLACEHOLDER.sub(_value, lines[line])
    return "\n".join(lines)


def _value(match: re.Match[str]) -> str:
    return "{{ tag }}" if match[1] or match[0] == "vNEXT" else "{{ version }}"


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
