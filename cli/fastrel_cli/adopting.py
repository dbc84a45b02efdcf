"""Makes the proposal of `init` for the current folder, and prints it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import click

from fastrel.actions.registry import parameters_of_actions
from fastrel.adopt.decisions import NOBODY, Agreement, Proposal
from fastrel.adopt.detection import detect, with_history
from fastrel.adopt.drafting import Tool
from fastrel.adopt.findings import Findings
from fastrel.adopt.findings import Found as Fact
from fastrel.adopt.github import unasked, with_commit, with_github
from fastrel.adopt.listing import Listing, read_listing
from fastrel.adopt.packages import packages_of
from fastrel.adopt.proposal import Adoption, FileChange, adoption, is_found
from fastrel.errors import UsageError
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.addresses import repository_of
from fastrel.github.transport.connection import connection_from_environment
from fastrel.text.plain import plain
from fastrel_cli.sessions import client_of, require_name
from fastrel_cli.streams.verbosity import say

SCHEMA = "fastrel.init/1"
SHOWN_TEXT = 60
"""Characters of an item that are shown."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of the checkout around the current folder."""

    worktree: Worktree
    listing: Listing
    findings: Findings
    guide: str
    tool: Tool

    def adoption(self, agreement: Agreement = NOBODY) -> Adoption:
        """What adopting would do, with what a person has said to it."""
        return adoption(
            self.listing,
            self.findings,
            parameters_of_actions(),
            guide=self.guide,
            tool=self.tool,
            agreement=agreement,
        )


def find(guide: Path | None, repo: str, action: str, *, offline: bool, package: Path | None = None) -> Found:
    """Look at the checkout around the current folder. UsageError outside of one."""
    worktree = Worktree.at(Path.cwd())
    if repo:
        require_name(repo)
    tool = Tool.read(action) if action else _own_source()
    listing = read_listing(worktree)
    findings = detect(listing, repository=repo, path=_folder(worktree, listing, package) if package else "")
    if findings.version_files and not findings.dev_version:
        findings = with_history(findings, worktree.history_of(findings.version_files[0].path))
    if offline or findings.repository is None:
        findings = unasked(findings, "GitHub was not asked" if offline else "the repository is not known")
    else:
        connection = connection_from_environment()
        client = client_of(connection)
        findings = with_github(findings, Repository(client, findings.repository.value))
        tool = with_commit(tool, Repository(client, tool.repository))
    named = _inside(worktree, guide) if guide else ""
    return Found(worktree, listing, findings, named, tool)


def ask(found: Adoption) -> Agreement:
    """Ask about each item that would publish something, and about placeholders for the version."""
    asked = [one for one in found.items if one.asked]
    if asked:
        say("\nWhat others see is done by a step only when you say so. Otherwise it stays with people.")
    agreed = {
        one.line
        for one in asked
        if click.confirm(f"  Line {one.line}, “{plain(one.text)}”: {one.asked}?", default=False, err=True)
    }
    values = bool(found.placeholder) and click.confirm(
        f"\n{found.placeholder} stands for the version. Write {{{{ version }}}} or {{{{ tag }}}} there, in whose place "
        "each release shows its own?",
        default=False,
        err=True,
    )
    return Agreement(True, frozenset(agreed), frozenset(one.line for one in asked) - agreed, values)


def show_adoption(found: Adoption) -> None:
    """What was found, and what becomes of the items, on standard error."""
    for name, value in _facts(found.findings):
        say(f"{name:<15}{plain(value)}")
    if found.items:
        recognised = sum(bool(one.uses) for one in found.items)
        say(f"\n{found.guide}: {recognised} of {len(found.items)} items have an action, the others stay manual")
        width = max(len(one.uses or "manual") for one in found.items)
        for one in found.items:
            say(_item_line(one, width))
    _list("Notes", found.notes, say)
    _list("By hand, since it cannot be edited safely", found.by_hand, lambda line: click.echo(line, err=True))
    say("")


def _list(title: str, lines: Sequence[str], show: Callable[[str], None]) -> None:
    if lines:
        show(f"\n{title}:")
    for line in lines:
        show("  - " + plain(line).rstrip().replace("\n", "\n    "))


def show_diff(changes: Sequence[FileChange]) -> None:
    """The diff on standard output, coloured in a terminal."""
    for change in changes:
        for line in change.diff():
            click.echo(_coloured(plain(line)))


def show_next(found: Adoption) -> None:
    """What was written and what to type next."""
    by_itself = is_found(found.guide, found.findings.docs)
    option = "" if by_itself else f" --guide {found.guide}"
    for change in found.changes:
        say(f"{'new' if change.is_new else 'changed':<8}{change.path}")
    say("\nNext, look at the files and commit them. Then:\n")
    for command, words in (
        ("lint", "is anything wrong with the guide?"),
        ("doctor", "are token, role and settings as they should be?"),
        ("rehearse", "a whole release on a local GitHub"),
        ("open", "the release issue of the next release"),
    ):
        argument = option.replace(" --guide", "") if command == "lint" else option
        say(f"  {f'fastrel-checklist {command}{argument}':<{30 + len(option)}}{words}")


def adoption_json(found: Adoption, *, written: bool) -> str:
    """The proposal in its documented form."""
    findings = found.findings
    return json.dumps(
        {
            "schema": SCHEMA,
            "guide": found.guide,
            "written": written,
            "repository": findings.repository.value if findings.repository else None,
            "branch": findings.branch.value,
            "tag": findings.tag.value,
            "version": findings.version or None,
            "version_files": [file.path for file in findings.version_files],
            "changelog": findings.changelog.path if findings.changelog else None,
            "files": [
                {
                    "path": change.path,
                    "change": "new" if change.is_new else "changed",
                    "diff": "".join(f"{line}\n" for line in change.diff()),
                }
                for change in found.changes
            ],
            "items": [
                {
                    "line": one.line,
                    "text": one.text,
                    "step": one.step_id,
                    "uses": one.uses or None,
                    "confirmed": one.confirmed,
                    "asked": one.asked or None,
                    "confidence": one.confidence.value if one.confidence else None,
                    "reason": one.reason,
                }
                for one in found.items
            ],
            "by_hand": list(found.by_hand),
            "notes": list(found.notes),
        },
        indent=2,
        ensure_ascii=False,
    )


def _facts(findings: Findings) -> list[tuple[str, str]]:
    files = ", ".join(dict.fromkeys(file.path for file in findings.version_files))
    rows: list[tuple[str, str]] = [
        ("Repository", _words(findings.repository)),
        ("Branch", _words(findings.branch)),
        ("Package", findings.path),
        ("Tags", _words(findings.tag)),
        ("Versions", _scheme(findings)),
        ("Version", f"{findings.version} in {files}" if files else ""),
        ("Docs", f"{findings.docs}/" + (f" ({findings.mkdocs})" if findings.mkdocs else "") if findings.docs else ""),
        ("Site", _words(findings.site)),
        ("Image", _words(findings.image)),
        ("Python index", _words(findings.package)),
        ("npm", _words(findings.npm)),
        ("crates.io", _words(findings.crate)),
        ("Changelog", findings.changelog.words if findings.changelog else ""),
        ("Release notes", findings.release_notes),
        ("Workflows", ", ".join(path.rpartition("/")[2] for path in findings.workflow_files)),
        ("Milestones", {True: "in use", False: "not in use", None: ""}[findings.milestones]),
        ("Discussions", _discussions(findings)),
    ]
    return [(name, value or "not found") for name, value in rows if value or name in ("Repository", "Version")]


def _scheme(findings: Findings) -> str:
    known = {"pep440": "as Python has them", "calver": f"by the calendar, {findings.calver}"}
    return known.get(findings.versions, "")


def _discussions(findings: Findings) -> str:
    if findings.categories is None:
        return ""
    return findings.category or ("no category for news" if findings.categories else "switched off")


def _words(found: Fact | None) -> str:
    if found is None:
        return ""
    guess = ", a guess" if found.guess else ""
    return f"{found.value} ({found.source}{guess})"


def _item_line(one: Proposal, width: int) -> str:
    text = plain(one.text)
    text = text if len(text) <= SHOWN_TEXT else f"{text[: SHOWN_TEXT - 1]}…"
    confidence = one.confidence.value if one.confidence else ""
    reason = f" ({plain(one.reason)})" if one.reason else ""
    return f"  {one.line:>4}  {one.uses or 'manual':<{width}}  {confidence:<6}  {text}{reason}"


def _coloured(line: str) -> str:
    if line.startswith(("--- ", "+++ ")):
        return click.style(line, bold=True)
    return click.style(line, fg={"+": "green", "-": "red", "@": "cyan"}.get(line[:1]))


def _folder(worktree: Worktree, listing: Listing, package: Path) -> str:
    """The folder of a package, from the top of the checkout. UsageError when nothing is in it."""
    folder = _inside(worktree, package)
    if folder == "." or not any(one.startswith(f"{folder}/") for one in listing.paths):
        known = ", ".join(one.folder for one in packages_of(listing)[:10])
        raise UsageError(
            f"{package} is not the folder of a package in this checkout.",
            done="Nothing was changed.",
            next_step=f"Name one of {known}." if known else "Name a folder below the top.",
        )
    return folder


def _inside(worktree: Worktree, guide: Path) -> str:
    try:
        return guide.resolve().relative_to(worktree.root.resolve()).as_posix()
    except ValueError:
        raise UsageError(
            f"{guide} is not in this checkout.", done="Nothing was changed.", next_step="Name a page of the checkout."
        ) from None


def _own_source() -> Tool:
    """Where this program comes from, as its package says; the placeholder when it does not."""
    try:
        urls = metadata.metadata("fastrel-checklist").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        urls = []
    for entry in urls:
        name, _, address = entry.partition(", ")
        if name.lower() in ("source", "repository", "source code") and "github.com" in address:
            return Tool(repository_of(address))
    return Tool()
