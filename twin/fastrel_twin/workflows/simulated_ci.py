"""Simulated CI: workflows, docker build and deployment, as functions of how long ago a ref was pushed.

Nothing runs in the background: asked twice at the same moment, it says the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from fastrel_twin.merging import merge
from fastrel_twin.records import Push
from fastrel_twin.store import Store
from fastrel_twin.workflows.played_workflows import PlayedWorkflows

OF_EVENTS = 99
"""The number of the workflow that events start, which no push does."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things take, in seconds."""

    register_seconds: float = 0.0
    """From a push until its workflows are registered."""
    ci_seconds: float = 0.0
    """From then until they are through."""
    image_seconds: float = 0.0
    """From the end of the docker workflow until the registry serves the image."""
    site_seconds: float = 0.0
    """From the end of the documentation workflow until the site shows the version."""
    merge_seconds: float | None = None
    """From the opening of a pull request until a reviewer has squashed it into the branch; None: nobody does."""


@dataclass(frozen=True, slots=True)
class Run:
    """A workflow run as it stands now."""

    id: int
    name: str
    workflow_id: int
    push: Push
    status: str
    conclusion: str | None
    attempt: int = 1
    began: float = 0.0
    """In seconds of the twin's own clock."""
    ended: float | None = None
    job: str = ""
    """The name of its check run; empty: the workflow's."""


@dataclass(slots=True)
class SimulatedCi:
    """Watches the refs and answers how far CI, registry and site are."""

    store: Store
    timing: Timing = field(default_factory=Timing)
    clock: Callable[[], float] = time.monotonic
    failing: set[str] = field(default_factory=set)
    """Names of workflows that fail."""
    flaky: set[str] = field(default_factory=set)
    """Names of workflows whose first attempt fails."""
    on_branch: tuple[str, ...] = ()
    on_tag: tuple[str, ...] = ()
    """The workflows that a push starts."""
    jobs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of the jobs of a workflow, which its checks have; without any, there is one of the workflow's name."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The paths of the workflows' files, by name; made from the name where it is not here."""
    image_workflow: str = ""
    site_workflow: str = ""
    package_workflow: str = ""
    """Which of a tag's workflows bring the image, the site that shows versions, and the package; empty: none does."""
    semantic_images: bool = True
    """Whether images have the version as it is for a tag; else as PEP 440 spells it."""
    tag: str = "v{version}"
    """The template of the tags of releases."""
    reviewer: str = "ada"
    """Who merges pull requests, when the play has somebody who does."""
    looks: list[Callable[[SimulatedCi], None]] = field(default_factory=list)
    """What else happens in the course of time; each is asked whenever refs are looked at."""
    attempts: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Runs that were started again: attempt and moment, by run id."""
    events: dict[int, Run] = field(default_factory=dict)
    """Runs that no push has started, by id. They stand as they are."""
    _seen: dict[str, str] = field(default_factory=dict)
    _start: tuple[datetime, float] = field(init=False)
    """The same moment by the clock on the wall and by the twin's own."""

    def __post_init__(self) -> None:
        self._start = self.store.now(), self.clock()

    def on_the_wall(self, moment: float) -> datetime:
        """What time it was at a moment of the twin's own clock."""
        at, then = self._start
        return at + timedelta(seconds=moment - then)

    def observe(self, *, at: float | None = None, starts_workflows: bool = True) -> None:
        """Notice refs that were pushed since the last look. A push with the token of Actions starts no workflow."""
        moment = self.clock() if at is None else at
        self._review()
        for look in self.looks:
            look(self)
        for name, ref in self.store.bare.refs().items():
            if self._seen.get(name) != ref.sha:
                self._seen[name] = ref.sha
                names = None if starts_workflows else ()
                self.store.pushes.append(Push(name, ref.commit, moment, self.store.new_id() * 10, workflows=names))

    def dispatch(self, workflow: str, ref: str, sha: str) -> None:
        """Start one workflow by hand."""
        push = Push(ref, sha, self.clock(), self.store.new_id() * 10, "workflow_dispatch", (workflow,))
        self.store.pushes.append(push)

    def happen(self, event: str, workflow: str, job: str, *, ref: str = "refs/heads/main", number: int = 0) -> Run:
        """An event starts one workflow, which runs until it is ended. GitHub counts it for the newest commit of the
        default branch, where the event is that of no other branch or tag."""
        number = number or self.store.new_id() * 10
        push = Push(ref, self.store.bare.refs()[ref].commit, self.clock(), number, event, (workflow,))
        run = Run(number, workflow, OF_EVENTS, push, "in_progress", None, began=push.at, job=job)
        self.events[number] = run
        return run

    def supersede(self, workflow: str, conclusion: str = "cancelled", *, ref: str = "refs/heads/main") -> Run:
        """An older run of a workflow at the newest commit of a branch, which the one that there is has replaced. GitHub
        keeps its check suite. Source: https://github.com/wechuli/allcheckspassed/issues/102"""
        newest = next(one for one in self.runs() if one.name == workflow and one.push.ref == ref)
        number = newest.push.id - 1 - len(self.events)
        self.events[number] = replace(newest, id=number, status="completed", conclusion=conclusion, ended=self.clock())
        return self.events[number]

    def end(self, number: int, conclusion: str) -> None:
        """End a run of an event; of those that wait in a `concurrency` group, GitHub cancels the older ones."""
        self.events[number] = replace(
            self.events[number], status="completed", conclusion=conclusion, ended=self.clock()
        )

    def runs(self) -> list[Run]:
        """All workflow runs that are registered now, newest first."""
        found = list(self.events.values())
        for push in self.store.pushes:
            names = self.on_tag if push.ref.startswith("refs/tags/") else self.on_branch
            started = [name for name in names if push.workflows is None or name in push.workflows]
            found += [run for number, name in enumerate(started) if (run := self._run(push, number, name))]
        return sorted(found, key=lambda one: one.id, reverse=True)

    def image_is_served(self, tag: str) -> bool:
        """Whether the registry serves the image of a tag or version."""
        return self._ready(tag, self.image_workflow, self.timing.image_seconds)

    def site_versions(self) -> list[str]:
        """The versions that the published site shows, newest first."""
        tags = [push.ref.removeprefix("refs/tags/") for push in self.store.pushes if push.ref.startswith("refs/tags/")]
        shown = [tag for tag in tags if self._ready(tag, self.site_workflow, self.timing.site_seconds)]
        return [self.version_of(tag) for tag in reversed(shown)]

    def published_files(self, package: str) -> list[str]:
        """The files of a package in the index, for every tag whose workflow has published it."""
        return [f"{package.replace('-', '_')}-{version}.tar.gz" for version in self.published_versions()]

    def published_versions(self) -> list[str]:
        """The versions whose workflow has published them."""
        tags = [push.ref.removeprefix("refs/tags/") for push in self.store.pushes if push.ref.startswith("refs/tags/")]
        ready = [tag for tag in tags if self.package_workflow and self._ready(tag, self.package_workflow, 0)]
        return [self.version_of(tag) for tag in ready]

    def version_of(self, tag: str) -> str:
        """The version in a tag."""
        before, _, after = self.tag.partition("{version}")
        return tag.removeprefix(before).removesuffix(after) if tag.startswith(before) else tag.removeprefix("v")

    def is_through(self, tag: str, workflow: str) -> bool:
        """Whether a workflow of a tag has ended well."""
        return self._ready(tag, workflow, 0)

    def play(self, workflows: PlayedWorkflows) -> None:
        """Start these from now on."""
        self.on_branch, self.on_tag = workflows.on_branch, workflows.on_tag
        self.jobs, self.files = workflows.jobs, workflows.files

    def checks_of(self, run: Run) -> list[tuple[int, str, str, str | None]]:
        """Number, name, status and conclusion of the checks of a run: one for each job. When it fails, the first job
        does, and the others are skipped."""
        names = (run.job,) if run.job else self.jobs.get(run.name, (run.name,))
        later = "skipped" if run.conclusion not in (None, "success") else run.conclusion
        return [
            (run.id if not number else run.id * 100 + number, name, run.status, later if number else run.conclusion)
            for number, name in enumerate(names)
        ]

    def run_again(self, run_id: int) -> None:
        attempt, _ = self.attempts.get(run_id, (1, 0.0))
        self.attempts[run_id] = (attempt + 1, self.clock())

    def _review(self) -> None:
        patience = self.timing.merge_seconds
        for issue in self.store.issues.values() if patience is not None else ():
            opened = issue.pull.opened if issue.pull and issue.state == "open" else None
            if opened is not None and patience is not None and self.clock() - opened >= patience:
                merge(self.store, issue, "squash", self.reviewer)

    def _run(self, push: Push, number: int, name: str) -> Run | None:
        run_id = push.id + number
        attempt, since = self.attempts.get(run_id, (1, push.at))
        elapsed = self.clock() - since
        if elapsed < self.timing.register_seconds and attempt == 1:
            return None
        workflow_id = 100 + sorted({*self.on_branch, *self.on_tag}).index(name)
        began = since + self.timing.register_seconds
        if elapsed < self.timing.register_seconds + self.timing.ci_seconds:
            status = (
                "queued" if elapsed < self.timing.register_seconds + self.timing.ci_seconds * 0.2 else "in_progress"
            )
            return Run(run_id, name, workflow_id, push, status, None, attempt, began)
        red = name in self.failing or (name in self.flaky and attempt == 1)
        conclusion = "failure" if red else "success"
        ended = began + self.timing.ci_seconds
        return Run(run_id, name, workflow_id, push, "completed", conclusion, attempt, began, ended)

    def _ready(self, tag: str, workflow: str, delay: float) -> bool:
        for run in self.runs():
            if (
                run.push.ref in (f"refs/tags/{tag}", f"refs/tags/{self.tag.replace('{version}', tag)}")
                and run.name == workflow
            ):
                _, since = self.attempts.get(run.id, (1, run.push.at))
                ready = since + self.timing.register_seconds + self.timing.ci_seconds + delay
                return run.conclusion == "success" and self.clock() >= ready
        return False
