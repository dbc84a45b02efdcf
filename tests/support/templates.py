"""Which of GitHub's path templates, such as `/repos/{owner}/{repo}/commits/{ref}`, a path belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

LONG = {"ref", "path", "branch", "basehead", "tag"}
"""Parameters that may hold slashes."""


def fitting(path: str, templates: Iterable[str]) -> str:
    """The template of a path: of several, the one with the fewest parameters; empty when there is none."""
    found = [one for one in templates if _pattern(one).fullmatch(path)]
    return min(found, key=lambda one: (one.count("{"), -len(one)), default="")


@cache
def _pattern(template: str) -> re.Pattern[str]:
    # The braces of parameters are the only characters of a template that mean something to a regular expression.
    return re.compile(re.sub(r"\{(\w+)\}", lambda match: ".+" if match[1] in LONG else "[^/]+", template))
