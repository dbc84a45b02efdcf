"""A list of GitHub's, read whole: page after page by `rel="next"`, or all at once where the last page is known.

A list that ends early is an error, never a shorter list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fastrel.errors import NotFound, RemoteError
from fastrel.github.transport.fields import Fields, objects
from fastrel.github.transport.paging import Links, expected, last_number, numbered, page_path

PAGES = 10_000
"""Pages of a list that are read at most: a million entries."""
TRIES = 3
"""How often a list is read that changes while it is read."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the path and query that it was asked by, its JSON, and the links to others."""

    asked: str
    data: object
    links: Links


Read = Callable[[str], Page]
All = Callable[[Sequence[str]], Sequence[Page]]


def read_whole(path: str, key: str, read: Read, at_once: All, api_url: str, size: int) -> list[Fields]:
    """All entries, each once; `key` names the list inside an object. `at_once` reads several pages at the same time,
    `size` is how many entries a page was asked to have.

    RemoteError for a list that does not come to its end.
    """
    first = read(path)
    pages = _by_number(first, read, at_once, api_url) or _by_links(first, read, api_url)
    for attempt in reversed(range(TRIES)):
        entries = _each_once(entry for page in pages for entry in _entries(page, key))
        totals = [total for page in pages if (total := expected(page.data)) is not None]
        # One that comes or goes while the pages are read changes the total; the least one must be there.
        complete = len(pages) == 1 and len(entries) < size
        if not totals or complete or len(entries) >= min(totals):
            return entries
        if attempt:
            pages = _by_links(read(path), read, api_url)
    raise _ends_early(path, f"it has {min(totals)} entries, and {len(entries)} came")


def cursor_after(connection: Fields, before: str | None, what: str) -> str | None:
    """The cursor of the next page of a GraphQL connection; None when this one is the last. RemoteError for one that
    does not lead on, and for a connection that is not there."""
    if "nodes" not in connection.data:
        raise NotFound(
            f"GitHub has no {what}, or the token may not see it.",
            done="Nothing was concluded from that.",
            next_step="Check `branch:` and `tag:` in the guide, and the token's access.",
        )
    info = connection.sub("pageInfo")
    if not info.flag("hasNextPage"):
        return None
    after = info.text("endCursor")
    if not after or after == before:
        raise _ends_early(what, "its pages lead back to one that was read before")
    return after


def _by_number(first: Page, read: Read, at_once: All, api_url: str) -> list[Page]:
    """All pages at the same time; empty where they have no numbers, or the list has changed meanwhile."""
    found = numbered(first.links, first.asked, api_url)
    if found is None:
        return []
    if found.last > PAGES:
        raise _ends_early(first.asked, f"it has {found.last} pages, more than are read")
    rest = list(at_once([found.page(number) for number in range(2, found.last + 1)]))
    if first.links.next and not all(page.links.next for page in rest[:-1]):
        return []
    if rest[-1].links.last and last_number(rest[-1].links, rest[-1].asked, api_url) == found.last:
        return [first, *rest]  # it says of itself that it is the last one
    return [first, *rest[:-1], *_by_links(rest[-1], read, api_url, before=[first, *rest[:-1]])]


def _by_links(first: Page, read: Read, api_url: str, before: Sequence[Page] = ()) -> list[Page]:
    """A page and all that come after it."""
    pages, seen = [first], {page.asked for page in (*before, first)}
    while (links := pages[-1].links).next or links.broken:
        asked = page_path(links.next, pages[-1].asked, api_url) if links.next else ""
        if not asked:
            raise _ends_early(first.asked, "the URL of its next page cannot be read")
        if asked in seen:
            raise _ends_early(first.asked, "its pages lead back to one that was read before")
        if len(seen) >= PAGES:
            raise _ends_early(first.asked, f"it has more than {PAGES} pages")
        seen.add(asked)
        pages.append(read(asked))
    return pages


def _entries(page: Page, key: str) -> list[Fields]:
    return Fields.of(page.data).items(key) if key else objects(page.data)


def _each_once(entries: Iterable[Fields]) -> list[Fields]:
    """Without what came twice, because somebody added an entry while the pages were read."""
    seen: set[object] = set()
    found: list[Fields] = []
    for entry in entries:
        key = entry.data.get("id") or entry.data.get("sha")
        if key is None or key not in seen:
            seen.add(key)
            found.append(entry)
    return found


def _ends_early(path: str, why: str) -> RemoteError:
    return RemoteError(
        f"The list {path.partition('?')[0]} does not come to its end: {why}.",
        done="Nothing was concluded from the part of it that came.",
        next_step="Type the same command again in a minute. If it stays so, check what stands between you and GitHub.",
    )
