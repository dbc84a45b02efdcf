"""Names of a release's files. GitHub renames a file that is uploaded: it puts a dot in the place of special characters.

Which characters these are GitHub does not list, so names are compared without them. Pure.
Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset, cli/cli#10585 (a space),
softprops/action-gh-release#159 (`~`, `:`, parentheses), travis-ci/dpl#821 (several in a row become one dot)
"""

from __future__ import annotations

import re
import unicodedata
from fnmatch import fnmatchcase

_DOTFILE = "default"
"""What GitHub puts in front of a name that begins with a dot."""


def comparable(name: str) -> str:
    """The same for a file's name and for the name that GitHub makes of it. A `+` is kept by some ways of uploading and
    not by others."""
    return _plain(_DOTFILE + name if name.startswith(".") else name).strip(".")


def is_named(name: str, pattern: str) -> bool:
    """Whether a file on GitHub has a name, or one that fits a pattern, before or after GitHub has changed it."""
    if fnmatchcase(name, pattern):
        return True
    parts = re.split(r"(\[[^\]]*\]|[*?])", _DOTFILE + pattern if pattern.startswith(".") else pattern)
    plain = "".join(part if number % 2 else _plain(part) for number, part in enumerate(parts))
    return fnmatchcase(_plain(name), plain)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore") if not name.isascii() else name.encode()
    return re.sub(r"[^A-Za-z0-9_-]+", ".", letters.decode())
