"""What a release has done to a twin: commits with their diffs, the tag, the notes, posts, issues and milestones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from fastrel.text.plain import plain

if TYPE_CHECKING:
    from fastrel_twin.bare_repository import Bare
    from fastrel_twin.store import Store

LONGEST = 200
"""Lines of one commit's diff that are shown."""


@dataclass(frozen=True, slots=True)
class CommitDone:
    sha: str
    branch: str
    message: str
    diff: str


@dataclass(frozen=True, slots=True)
class TagDone:
    name: str
    commit: str
    message: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text that would be public: where it stands, its title, its Markdown."""

    where: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a release has changed on a twin."""

    commits: tuple[CommitDone, ...]
    tags: tuple[TagDone, ...]
    texts: tuple[Text, ...]
    changes: tuple[str, ...]
    """Of issues and milestones, a line each."""

    def with_address(self, old: str, new: str) -> Summary:
        """The same with another address of the server in the texts."""
        return replace(self, texts=tuple(replace(one, body=one.body.replace(old, new)) for one in self.texts))

    def as_json(self) -> dict[str, object]:
        return {
            "commits": [
                {"sha": one.sha, "branch": one.branch, "message": one.message, "diff": one.diff} for one in self.commits
            ],
            "tags": [{"name": one.name, "commit": one.commit, "message": one.message} for one in self.tags],
            "texts": [{"where": one.where, "title": one.title, "body": one.body} for one in self.texts],
            "changes": list(self.changes),
        }


@dataclass(frozen=True, slots=True)
class State:
    """The state of a twin at one moment, as far as a release changes it."""

    refs: Mapping[str, str]
    texts: Mapping[tuple[str, str], str]
    """Bodies by where they stand and their titles."""
    issues: Mapping[int, tuple[str, str, str]]
    """Title, state and milestone by number."""
    milestones: Mapping[str, str]
    """State and due date by title."""

    def since(self, before: State, bare: Bare) -> Summary:
        """What has been done since another moment."""
        return Summary(
            tuple(_commits(before, self, bare)),
            tuple(_tags(before, self, bare)),
            tuple(
                Text(where, title, body)
                for (where, title), body in self.texts.items()
                if before.texts.get((where, title)) != body
            ),
            tuple(_changes(before, self)),
        )


def state_of(store: Store) -> State:
    """How a twin stands now; two of them tell what was done in between."""
    titles = {number: one.title for number, one in store.milestones.items()}
    texts = {
        (f"release {one.tag} ({'draft' if one.draft else 'published'})", one.name): one.body
        for one in store.releases.values()
    }
    for one in store.discussions.values():
        texts[f"discussion in {one.category}", one.title] = one.body
        for comment in one.comments:
            texts[f"comment on the discussion “{one.title}”", ""] = comment.body
    return State(
        {name: ref.sha for name, ref in store.bare.refs().items()},
        texts,
        {number: (one.title, one.state, titles.get(one.milestone, "")) for number, one in sorted(store.issues.items())},
        {
            one.title: f"{one.state}, due on {one.due_on:%Y-%m-%d}" if one.due_on else one.state
            for one in store.milestones.values()
        },
    )


def show_summary(summary: Summary) -> None:
    """Print them on standard output."""
    for commit in summary.commits:
        _title(f"Commit {commit.sha[:7]} on {commit.branch}: {commit.message}")
        lines = commit.diff.splitlines()
        for line in lines[:LONGEST]:
            click.echo(f"  {_coloured(line)}")
        if len(lines) > LONGEST:
            click.echo(f"  … and {len(lines) - LONGEST} more lines")
    for tag in summary.tags:
        _title(f"Tag {tag.name} on {tag.commit[:7]}")
        click.echo(f"  {plain(tag.message)}")
    for text in summary.texts:
        _title(f"{text.where[0].upper()}{text.where[1:]}{f': {text.title}' if text.title else ''}")
        click.echo("\n".join(f"  {line}".rstrip() for line in plain(text.body).splitlines()))
    if summary.changes:
        _title("Issues and milestones")
        for change in summary.changes:
            click.echo(f"  {plain(change)}")


def _commits(before: State, after: State, bare: Bare) -> list[CommitDone]:
    found: dict[str, CommitDone] = {}
    for name, sha in after.refs.items():
        if not name.startswith("refs/heads/") or before.refs.get(name) == sha:
            continue
        known = [f"^{one}" for one in before.refs.values()]
        for commit in bare.git("rev-list", "--reverse", sha, *known).split():
            message = bare.commit(commit).message.partition("\n")[0]
            diff = bare.git("show", "--format=", "--unified=1", "--no-color", "--no-ext-diff", commit)
            found.setdefault(commit, CommitDone(commit, name.removeprefix("refs/heads/"), message, diff))
    return list(found.values())


def _tags(before: State, after: State, bare: Bare) -> list[TagDone]:
    found = []
    for name, sha in after.refs.items():
        if name.startswith("refs/tags/") and before.refs.get(name) != sha:
            facts = bare.tag(sha)
            message = facts.message if facts else "(lightweight)"
            found.append(TagDone(name.removeprefix("refs/tags/"), facts.commit if facts else sha, message))
    return found


def _changes(before: State, after: State) -> list[str]:
    lines = []
    for number, (title, state, milestone) in after.issues.items():
        old = before.issues.get(number)
        if old is None:
            lines.append(f"#{number} {title}: opened, now {state}")
        elif old != (title, state, milestone):
            moved = f"moved from milestone {old[2] or 'none'} to {milestone or 'none'}" if old[2] != milestone else ""
            lines.append(f"#{number} {title}: {', '.join(filter(None, [moved, state if old[1] != state else '']))}")
    for title, state in after.milestones.items():
        if before.milestones.get(title) != state:
            lines.append(f"milestone {title}: {state}" + ("" if title in before.milestones else " (new)"))
    return lines


def _title(words: str) -> None:
    click.echo("\n" + click.style(plain(words), bold=True))


def _coloured(line: str) -> str:
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(plain(line), fg=colour) if colour else plain(line)
