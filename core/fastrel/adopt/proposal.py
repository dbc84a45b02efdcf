"""Everything that adopting would change, as texts before and after. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastrel.adopt import mkdocs_file
from fastrel.adopt.annotation import annotate, task_lines
from fastrel.adopt.candidates import ONLY, SHARED, checklist, guides, new_guide, prose, sections, unsupported
from fastrel.adopt.changelogs import changelog_note
from fastrel.adopt.decisions import NOBODY, Agreement, Proposal
from fastrel.adopt.drafting import PLACEHOLDER, Tool, drafted_guide, workflow
from fastrel.adopt.findings import Findings
from fastrel.adopt.listing import Listing
from fastrel.adopt.page_settings import with_settings_of
from fastrel.adopt.prose import with_boxes
from fastrel.adopt.recognition.example_version import placeholders, with_placeholders_filled
from fastrel.adopt.workflows import OWN
from fastrel.errors import UsageError
from fastrel.guide.settings import has_settings, parse_settings

TITLE = "Release guide"
"""What the navigation calls the guide."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after; before is None for a new one."""

    path: str
    before: str | None
    after: str

    @property
    def is_new(self) -> bool:
        return self.before is None

    def diff(self) -> Iterator[str]:
        """The lines of a unified diff, as git shows it."""
        old = "/dev/null" if self.is_new else f"a/{self.path}"
        for line in difflib.unified_diff(_lines(self.before or ""), _lines(self.after), old, f"b/{self.path}"):
            yield line.rstrip("\r\n") if line.endswith("\n") else f"{line}\n\\ No newline at end of file"


@dataclass(frozen=True, slots=True)
class Adoption:
    """The whole proposal: the guide, the files that change, the items, what people must do."""

    guide: str
    findings: Findings
    changes: tuple[FileChange, ...] = ()
    items: tuple[Proposal, ...] = ()
    by_hand: tuple[str, ...] = ()
    """Lines to add by hand, where a file cannot be edited safely."""
    notes: tuple[str, ...] = ()
    placeholder: str = ""
    """What the page writes in the place of the version, when a person may have it replaced."""


def adoption(
    listing: Listing,
    findings: Findings,
    actions: Mapping[str, frozenset[str]],
    *,
    guide: str = "",
    tool: Tool | None = None,
    agreement: Agreement = NOBODY,
) -> Adoption:
    """What adopting would do. `guide` is the page that a person has named, which must exist; `agreement` is what a
    person has said to the actions that are proposed."""
    tool = tool or Tool()
    notes: list[str] = []
    path, change, items, more = _guide(listing, findings, actions, guide, agreement)
    notes += more
    if findings.changelog:
        notes += changelog_note(findings.changelog, change.after if change else _text(listing, path))
    changes = [change] if change else []
    by_hand: list[str] = []
    if findings.mkdocs and PurePosixPath(path).is_relative_to(findings.docs):
        before = listing.texts[findings.mkdocs]
        after, lines = _site(before, PurePosixPath(path).relative_to(findings.docs).as_posix())
        by_hand += [f"{findings.mkdocs}:\n{one}" for one in lines]
        if after != before:
            changes.append(FileChange(findings.mkdocs, before, after))
    own = f".github/workflows/{findings.workflow}" if findings.workflow else OWN
    if own not in listing.paths:
        text = workflow(findings, "" if is_found(path, findings.docs) else path, tool)
        changes.append(FileChange(own, None, text))
        if tool.repository == PLACEHOLDER:
            notes.append(f"{own} names OWNER: say whose fastrel-checklist it calls, here by --action or in the file")
        elif not tool.is_pinned:
            notes.append(
                f"{own} calls {tool.repository} by the name {tool.ref}, which can be moved, since its commit could not "
                f"be found out: write the full SHA in its place, here by --action {tool.repository}@SHA or in the file"
            )
    placeholder = ""
    if change and change.before and not agreement.values:
        word, count = placeholders(change.before, task_lines(change.before, ONLY if SHARED.search(path) else ""))
        placeholder = f"{word} in {count} {'line' if count == 1 else 'lines'}" if word else ""
    if placeholder and not agreement.seen:
        notes.append(f"{placeholder} stands for the version; at a terminal, init offers the release's values there")
    return Adoption(path, findings, tuple(changes), items, tuple(by_hand), (*findings.notes, *notes), placeholder)


def is_found(path: str, docs: str) -> bool:
    """Whether commands find a guide at this path by themselves."""
    folder = PurePosixPath(path).parent
    return folder == PurePosixPath() or folder.is_relative_to(docs or "docs") or folder.is_relative_to(".github")


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _guide(
    listing: Listing, findings: Findings, actions: Mapping[str, frozenset[str]], given: str, agreement: Agreement
) -> tuple[str, FileChange | None, tuple[Proposal, ...], tuple[str, ...]]:
    texts = _of_package(listing.texts, findings.path)
    known = [given] if given and has_settings(_text(listing, given)) else [] if given else guides(texts, findings.docs)
    if known:
        others = f"; {', '.join(known[1:])} are guides, too" if known[1:] else ""
        return known[0], None, (), (f"{known[0]} is a guide already and stays as it is{others}",)
    found = given or checklist(texts)
    written, boxed = ("", None) if found else prose(texts)
    if found or boxed:
        found = found or written
        text = _text(listing, found)
        only = ONLY if SHARED.search(found) else ""
        boxed = boxed or with_boxes(text, only)
        known_notes = findings.notes
        findings = with_settings_of(findings, text)
        ranges = [] if boxed.steps else task_lines(text, only)
        shown = with_placeholders_filled(text, ranges) if agreement.values and not boxed.steps else boxed.text
        annotated = annotate(shown, found, findings, actions, only=only, agreement=agreement, code=boxed.code)
        boxes = (f"{found} had no `- [ ]` items: {boxed.steps} steps have got a box",) if boxed.steps else ()
        notes = (*boxes, *findings.notes[len(known_notes) :], *annotated.notes)
        return found, FileChange(found, text, annotated.text), annotated.proposals, notes
    path = f"{findings.path}/RELEASING.md" if findings.path else new_guide(listing.paths, findings.docs)
    notes = (f"{written} has no steps that could be recognised, and stays as it is",) if written else ()
    return (
        path,
        FileChange(path, None, drafted_guide(findings)),
        (),
        (*notes, *sections(listing.texts), *unsupported(listing.paths)),
    )


def _of_package(texts: Mapping[str, str], path: str) -> Mapping[str, str]:
    """The texts in which the guide of a package is looked for: those in its folder, and guides that name it."""
    if not path:
        return {name: text for name, text in texts.items() if not (has_settings(text) and _path_of(text))}
    return {
        name: text
        for name, text in texts.items()
        if name.startswith(f"{path}/") or (name.endswith(".md") and _path_of(text) == path)
    }


def _path_of(text: str) -> str:
    return parse_settings(text, "")[0].path if has_settings(text) else ""


def _text(listing: Listing, path: str) -> str:
    if path not in listing.texts:
        raise UsageError(
            f"{path} is not a Markdown page of this checkout.",
            done="Nothing was changed.",
            next_step="Name one that exists; without --guide, a new one is written.",
        )
    return listing.texts[path]


def _site(text: str, page: str) -> tuple[str, list[str]]:
    """The MkDocs configuration with plugin and page, and the lines that a person must add."""
    by_hand: list[str] = []
    if not mkdocs_file.has_plugin(text):
        changed = mkdocs_file.with_plugin(text)
        text = changed if changed is not None else text
        by_hand += [] if changed is not None else [mkdocs_file.PLUGIN_LINES]
    if mkdocs_file.has_navigation(text) and not mkdocs_file.in_navigation(text, page):
        changed = mkdocs_file.with_page(text, TITLE, page)
        text = changed if changed is not None else text
        by_hand += [] if changed is not None else [f"nav:\n  - {TITLE}: {page}\n"]
    return text, by_hand
