"""The section of a version as a text of its own, whose links work outside of the changelog."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urljoin

from fastrel.changelog.page import Page, normal_label, read_page
from fastrel.changelog.sections import Changelog, Section

LONGEST = 125_000
"""Characters of a release's notes; GitHub answers 422 to more: `body is too long (maximum is 125000 characters)`."""
_TICKS = re.compile(r"(?<!`)(`+)(?!`)[^\r\n]*?(?<!`)\1(?!`)")
_REFERENCE = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]")
_INLINE = re.compile(r"(?P<image>!\[[^\[\]]*)?\]\((?P<address><[^<>\n]*>|[^()\s<]+)")
_LAST = re.compile(r"(?:[-*_ \t]{3,}|<a (?:name|id)=[^<>]*>(?:</a>)?)?")
"""A line with which no section ends: a rule, or the anchor of the next one."""
_LONG_LINE = 5_000
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the changelog stands: the page of the repository, a tag or branch, and the path."""

    repository: str
    ref: str
    path: str

    @property
    def page(self) -> str:
        return f"{self.repository}/blob/{quote(self.ref)}/{quote(self.path)}"

    def absolute(self, address: str, *, image: bool = False) -> str:
        """An address as it is followed from the changelog's page on GitHub."""
        if _ABSOLUTE.match(address) or not address:
            return address
        if address.startswith("#"):
            return f"{self.page}{address}"
        if address.startswith("/"):
            address = posixpath.relpath(address, posixpath.dirname(f"/{self.path}"))
        found = urljoin(self.page, address)
        return found.replace("/blob/", "/raw/", 1) if image else found


@dataclass(frozen=True, slots=True)
class SectionNotes:
    """What a section says, and the definitions of the links that it uses."""

    body: str
    definitions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.with_body(self.body)

    def with_body(self, body: str) -> str:
        return "\n".join([body, *([""] if self.definitions else []), *self.definitions])


def section_notes(changelog: Changelog, section: Section, origin: Origin) -> SectionNotes:
    """The notes of a section: without its heading, comments and headings under which nothing stands."""
    page = changelog.page
    lines = re.sub(r"\r\n?", "\n", _without_definitions(page, section)).split("\n")
    while lines and _LAST.fullmatch(lines[-1].strip()):
        lines.pop()
    body = _without_empty_headings("\n".join(lines).strip("\n"))
    masked = _without_code(body)
    used = {normal_label(match[1]) for match in _REFERENCE.finditer(masked)}
    definitions = [one for one in page.definitions if normal_label(one.label) in used]
    used_lines = {
        one.line(page.text, one.label, origin.absolute(one.address.strip("<>"))).strip(): None for one in definitions
    }
    return SectionNotes(_with_absolute_links(body, masked, origin), tuple(used_lines))


def _without_definitions(page: Page, section: Section) -> str:
    """The text of a section without definitions of links and comments."""
    gaps = sorted([*page.hidden, *((one.start, one.end) for one in page.definitions)])
    parts, place = [], section.heading.end
    for start, end in gaps:
        if section.heading.end <= start < section.end:
            parts.append(page.text[place:start])
            place = end
    return "".join([*parts, page.text[place : section.end]])


def _without_empty_headings(body: str) -> str:
    """The text without headings that stand above nothing, the innermost first."""
    while True:
        page = read_page(body)
        places = [*page.headings]
        for number, heading in enumerate(places):
            behind = places[number + 1] if number + 1 < len(places) else None
            end = behind.start if behind else len(body)
            if not body[heading.end : end].strip() and (behind is None or behind.level <= heading.level):
                body = f"{body[: heading.start]}{body[end:]}".strip("\n")
                break
        else:
            return body


def _without_code(text: str) -> str:
    """The text with blanks in the place of code, so that positions stay."""
    for start, end in read_page(text).code:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    lines = text.split("\n")
    return "\n".join(
        _TICKS.sub(lambda found: " " * len(found[0]), line) if len(line) <= _LONG_LINE else " " * len(line)
        for line in lines
    )


def _with_absolute_links(text: str, masked: str, origin: Origin) -> str:
    for match in reversed(list(_INLINE.finditer(masked))):
        start, end = match.span("address")
        address = text[start:end]
        plain = address.strip("<>")
        absolute = origin.absolute(plain, image=bool(match["image"]))
        text = text[:start] + address.replace(plain, absolute, 1) + text[end:] if plain else text
    return text


def shortened(notes: SectionNotes, more: str, limit: int = LONGEST) -> str:
    """The notes, cut at the end of a line where they are too long, with `more` behind them; never inside code."""
    if len(notes.text) <= limit:
        return notes.text
    room = limit - len(notes.with_body("")) - len(more) - 2
    if room < 0:  # so many definitions that nothing else has a place
        return shortened(SectionNotes(notes.body), more, limit)
    body = notes.body[: notes.body.rfind("\n", 0, room + 1) if "\n" in notes.body[: room + 1] else room]
    for start, end in read_page(notes.body).code:
        if start < len(body) < end - 1:
            body = body[:start]
    return notes.with_body(f"{body.rstrip()}\n\n{more}")


def lines_of(text: str) -> Iterator[str]:
    """The lines that say something, without what surrounds them."""
    return (line.strip() for line in text.splitlines() if re.search(r"\w", line))
