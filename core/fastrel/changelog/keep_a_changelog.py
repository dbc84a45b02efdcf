"""The release of “Unreleased”: it becomes the version with its date, and an empty one stays above it.

Source: https://keepachangelog.com/en/1.1.0/. Headings, dates and links are written as the changelog has them; every
other character stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from fastrel.changelog.compare import Step, unreleased_address, version_address
from fastrel.changelog.dates import DateStyle, common_style
from fastrel.changelog.page import Definition, Heading, Page
from fastrel.changelog.sections import Changelog, Section, read_changelog
from fastrel.changelog.title import VersionTitle, clear, same_version
from fastrel.errors import UsageError

UNCHANGED = "The changelog was not changed."
_LABELLED = re.compile(
    r"\[(?P<text>(?:\\.|[^\[\]\\])+)\](?:\((?P<address>[^()\s]*)\)|\[(?P<label>(?:\\.|[^\[\]\\])*)\])?"
)
_NOTHING = re.compile(
    r"(?i)[-*+_\s]*(?:nothing|none|no (?:unreleased |notable )?changes|tb[ad]|n/?a|to ?do)"
    r"(?: yet| so far| (?:has )?changed(?: yet)?)?[.!…]*[_*\s]*"
)


@dataclass(frozen=True, slots=True)
class Naming:
    """How the changelog and its release are named."""

    path: str
    title: str
    version: str
    tag: str
    template: str
    """The template of tags, with `{version}`."""
    day: date

    def step_from(self, previous: str) -> Step:
        tag = self.template.replace("{version}", previous) if previous else ""
        return Step(self.version, self.tag, previous, tag)


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def with_release(text: str, naming: Naming) -> str:
    """The changelog with the version's section; as it is when it has that already. UsageError when it cannot."""
    changelog = read_changelog(text, naming.title)
    if changelog.of(naming.version):
        return text
    section = unreleased_section(changelog, naming)
    edits = [_heading_edit(changelog, section, naming), *_link_edits(changelog, section, naming)]
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def new_heading(text: str, naming: Naming) -> str:
    """What the version's heading will say."""
    changelog = read_changelog(text, naming.title)
    return _version_text(changelog, unreleased_section(changelog, naming), naming)


def unreleased_section(changelog: Changelog, naming: Naming) -> Section:
    """The one section of the changes to come, that of the version if it has one. UsageError when there is none, or
    several."""
    pending = tuple(one for one in changelog.sections if one.version and one.pending)
    own = tuple(one for one in pending if one.version and same_version(one.version.version, naming.version))
    found = own or changelog.coming
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"{naming.path} has no heading “{naming.title}”, and none of {naming.version}.",
            done=UNCHANGED,
            next_step=f"Write the section of {naming.version} by hand, or name the heading of the changes to come with "
            '`heading="…"` in the guide.',
        )
    lines = " and ".join(str(one.heading.line) for one in found)
    raise UsageError(
        f"{naming.path} has several sections of what is not released, in lines {lines}.",
        done=UNCHANGED,
        next_step="Make them one.",
    )


def is_empty(changelog: Changelog, section: Section) -> bool:
    """Whether a section says nothing: headings, comments, rules and “Nothing yet” do not count."""
    page, lines = changelog.page, []
    without = [
        *page.hidden,
        *((one.start, one.end) for one in page.headings),
        *((one.start, one.end) for one in page.definitions),
    ]
    place = section.heading.end
    for start, end in sorted(one for one in without if place <= one[0] < section.end):
        lines.append(page.text[place : max(start, place)])
        place = max(end, place)
    lines.append(page.text[place : section.end])
    return all(
        not re.search(r"\w", line) or _NOTHING.fullmatch(line) is not None for line in "".join(lines).splitlines()
    )


def _heading_edit(changelog: Changelog, section: Section, naming: Naming) -> _Edit:
    """The heading of the changes to come, and below it that of the version; only the latter where the heading named a
    version itself."""
    text, heading = changelog.page.text, section.heading
    version = _heading_like(text, heading, _version_text(changelog, section, naming))
    if section.version is not None:
        return _Edit(heading.start, heading.end, version)
    again = _heading_like(text, heading, _unreleased_text(changelog, section, naming))
    end = re.search(r"(?:\r\n|\n|\r)\Z", text[heading.start : heading.end])
    line_end = end[0] if end else "\n"
    return _Edit(heading.start, heading.end, f"{again if end else again + line_end}{line_end}{version}")


def _heading_like(text: str, heading: Heading, words: str) -> str:
    """The lines of a heading with other words; a line below it that was as long is as long as they are."""
    if heading.underline is None:
        return text[heading.start : heading.text_start] + words + text[heading.text_end : heading.end]
    start, end = heading.underline
    width = len(words) if end - start == len(heading.text) else end - start
    return (
        text[heading.start : heading.text_start]
        + words
        + text[heading.text_end : start]
        + text[start] * width
        + text[end : heading.end]
    )


def _version_text(changelog: Changelog, section: Section, naming: Naming) -> str:
    style = common_style(one.version.date[1] for one in changelog.released if one.version and one.version.date)
    if section.version is not None:
        return _completed(section.heading.text, section.version, naming, style)
    model = _model(changelog)
    if model is not None and model.version is not None:
        return _like(changelog, model, model.version, section, naming, style)
    words = section.heading.text
    found = _LABELLED.search(words)
    address = found["address"] if found and found["address"] else ""
    if address:
        link = version_address(naming.step_from(""), address, "", "")
        return f"[{naming.version}]({link}) - {style.written(naming.day)}" if link else naming.version
    name = f"[{naming.version}]" if found and found.start() == 0 else naming.version
    return f"{name} - {style.written(naming.day)}"


def _model(changelog: Changelog) -> Section | None:
    """The newest version whose heading begins with the version and its date; else one that says nothing else."""
    dated = (one for one in changelog.released if one.version and one.version.is_dated(one.heading.text))
    plain = (one for one in changelog.released if one.version and one.version.plain)
    return next(dated, None) or next(plain, None)


def _completed(text: str, title: VersionTitle, naming: Naming, style: DateStyle) -> str:
    """A heading such as `0.2.0 (unreleased)` with the version and its date."""
    changes = [(title.start, title.end, naming.version)]
    if title.pending:
        changes.append((*title.pending, style.written(naming.day)))
    return _changed(text, changes)


def _like(
    changelog: Changelog, model: Section, title: VersionTitle, section: Section, naming: Naming, style: DateStyle
) -> str:
    text = model.heading.text
    newest = _newest(changelog)
    changes = [(title.start, title.end, naming.version)]
    if title.target:
        address = text[slice(*title.target)]
        found = _LABELLED.search(section.heading.text)
        own = (found["address"] or "") if found else ""
        step = naming.step_from(newest)
        changes.append((*title.target, version_address(step, own, address, "") or address))
    last = title.end + (1 if title.label else 0)
    last = title.target[1] + 1 if title.target else last
    if title.date:
        offset, found_date = title.date
        last = offset + found_date.end
        changes.append((offset + found_date.start, last, style.written(naming.day)))
        closing = re.match(r"\s*[)\]*_]+", text[last:])
        last += closing.end() if closing else 0
    return _changed(text[:last], changes)


def _unreleased_text(changelog: Changelog, section: Section, naming: Naming) -> str:
    """The heading of the changes to come; its own link, if it has one, begins at the version from now on."""
    text = section.heading.text
    found = _LABELLED.search(text)
    if not found or not found["address"]:
        return text
    address = unreleased_address(found["address"], naming.step_from(_newest(changelog)))
    return _changed(text, [(*found.span("address"), address)])


def _newest(changelog: Changelog) -> str:
    """The newest version of the changelog; empty when there is none."""
    return next((one.version.version for one in changelog.released if one.version), "")


def _link_edits(changelog: Changelog, section: Section, naming: Naming) -> list[_Edit]:
    """The links at the end: that of the changes to come begins at the version, which gets one of its own."""
    page = changelog.page
    versions = [
        definition
        for one in changelog.released
        if one.version and (definition := _definition_of(page, one)) is not None
    ]
    coming = page.definition(_label(section.heading.text) or clear(naming.title)) if section.version is None else None
    step = naming.step_from(_newest(changelog))
    edits = []
    if coming:
        edits.append(_address_edit(coming, unreleased_address(coming.address.strip("<>"), step)))
    label = _label(_version_text(changelog, section, naming))
    newest, older = ([*versions, None, None])[:2]
    if newest and step.previous and not _is_of(newest, step.previous):
        older, newest = newest, None  # the previous version has no link; an older one shows the style
    if not label or page.definition(label) or not (coming or newest or older):
        return edits
    model = newest or coming or older
    address = version_address(
        step,
        coming.address.strip("<>") if coming else "",
        newest.address.strip("<>") if newest else "",
        older.address.strip("<>") if older else "",
    )
    if not address or model is None:
        return edits
    brackets = "<{}>" if model.address.startswith("<") else "{}"
    line = model.line(page.text, label, brackets.format(address))
    edits.append(_insertion(page.text, line, coming, newest, older))
    return edits


def _definition_of(page: Page, section: Section) -> Definition | None:
    title = section.version
    if title is None:
        return None
    return page.definition(_label(section.heading.text) or title.version)


def _is_of(definition: Definition, version: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(version)}\Z", definition.label) is not None


def _label(heading: str) -> str:
    """The label by which a heading is a link; empty when it is none, or has its address itself."""
    found = _LABELLED.search(heading)
    return found["label"] or found["text"] if found and found["address"] is None else ""


def _insertion(
    text: str, line: str, coming: Definition | None, newest: Definition | None, older: Definition | None
) -> _Edit:
    """The new line beside that of the previous version: above it, or below where the newest comes last."""
    model = newest or coming or older
    assert model is not None  # asked before
    others = [one for one in (older, coming) if one and one is not model]
    if newest is None:
        below = coming is not None
    elif older is not None:
        below = older.start < newest.start
    else:
        below = bool(others) and others[0].start > newest.start
    end = re.search(r"(?:\r\n|\n|\r)\Z", text[model.start : model.end])
    any_end = re.search(r"\r\n|\n|\r", text)
    line_end = end[0] if end else any_end[0] if any_end else "\n"
    beside = others[0] if others else None
    between = text[min(model.end, beside.end) : max(model.start, beside.start)] if beside else ""
    gap = "" if between.strip() else between  # the blank lines that part the links
    if not below:
        return _Edit(model.start, model.start, f"{line}{line_end}{gap}")
    return _Edit(model.end, model.end, f"{gap}{line}{line_end}" if end else f"{line_end}{gap}{line}")


def _address_edit(definition: Definition, address: str) -> _Edit:
    brackets = 1 if definition.address.startswith("<") else 0
    start = definition.address_start + brackets
    return _Edit(start, start + len(definition.address) - 2 * brackets, address)


def _changed(text: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, words in sorted(changes, reverse=True):
        text = text[:start] + words + text[end:]
    return text
