"""Generated release notes, as GitHub writes them from merged pull requests and `.github/release.yml`.

Source: https://docs.github.com/en/repositories/releasing-projects-on-github/automatically-generated-release-notes
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from fastrel_twin.records import Issue
from fastrel_twin.store import Store

CONFIGURATION = ".github/release.yml"


@dataclass(frozen=True, slots=True)
class Category:
    title: str
    labels: frozenset[str]
    excluded: frozenset[str]

    def takes(self, pull: Issue) -> bool:
        labels = set(pull.labels)
        return not labels & self.excluded and ("*" in self.labels or bool(labels & self.labels))


class UnknownTag(Exception):
    """There is no such previous tag."""


def generated_notes(store: Store, tag: str, target: str, previous: str, web: str) -> str:
    """Markdown with what was merged into `target` since the previous tag. Without a pull request the link alone.

    With a configuration file a comment comes first; the people whose first pull request it is have a heading of their
    own. UnknownTag for a previous tag that is not there.
    Source: https://github.com/googleapis/release-please/issues/1787 and the notes of cli/cli, such as v2.60.0
    """
    if previous and f"refs/tags/{previous}" not in store.bare.refs():
        raise UnknownTag
    previous = previous or _previous_tag(store, tag)
    base = store.bare.resolve(previous) if previous else ""
    between = set(store.bare.commits_between(base, target))
    merged = [one for one in store.issues.values() if one.pull and one.pull.merge_commit in between]
    configuration = store.bare.file(target, CONFIGURATION)
    changelog = (yaml.safe_load(configuration[1]) or {}).get("changelog", {}) if configuration else {}
    exclude = changelog.get("exclude") or {}
    pulls = [
        one
        for one in merged
        if one.author not in (exclude.get("authors") or []) and not set(one.labels) & set(exclude.get("labels") or [])
    ]
    pulls.sort(key=lambda one: (one.pull.merged_at if one.pull else one.created_at, one.number))
    shown = tag if f"refs/tags/{tag}" in store.bare.refs() else target
    lines = [f"<!-- Release notes generated using configuration in {CONFIGURATION} at {shown} -->", ""]
    lines = lines if configuration else []
    if pulls:
        lines.append("## What's Changed")
        for title, group in _grouped(pulls, changelog.get("categories") or []):
            lines += [f"### {title}"] if title else []
            lines += [f"* {one.title} by @{one.author} in {web}/pull/{one.number}" for one in group]
        new = _first_pulls(store, pulls, between)
        words = "made their first contribution in"
        lines += ["", "## New Contributors"] if new else []
        lines += [f"* @{one.author} {words} {web}/pull/{one.number}" for one in new]
        lines += ["", ""]
    compare = f"compare/{previous}...{tag}" if previous else f"commits/{tag}"
    return "\n".join([*lines, f"**Full Changelog**: {web}/{compare}"])


def _first_pulls(store: Store, pulls: list[Issue], between: set[str]) -> list[Issue]:
    """The first pull request of everybody of whom none was merged before; of no bot."""
    before = {
        one.author
        for one in store.issues.values()
        if one.pull and one.pull.merged_at and one.pull.merge_commit not in between
    }
    first: dict[str, Issue] = {}
    for one in pulls:
        if one.author not in before and not one.author.endswith("[bot]"):
            first.setdefault(one.author, one)
    return list(first.values())


def _grouped(pulls: list[Issue], categories: list[dict[str, object]]) -> list[tuple[str, list[Issue]]]:
    if not categories:
        return [("", pulls)]
    groups: list[tuple[str, list[Issue]]] = []
    left = list(pulls)
    for data in categories:
        category = _category(data)
        taken = [one for one in left if category.takes(one)]
        left = [one for one in left if one not in taken]
        if taken:
            groups.append((category.title, taken))
    return [*groups, ("Other Changes", left)] if left else groups


def _category(data: dict[str, object]) -> Category:
    labels, exclude = data.get("labels"), data.get("exclude")
    excluded = exclude.get("labels") if isinstance(exclude, dict) else None
    return Category(
        str(data.get("title", "")),
        frozenset(map(str, labels)) if isinstance(labels, list) else frozenset(),
        frozenset(map(str, excluded)) if isinstance(excluded, list) else frozenset(),
    )


def _previous_tag(store: Store, tag: str) -> str:
    published = [one for one in store.releases.values() if not one.draft and one.tag != tag]
    latest = max(published, key=lambda one: (one.published_at or one.created_at, one.id), default=None)
    return latest.tag if latest else ""
