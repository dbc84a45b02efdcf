"""The values of a parsed guide: settings, phases and steps, each with the line it stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fastrel.errors import UsageError
from fastrel.github.role import Role
from fastrel.text.suggest import nearest
from fastrel.versions.naming import Naming, scheme_of

EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A file that states the version. `pattern` is a regular expression with one group around the version;
    empty: the format is known from the file's name."""

    path: str
    pattern: str = ""
    key: str = ""
    """Where the version stands in a structured file, such as `workspace.package.version`; empty: where its format has
    it."""
    optional: bool = False
    """Whether the file is left out where it states no version."""
    line: int = field(default=0, compare=False)
    """1-based line of the entry in the guide."""

    @property
    def name(self) -> str:
        """What messages call it; several entries may be of one file."""
        return f"{self.path} ({self.key})" if self.key else self.path


@dataclass(frozen=True, slots=True)
class Settings:
    """The `fastrel:` mapping of the guide's front matter."""

    repository: str = ""
    """`OWNER/NAME`; empty: taken from the `origin` remote."""
    branch: str = "main"
    branch_given: bool = False
    """Whether the guide says the branch; otherwise it is GitHub's default branch."""
    tag: str = "v{version}"
    version: str = ""
    """Pins the release that the docs site shows; empty: the open tracker's."""
    version_files: tuple[VersionFile, ...] = ()
    discussion_category: str = ""
    forum_category: str = ""
    """The Discussions category of the public announcement; empty: `discussion_category`."""
    image: str = ""
    """`REGISTRY/NAME` of the container image, without tag."""
    site: str = ""
    """Address of the published documentation."""
    label: str = "release"
    """The label by which trackers are found."""
    bug_label: str = "bug"
    assignees: tuple[str, ...] = ()
    """Logins that a new tracker is assigned to; empty: whoever opens it."""
    maintainers: tuple[str, ...] = ()
    """Logins that count as maintainers whatever their role."""
    only_maintainers: bool = False
    """Whether nobody but the listed logins counts as maintainer, whatever their role on GitHub."""
    feature_labels: tuple[str, ...] = ("breaking", "breaking-change", "enhancement", "feature")
    """Labels of pull requests that do not belong in a PATCH release."""
    bump: str = "auto"
    """How version commits reach the branch: `direct`, by a push; `pull-request`, by a branch and its merge; `auto`, by
    a pull request where the branch is protected."""
    version_message: str = "Bump version to {version}"
    """The title of the commit that sets the version, and of its pull request."""
    next_message: str = "Start development on version {version}"
    """The title of the commit that sets the next development version, and of its pull request."""
    versions: str = "semver"
    """How versions are written: `semver`, `pep440` or `calver`."""
    calver: str = ""
    """The pattern of calendar versions, such as `YYYY.MM.MICRO`."""
    dev_version: str = ""
    """Template of what files say between releases, such as `{next}.dev0`; empty: the usual one of `versions`."""
    milestone: str = ""
    """Template of the titles of milestones, such as `v{version}`; empty: as they are titled in the project."""
    path: str = ""
    """The folder of the package that is released; empty: the whole repository."""
    placeholders: str = "ours"
    """What `{{ }}` in blocks may hold: `ours`, the release's values and nothing else; `literal`, anything, and what is
    no value of the release stays as it is."""
    workflow: str = "release-checklist.yml"
    """The file of the workflow by which GitHub Actions keeps the checklist; what it runs is no check of the project."""

    @property
    def naming(self) -> Naming:
        """How releases are named."""
        return Naming(self.tag, scheme_of(self.versions, self.calver), self.dev_version, self.milestone)

    @property
    def package(self) -> str:
        """What tells release issues of this guide from those of others in the repository: the template of its tags;
        empty for the guide of the whole repository."""
        return self.tag if self.path or self.tag not in ("v{version}", "{version}") else ""

    @property
    def workflow_path(self) -> str:
        """Where the workflow's file is in the repository."""
        return f".github/workflows/{self.workflow}"


@dataclass(frozen=True, slots=True)
class Step:
    """One task-list item of the guide."""

    id: str
    title: str
    """The first paragraph's Markdown on one line, without our comment; `{{ }}` not yet rendered."""
    line: int
    """1-based line of the item in the guide file."""
    details: str = ""
    """Markdown below the first paragraph, dedented, without nested task items."""
    uses: str = ""
    """The action's name, such as `tag.create`, or several with commas between, in the order in which they are done;
    empty for manual and shell steps."""
    proposed: bool = False
    """Whether the action was proposed by `init` and no person has confirmed that it is what the step means."""
    script: str | None = None
    """The item's own shell code block when the step says `run`; never None then."""
    template: str = ""
    """The item's own Markdown code block, which announcements post; empty when there is none."""
    check: str = ""
    """A shell command that succeeds when the step is done (`check="CMD"`)."""
    confirm: str = ""
    """A question that a person must answer with yes before the step counts as done (`confirm="..."`)."""
    role: Role = Role.WRITE
    kinds: tuple[str, ...] = ()
    """The kinds of release that the step is for (`if=`); empty: all."""
    needs: tuple[str, ...] = ()
    params: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    depth: int = 0
    """0 for an item at top level, 1 for one nested in another item, and so on."""
    ticked: bool = False
    """Whether the guide itself has the box ticked."""
    annotated: bool = False
    """Whether the guide gives the step an id; otherwise the id is the slug of its text."""

    @property
    def actions(self) -> tuple[str, ...]:
        """The names of the actions that the step uses, in their order."""
        return tuple(name for name in self.uses.split(",") if name)


@dataclass(frozen=True, slots=True)
class Phase:
    """The steps under one heading."""

    id: str
    title: str
    """The heading's text as plain text; empty when no heading stands above."""
    line: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a guide, at a line, with a suggestion."""

    path: str
    line: int
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        tail = f" ({self.suggestion})" if self.suggestion else ""
        return f"{self.path}:{self.line}: {self.message}{tail}"


@dataclass(frozen=True, slots=True)
class Guide:
    """A parsed guide. `text` is the whole file, front matter included."""

    path: str
    text: str
    settings: Settings
    phases: tuple[Phase, ...]
    problems: tuple[Problem, ...] = ()
    """What parsing found wrong; `fastrel.guide.lint` finds more."""

    def steps(self) -> Iterator[Step]:
        """All steps in the order of the page."""
        for phase in self.phases:
            yield from phase.steps

    def step(self, step_id: str) -> Step:
        """The step of that id. UsageError that suggests the nearest one."""
        steps = {step.id: step for step in self.steps()}
        if step_id in steps:
            return steps[step_id]
        hint = nearest(step_id, steps)
        raise UsageError(
            f"The guide has no step “{step_id}”.",
            done="Nothing was changed.",
            next_step=f"Did you mean {hint}?" if hint else "Type `fastrel-checklist status` to see the steps.",
        )
