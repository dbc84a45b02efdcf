"""Pages of a list: the links in the `Link` header of an answer, and what to ask for next. Pure.

Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api and
https://www.rfc-editor.org/rfc/rfc8288

Own code: `requests.utils.parse_header_links` splits quoted values at `;`, keeps `REL` apart from `rel`, and takes a
header that is none for a link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

_LINK = re.compile(r"""<([^<>]*)>((?:\s*;\s*[^;,="'<>\s]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^;,"<>]*))?)*)""")
_PARAMETER = re.compile(r"""([^;,="'<>\s]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;,"<>]*))""")
CURSORS = frozenset({"after", "before", "cursor", "since_id", "last_sha"})
"""Parameters of a link that say where the next page begins, so that its number alone does not."""


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of other pages of a list; empty where the answer names none."""

    next: str = ""
    last: str = ""
    broken: bool = False
    """Whether there is a header that speaks of a next page and cannot be read."""


def links_of(header: str) -> Links:
    """The links of a header, whatever their order and spelling."""
    found: dict[str, str] = {}
    for match in _LINK.finditer(header):
        for parameter in _PARAMETER.finditer(match[2]):
            if parameter[1].lower() == "rel":
                value = parameter[2] if parameter[2] is not None else parameter[3]
                for relation in value.lower().split():
                    found.setdefault(relation, match[1].strip())
    speaks = re.search(r"""rel\s*=\s*["']?\s*(?:[\w-]+\s+)*next\b""", header, re.IGNORECASE) is not None
    return Links(found.get("next", ""), found.get("last", ""), speaks and not found.get("next"))


def page_path(link: str, asked: str, api_url: str) -> str:
    """The path and query below the API's address that a link means; `asked` is the path and query of the page that has
    it. A link to another server is asked of the API that was asked before, since nothing is sent elsewhere."""
    base = f"{api_url}{asked}"
    try:
        target, api = urlsplit(urljoin(base, link)), urlsplit(api_url)
        same = (target.hostname, target.port) == (api.hostname, api.port)
    except ValueError:
        return ""
    prefix = api.path.rstrip("/")
    own = same and target.path.startswith(f"{prefix}/") and "@" not in target.netloc
    path = target.path[len(prefix) :] if own else asked.partition("?")[0]
    return f"{path}?{target.query}" if target.query else path


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list whose pages can be asked for by their numbers, all at the same time."""

    path: str
    parameters: tuple[tuple[str, str], ...]
    last: int

    def page(self, number: int) -> str:
        return f"{self.path}?{urlencode([*self.parameters, ('page', str(number))])}"


def numbered(links: Links, asked: str, api_url: str) -> Numbered | None:
    """The numbers of the other pages, where the first page names the last one and no cursor is needed; else None."""
    last = page_path(links.last, asked, api_url) if links.last else ""
    # A server that names the last page alone has the others by number, too.
    coming = page_path(links.next, asked, api_url) if links.next else last
    path, _, query = coming.partition("?")
    parameters = parse_qsl(query, keep_blank_values=True)
    total = last_number(links, asked, api_url)
    if total < 2 or {name for name, _ in parameters} & CURSORS:
        return None
    if links.next and dict(parameters).get("page") != "2":
        return None
    return Numbered(path, tuple(one for one in parameters if one[0] != "page"), total)


def last_number(links: Links, asked: str, api_url: str) -> int:
    """The number of the last page; 0 where it is not named or has none."""
    last = page_path(links.last, asked, api_url) if links.last else ""
    return _number(dict(parse_qsl(last.partition("?")[2])).get("page", ""))


def expected(data: object) -> int | None:
    """How many entries the whole list has by an answer's own word; None when it does not say."""
    if not isinstance(data, Mapping):
        return None
    for name in ("total_count", "total_commits"):
        value = data.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
