"""Making a guide of a checklist that is there: comments and front matter are added, no word is changed. Pure.

The result is proved: it lints clean, and rendered without comments it is what it was. A list for which that cannot be
had stays as it was, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastrel.adopt.committing import RELEASES, commit_of_version
from fastrel.adopt.findings import Findings
from fastrel.adopt.literals import spelled_out
from fastrel.adopt.recognition import TWO_STEPS, Confidence, Recognised, recognise
from fastrel.adopt.settings_text import settings_lines
from fastrel.errors import FastrelError
from fastrel.guide.advice import advice
from fastrel.guide.comments import without_all_comments
from fastrel.guide.lines import split_lines
from fastrel.guide.lint import lint
from fastrel.guide.outline import Item, Outline, outline
from fastrel.guide.parser import MARKDOWN, blocks_of, parse_guide, proposed_id, step_comment
from fastrel.guide.settings import front_matter, has_settings

WORDS_OF_ID = 6
NESTING = 4
"""Columns by which nested items must be indented, so that the docs site nests them, too."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What becomes of one item of the checklist."""

    line: int
    """1-based, in the file as it was."""
    text: str
    step_id: str
    uses: str = ""
    confidence: Confidence | None = None
    parameters: str = ""
    reason: str = ""
    """Why it stays with people although something was recognised."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """The text as it would be, what becomes of its items, and what could not be done."""

    text: str
    proposals: tuple[Proposal, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines that become one checklist block."""

    start: int
    end: int
    items: tuple[Item, ...] = field(default=())


def annotate(
    text: str, path: str, findings: Findings, actions: Mapping[str, frozenset[str]], *, only: str = ""
) -> Annotated:
    """The guide that a checklist becomes; `only` restricts it to sections whose heading matches.

    FastrelError when no list of the page can become a block.
    """
    if text.count("\r\n") not in (0, text.count("\n")) or "\r" in text.replace("\r\n", ""):
        raise FastrelError(
            f"{path} mixes the line endings of several systems.",
            done="Nothing was changed.",
            next_step="Give it one kind of line ending, or give another file with --guide.",
        )
    lines = split_lines(text)
    page = outline(text)
    if blocks_of(page)[0]:
        return Annotated(_joined(text, _with_settings(lines, text, findings)), ())
    parts = _parts(page, only)
    left_out: list[str] = []
    while parts:
        proposals = _proposals(parts, findings)
        changed = _changed(lines, text, parts, proposals, findings)
        guide = parse_guide(changed.text, path)
        found = lint(guide, actions)
        if not found and rendered(changed.text) == rendered(text):
            notes = (*left_out, *_indented(path, parts, lines), *_spelled_out(path, parts, proposals))
            return Annotated(changed.text, proposals, (*notes, *map(str, advice(guide))))
        wrong = {place: one.message for one in reversed(found) if (place := changed.part_at(one.line - 1)) is not None}
        wrong = wrong or {len(parts) - 1: found[0].message if found else "its rendering would change"}
        left_out += [
            f"{path}:{parts[place].start + 1}: this list is left as it is, as it would not do as steps: {why}"
            for place, why in sorted(wrong.items())
        ]
        parts = [part for place, part in enumerate(parts) if place not in wrong]
    reasons = "\n".join(f"  {one}" for one in left_out) or "  it has no `- [ ]` items"
    raise FastrelError(
        f"{path} cannot become a guide as it stands:\n{reasons}",
        done="Nothing was changed.",
        next_step="Mend it, or give another file with --guide.",
    )


def task_items(text: str) -> int:
    """How many task items a page has."""
    return sum(item.task for item in outline(text).items)


def rendered(text: str) -> str:
    """The page as HTML, without front matter, comments and the white space that they leave."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    lines = split_lines(text)
    html = parser.render("\n".join(lines[front_matter(text)[1] :]))
    return " ".join(without_all_comments(html).replace("<", " <").replace(">", "> ").split())


@dataclass(frozen=True, slots=True)
class _Changed:
    text: str
    parts: tuple[tuple[int, int], ...]
    """The lines of each block in the new text."""

    def part_at(self, line: int) -> int | None:
        return next((number for number, (start, end) in enumerate(self.parts) if start <= line < end), None)


def _parts(page: Outline, only: str) -> list[_Part]:
    """The top-level blocks with task items, neighbours taken together."""
    found: list[_Part] = []
    for start, end in page.parts:
        while end > start + 1 and not page.lines[end - 1].strip():
            end -= 1
        items = tuple(item for item in page.items if start <= item.start < end)
        if not any(item.task for item in items) or not _in_section(page, start, only):
            continue
        last = found[-1] if found else None
        if last and not any(line.strip() for line in page.lines[last.end : start]):
            found[-1] = _Part(last.start, end, last.items + items)
        else:
            found.append(_Part(start, end, items))
    return found


def _in_section(page: Outline, line: int, only: str) -> bool:
    """Whether a heading around the line, whatever its level, matches."""
    if not only:
        return True
    around: list[tuple[int, str]] = []
    for heading in page.headings:
        if heading.line >= line:
            break
        level = _level(page.lines, heading.line)
        around = [one for one in around if one[0] < level] + [(level, heading.text)]
    return any(re.search(only, text, re.IGNORECASE) for _, text in around)


def _level(lines: list[str], line: int) -> int:
    marks = re.match(r" {0,3}(#{1,6})", lines[line])
    return len(marks[1]) if marks else 1 if line + 1 < len(lines) and lines[line + 1].lstrip().startswith("=") else 2


def _proposals(parts: list[_Part], findings: Findings) -> tuple[Proposal, ...]:
    items = [item for part in parts for item in part.items if item.task]
    taken: set[str] = set()
    first: list[Proposal] = []
    for item in items:
        text = " ".join(without_all_comments(item.text).split())
        found = _usable(recognise(text, [one.content for one in item.fences]), item, findings)
        first.append(
            Proposal(
                item.start + 1,
                text,
                _id(item, taken),
                found.action,
                found.confidence,
                _parameters(found.action, findings),
                found.reason,
            )
        )
    place = commit_of_version([(one.text, one.uses or one.reason) for one in first])
    if place is not None:
        wanted = Recognised("version.commit", Confidence.LIKELY, "it commits the version files, and no others")
        found = _usable(wanted, items[place], findings)
        first[place] = replace(first[place], uses=found.action, confidence=found.confidence, reason=found.reason)
    return _once_each(first)


def _id(item: Item, taken: set[str]) -> str:
    name = "-".join(proposed_id(item).split("-")[:WORDS_OF_ID])
    unique, number = name, 1
    while unique in taken:
        number += 1
        unique = f"{name}-{number}"
    taken.add(unique)
    return unique


_VERSIONED = ("version.set", "version.commit", "version.next", "version.commit-next")
_FILE = re.compile(
    r"(?<![\w/])[\w./-]*\w\.(?:py|toml|cfg|json|ya?ml|cff|txt|xml|lock|gradle|properties|hs|rb|go|rs|php|md|rst|sh)\b"
)
_NEEDED: Mapping[str, tuple[str, str]] = {
    "image.available": ("image", "no image was found; set `image:` in the front matter"),
    "site.live": ("site", "no address of the site was found; set `site:` in the front matter"),
    "release.discussion": ("category", "no category of Discussions was found"),
    "discussion.announce": ("category", "no category of Discussions was found"),
    "discussion.forum": ("category", "no category of Discussions was found"),
    "pulls.labels": ("release_notes", "there is no .github/release.yml that says which labels count"),
    "package.available": ("package", "no workflow publishes the package"),
    **dict.fromkeys(_VERSIONED, ("version_files", "no file states the version")),
}
"""What an action cannot do without: an attribute of the findings, and the words when it is missing."""


def _usable(found: Recognised, item: Item, findings: Findings) -> Recognised:
    """What was recognised, unless the project lacks what the action needs."""
    needed, words = _NEEDED.get(found.action, ("", ""))
    if needed and not getattr(findings, needed):
        return Recognised(reason=f"{found.action} would fit, but {words}")
    if found.action.startswith("version."):
        known = {file.path.rpartition("/")[2] for file in findings.version_files}
        others = [name for name in _FILE.findall(item.text) if name.rpartition("/")[2] not in known]
        if others:
            return Recognised(reason=f"{found.action} would fit, but {others[0]} is not among version_files")
    posts = found.action in ("discussion.announce", "discussion.forum")
    if posts and not any(one.language in MARKDOWN for one in item.fences):
        return Recognised(reason=f"{found.action} would fit, if the item had a ```markdown block to post")
    if item.fences and any("--tags" in one.content for one in item.fences) and found.action == "tag.push":
        return replace(found, reason="pushes the tag of the release only, not all tags")
    return found


def _parameters(action: str, findings: Findings) -> str:
    return f" package={findings.package.value}" if action == "package.available" and findings.package else ""


def _once_each(proposals: list[Proposal]) -> tuple[Proposal, ...]:
    """Each action once, except those that several items may share; and a release is drafted where it is published by
    another item only."""
    publishes = any(one.uses == "release.publish" for one in proposals)
    drafts = any(one.uses == "release.draft" for one in proposals)
    seen: dict[str, int] = {}
    kept: list[Proposal] = []
    for one in proposals:
        refusal = ""
        if one.uses == "release.draft" and one.reason == TWO_STEPS and not publishes:
            refusal = one.reason
        elif one.uses in ("release.edit", "release.notes") and not drafts:
            refusal = f"{one.uses} would fit, if an item drafted the release on GitHub"
        elif one.uses in ("version.set", "version.commit") and seen.keys() & RELEASES:
            refusal = f"{one.uses} would fit, but the version is released before; is the development version meant?"
        elif one.uses in seen and one.uses not in _SHARED:
            refusal = f"line {seen[one.uses]} is {one.uses} already"
        if refusal:
            one = replace(one, uses="", confidence=None, parameters="", reason=refusal)
        elif one.uses:
            seen.setdefault(one.uses, one.line)
            one = replace(one, reason="" if one.reason == TWO_STEPS else one.reason)
        kept.append(one)
    return tuple(kept)


_SHARED = frozenset({"version.set", "ci.branch"})
"""Looking at several files, or several checks, is often spelled out in several items."""


def _changed(
    lines: list[str], text: str, parts: list[_Part], proposals: tuple[Proposal, ...], findings: Findings
) -> _Changed:
    new = list(lines)
    of_line = {one.line - 1: one for one in proposals}
    for part in parts:
        for item in part.items:
            proposal = of_line.get(item.start)
            if proposal and item.task and step_comment(item) is None:
                new[item.paragraph_end - 1] += f" {_comment(proposal)}"
        for number, columns in _shifts(part, lines).items():
            new[number] = " " * columns + new[number]
    opening = {part.start for part in parts}
    closing = {part.end for part in parts}
    out: list[str] = []
    ranges: list[tuple[int, int]] = []
    for number, line in enumerate([*new, None]):
        if number in closing:
            out.append("<!-- /checklist -->")
            ranges[-1] = (ranges[-1][0], len(out))
        if number in opening:
            ranges.append((len(out), len(out)))
            out.append("<!-- checklist -->")
        if line is not None:
            out.append(line)
    if out and lines and not lines[-1] and out[-1] != "":
        out.append("")
    headed = _with_settings(out, text, findings)
    added = len(headed) - len(out)
    return _Changed(_joined(text, headed), tuple((start + added, end + added) for start, end in ranges))


def _comment(proposal: Proposal) -> str:
    uses = f" uses={proposal.uses}{proposal.parameters}" if proposal.uses else ""
    return f"<!-- step {proposal.step_id}{uses} -->"


def _indented(path: str, parts: list[_Part], lines: list[str]) -> tuple[str, ...]:
    moved = min((number for part in parts for number in _shifts(part, lines)), default=None)
    if moved is None:
        return ()
    return (
        f"{path}:{moved + 1}: nested items are indented by {NESTING} spaces, else the docs site would not nest them",
    )


def _spelled_out(path: str, parts: list[_Part], proposals: tuple[Proposal, ...]) -> tuple[str, ...]:
    tagging = {one.line - 1 for one in proposals if one.uses == "tag.create"}
    items = [item for part in parts for item in part.items if item.start in tagging]
    return tuple(f"{path}:{item.start + 1}: {words}" for item in items if (words := spelled_out(item)))


def _shifts(part: _Part, lines: list[str]) -> dict[int, int]:
    """By how many columns lines must move to the right, so that each item is indented enough below its parent."""
    shifts: dict[int, int] = {}
    parents: list[tuple[Item, int]] = []
    for item in part.items:
        parents = parents[: item.level]
        moved = 0
        if parents:
            parent, by = parents[-1]
            columns = item.indent - parent.indent
            moved = by + (NESTING - columns if 0 < columns < NESTING and lines[item.start][:1] in (" ", "\t") else 0)
        parents.append((item, moved))
        for number in range(item.start, item.end):
            if moved and lines[number].strip():
                shifts[number] = moved
    return shifts


def _with_settings(lines: list[str], text: str, findings: Findings) -> list[str]:
    """The lines with `fastrel:` in the front matter, which is added when there is none."""
    if has_settings(text):
        return lines
    new, end = settings_lines(findings), front_matter(text)[1]
    if end:
        return [*lines[: end - 1], *new, *lines[end - 1 :]]
    return ["---", *new, "---", *([""] if lines and lines[0].strip() else []), *lines]


def _joined(text: str, lines: list[str]) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    return ("\ufeff" if text.startswith("\ufeff") else "") + end.join(lines)
