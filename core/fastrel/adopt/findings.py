"""What was found out about a project, and where."""

from __future__ import annotations

from dataclasses import dataclass

from fastrel.adopt.changelogs import ChangelogFound
from fastrel.adopt.release_makers import ReleaseMaker
from fastrel.guide.model import Settings, VersionFile


@dataclass(frozen=True, slots=True)
class Found:
    """A value and where it was found; a guess is marked as one."""

    value: str
    source: str = ""
    guess: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """Facts about a project from files, git and (where it could be asked) GitHub. None and empty: not found."""

    repository: Found | None = None
    branch: Found = Found("main", "the default")
    tag: Found = Found("v{version}", "the default")
    version: str = ""
    """What the version files say."""
    version_files: tuple[VersionFile, ...] = ()
    unstated: tuple[str, ...] = ()
    """Files that could state the version, and say nothing of one."""
    docs: str = ""
    """The folder of the docs pages."""
    mkdocs: str = ""
    """Path of the MkDocs configuration."""
    site: Found | None = None
    image: Found | None = None
    package: Found | None = None
    """The name in the Python package index, when a workflow publishes it."""
    npm: Found | None = None
    """The name in npm's registry, when a workflow publishes it."""
    crate: Found | None = None
    """The name in crates.io, when a workflow publishes it."""
    release_workflow_names: tuple[str, ...] = ()
    """Names of the workflows that run when a release is published."""
    maker: ReleaseMaker | None = None
    """What makes the GitHub releases, when a workflow does."""
    versions: str = ""
    """How versions are written, when that is not semver: a value of `versions:`."""
    calver: str = ""
    """The pattern of calendar versions."""
    dev_version: str = ""
    """The template of development versions that the files have had."""
    milestone: str = ""
    """The template of the titles of milestones; empty: the version, or unknown."""
    path: str = ""
    """The folder of the package that is released; empty: the whole repository."""
    workflow: str = ""
    """The file of the workflow for the tracker, when it is not the usual one."""
    release_notes: str = ""
    """Path of the configuration of generated release notes."""
    changelog: ChangelogFound | None = None
    checks: tuple[str, ...] = ()
    """Workflow files that run for pushes to the branch."""
    workflow_files: tuple[str, ...] = ()
    """All workflow files."""
    tag_checks: tuple[str, ...] = ()
    """Workflow files that run for a pushed tag."""
    tag_workflow_names: tuple[str, ...] = ()
    """Names of the workflows that run for a pushed tag."""
    workflow_names: tuple[str, ...] = ()
    """Names of the workflows that run for pushes."""
    milestones: bool | None = None
    """Whether releases have milestones; None when GitHub was not asked."""
    labels: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    """The categories of Discussions; empty when they are switched off."""
    literal: bool = False
    """Whether the page has placeholders of others, which must stay as they are."""
    notes: tuple[str, ...] = ()
    """What people should know: what disagrees, what was left out, what could not be found out."""

    @property
    def category(self) -> str:
        """The category for release discussions; empty when there is none that is meant for news."""
        wanted = ("announcements", "releases", "news")
        known = {name.lower(): name for name in self.categories or ()}
        return next((known[name] for name in wanted if name in known), "")

    @property
    def bug_label(self) -> str:
        return _label(self.labels, r"bugs?", "bug")

    @property
    def feature_labels(self) -> tuple[str, ...]:
        """The labels of features and breaking changes; the default ones when GitHub has any of these, or was not
        asked."""
        default = Settings().feature_labels
        if self.labels is None or {one.lower() for one in self.labels} & set(default):
            return default
        own = [one for one in self.labels if _is_about(one, r"feature|enhancement|breaking(?:[ -]change)?")]
        return tuple(own) or default


def _label(labels: tuple[str, ...] | None, pattern: str, default: str) -> str:
    if labels is None or default in {one.lower() for one in labels}:
        return default
    return next((one for one in labels if _is_about(one, pattern)), default)


def _is_about(label: str, pattern: str) -> bool:
    """Whether a label such as `bug`, `type: bug` or `kind/bug` says this."""
    import re

    return re.fullmatch(rf"(?i)(?:(?:type|kind|t|c|category)\s*[:/_-]+\s*)?(?:{pattern})", label.strip()) is not None
