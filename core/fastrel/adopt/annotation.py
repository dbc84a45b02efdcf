"""Making a guide of a checklist that is there: comments and front matter are added, no word is changed. Pure.

The result is proved: it lints clean, and rendered without comments it is what it was. A list for which that cannot be
had stays as it was, and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from fastrel.adopt.decisions import NOBODY, Agreement, Proposal, proposals_for
from fastrel.adopt.findings import Findings
from fastrel.adopt.recognition.conditions import only_maintainers, role_of
from fastrel.adopt.recognition.literals import spelled_out
from fastrel.adopt.settings_text import settings_lines
from fastrel.errors import FastrelError
from fastrel.guide.advice import nearly_boxes, uncommitted
from fastrel.guide.comments import without_all_comments
from fastrel.guide.lines import split_lines
from fastrel.guide.lint import VALUES, lint
from fastrel.guide.outline import Item, Outline, headings_around, outline
from fastrel.guide.parser import blocks_of, parse_guide, step_comment
from fastrel.guide.settings import front_matter, has_settings
from fastrel.guide.template import template_problems

NO_CODE: Mapping[int, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Annotated:
    """The annotated text, the proposal for each item, and what could not be done."""

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
    text: str,
    path: str,
    findings: Findings,
    actions: Mapping[str, frozenset[str]],
    *,
    only: str = "",
    agreement: Agreement = NOBODY,
    code: Mapping[int, tuple[str, ...]] = NO_CODE,
) -> Annotated:
    """The guide that a checklist becomes; `only` restricts it to sections whose heading matches. `code` are code blocks
    that belong to an item without standing in it, by its 0-based line.

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
    if any("{{" in line or "{%" in line for part in parts for line in lines[part.start : part.end]):
        findings = _with_literals(text, path, parts, lines, findings)
    left_out: list[str] = []
    while parts:
        proposals = proposals_for(page, _tasks(parts), findings, agreement, code)
        changed = _changed(lines, text, parts, proposals, findings)
        guide = parse_guide(changed.text, path)
        found = lint(guide, actions)
        if not found and rendered(changed.text) == rendered(text):
            notes = (*left_out, *_spelled_out(path, parts, proposals))
            return Annotated(
                changed.text, proposals, (*notes, *map(str, [*uncommitted(guide), *nearly_boxes(text, path)]))
            )
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
        next_step="Fix it, or give another file with --guide.",
    )


def task_items(text: str, only: str = "") -> int:
    """How many task items a page has, in sections whose heading matches."""
    page = outline(text)
    return sum(item.task for part in _parts(page, only) for item in part.items)


def task_lines(text: str, only: str = "") -> list[tuple[int, int]]:
    """The lines of the lists with task items."""
    return [(part.start, part.end) for part in _parts(outline(text), only)]


def _with_literals(text: str, path: str, parts: list[_Part], lines: list[str], findings: Findings) -> Findings:
    """The findings with the setting that leaves placeholders alone, when the page has some that are not ours."""
    inside = "\n".join("\n".join(lines[part.start : part.end]) for part in parts)
    foreign = bool(template_problems(inside, VALUES)) or "%}" in inside.partition("{%")[2]
    return replace(findings, literal=True) if foreign else findings


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
    return not only or any(re.search(only, one.text, re.IGNORECASE) for one in headings_around(page, line))


def _tasks(parts: list[_Part]) -> list[Item]:
    return [item for part in parts for item in part.items if item.task]


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
    opening = {part.start for part in parts}
    roles = {part.start: " role=maintain" for part in parts if only_maintainers(text, part.items, of_line)}
    closing = {part.end for part in parts}
    out: list[str] = []
    ranges: list[tuple[int, int]] = []
    for number, line in enumerate([*new, None]):
        if number in closing:
            out.append("<!-- /checklist -->")
            ranges[-1] = (ranges[-1][0], len(out))
        if number in opening:
            ranges.append((len(out), len(out)))
            out.append(f"<!-- checklist{roles.get(number, '')} -->")
        if line is not None:
            out.append(line)
    if out and lines and not lines[-1] and out[-1] != "":
        out.append("")
    headed = _with_settings(out, text, findings)
    added = len(headed) - len(out)
    return _Changed(_joined(text, headed), tuple((start + added, end + added) for start, end in ranges))


def _comment(proposal: Proposal) -> str:
    uses = f" uses={proposal.uses}{proposal.parameters}" if proposal.uses else ""
    uses += f" if={proposal.kinds}" if proposal.kinds else ""
    uses += f" role={role}" if (role := role_of(proposal.text)) else ""
    uses += " proposed" if proposal.uses and not proposal.confirmed else ""
    return f"<!-- step {proposal.step_id}{uses} -->"


def _spelled_out(path: str, parts: list[_Part], proposals: tuple[Proposal, ...]) -> tuple[str, ...]:
    tagging = {one.line - 1 for one in proposals if "tag.create" in one.actions}
    items = [item for part in parts for item in part.items if item.start in tagging]
    return tuple(f"{path}:{item.start + 1}: {words}" for item in items if (words := spelled_out(item)))


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
