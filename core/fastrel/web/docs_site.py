"""Whether a published documentation site shows a version."""

from __future__ import annotations

import json
import re
from urllib.parse import urljoin

from fastrel.errors import RemoteError
from fastrel.web.http import fetch

_BEFORE = r"(?<![\d.])(?<!\d!)"
"""What does not stand before a version: more of its numbers, or its epoch."""
_AFTER = r"(?![0-9A-Za-z_]|[-+][0-9A-Za-z]|\.\d|\.(?i:a|b|c|rc|alpha|beta|pre|post|rev|r|dev)[-._]?(?:\d|\b))"
"""What does not stand behind it: more of its numbers, or what makes it a pre-, post-, development or local version.
Source: https://peps.python.org/pep-0440/#appendix-b-parsing-version-strings-with-regular-expressions and semver.org"""


def site_shows(url: str, version: str) -> str:
    """The address at which the site shows the version or another text; empty when it does not.

    Looks into `versions.json` (as mike writes it: https://github.com/jimporter/mike) and at the page's text.
    RemoteError when the site does not answer.
    """
    base = url if url.endswith("/") else f"{url}/"
    listing = fetch(urljoin(base, "versions.json"))
    if listing.status == 200 and any(version == one or names(one, version) for one in _versions(listing.text)):
        return urljoin(base, "versions.json")
    page = fetch(base)
    if page.status == 404:
        return ""  # a site is not there before its first deployment
    if page.status != 200:
        raise RemoteError(f"The site {base} answers {page.status}.")
    return base if names(page.text, version) else ""


def site_answers(url: str) -> bool:
    """Whether there is a site at the address. RemoteError when it answers something else than yes or no."""
    page = fetch(url if url.endswith("/") else f"{url}/")
    if page.status not in (200, 404):
        raise RemoteError(f"The site {url} answers {page.status}.")
    return page.status == 200


def names(text: str, version: str) -> bool:
    """Whether a text names a version, and not only others that it is a part of: 10.2.0, 0.2.0rc1 or 0.2.0-rc.1."""
    return re.search(rf"{_BEFORE}{re.escape(version)}{_AFTER}", text) is not None


def _versions(text: str) -> set[str]:
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        return set()
    found: set[str] = set()
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict):
            # mike: a version such as 0.2 may have the title `0.2.0 (latest)`, and aliases such as `latest`.
            aliases = entry.get("aliases")
            stated = [entry.get("version"), entry.get("title"), *(aliases if isinstance(aliases, list) else [])]
            found |= {str(one) for one in stated if one}
    return found
