"""Rehearsal of the user's own release, on a twin made from the checkout and from what GitHub shows.

The checkout is only read. GitHub is only read, and only in the beginning; after that nothing leaves this machine.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fastrel.actions.questions.prompts import Prompter
from fastrel.actions.registry import own_actions
from fastrel.adopt.release_makers import ReleaseMaker, release_maker, without_comments
from fastrel.engine.open_release import open_release
from fastrel.engine.session import Session
from fastrel.errors import PreconditionError, UsageError
from fastrel.git.workflow_files import workflow_files_of
from fastrel.git.worktree import Worktree
from fastrel.github.gateway import Repository
from fastrel.github.transport.client import Client
from fastrel.github.transport.connection import connection_from_environment
from fastrel.guide.model import Guide, Step
from fastrel.guide.parser import read_guide
from fastrel.guide.required_workflows import workflow_problems
from fastrel.release import Release, next_version, release_of, released_versions, require_may_follow
from fastrel.running.reporter import Options
from fastrel.running.run import run
from fastrel.text.atomic_write import write_whole
from fastrel.text.plain import plain
from fastrel.tracker.marker import version_of_guide
from fastrel.version_files.reading import stated_in
from fastrel_cli.command_hints import command_line
from fastrel_cli.guide_page import page_text
from fastrel_cli.rehearsal.by_hand import commit_version_by_hand
from fastrel_cli.rehearsal.environment import environment
from fastrel_cli.rehearsal.git_environment import git_environment
from fastrel_cli.rehearsal.offline_guard import CHILDREN, offline
from fastrel_cli.rehearsal.sample_project import end_words, require_twin, throw_away_folder
from fastrel_cli.rehearsal.summary import show_summary, state_of
from fastrel_cli.running import show_outcome
from fastrel_cli.streams.verbosity import is_quiet, say
from fastrel_cli.terminal.prompts import Interactive, ScriptedAnswers
from fastrel_cli.terminal.run_log import TerminalReporter
from fastrel_cli.typed import typed

if TYPE_CHECKING:
    from fastrel_twin.import_project.seed import Seed
    from fastrel_twin.server import Twin
    from fastrel_twin.workflows.made_releases import MadeRelease

POLL = 0.25
NOT_PLAYED = frozenset({"release.assets"})
"""Actions that need files which only scripts make."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of a rehearsal of the user's own release."""

    version: str = ""
    saved: Path | None = None
    """A file with the state, instead of asking GitHub."""
    save_to: Path | None = None
    """Only read the state and write it there."""
    scripts: bool = False
    """Whether the guide's own scripts are run, in the throw-away clone."""
    interactive: bool = False
    as_json: bool = False


def rehearse_own(worktree: Worktree, guide: Guide, wishes: Wishes) -> int:
    """Rehearse, or save the state for a later rehearsal; returns the exit code."""
    require_twin()  # said now, before GitHub is asked
    if not wishes.save_to:
        _require_history(worktree)
    identity = worktree.identity()  # as the user's git says it
    with throw_away_folder() as root, git_environment(root, worktree.root):
        return _rehearsed(root, worktree, guide, wishes, identity)


def _rehearsed(root: Path, worktree: Worktree, guide: Guide, wishes: Wishes, identity: str) -> int:
    guide = _with_branch(guide, worktree)
    release, seed = _state(worktree, guide, wishes)
    if wishes.save_to:
        return _save(seed, wishes.save_to)
    if not any(version_of_guide(one.body, guide.settings) == release.version for one in seed.issues):
        # `open` would refuse it, too, after the rehearsal was announced.
        require_may_follow(release.version, worktree.tags(), guide.settings.naming, base=release.base)
    _require_workflows(worktree, guide, release, seed)
    began = time.monotonic()
    with offline(), _project(root, worktree, guide, release, seed, identity) as (twin, clone):
        _say(f"A rehearsal of {guide.settings.repository} {release.version}: GitHub is played by {twin.url}.")
        _say(f"The commit is {worktree.head()[:7]}, {_source(seed, release)}. Nothing leaves this machine.")
        return _play(twin, clone, guide, release, seed.web, wishes, began)


def _require_history(worktree: Worktree) -> None:
    """PreconditionError in a shallow clone: git takes no branch from one, and its tags and merges are not all there."""
    if worktree.is_shallow():
        raise PreconditionError(
            "This is a shallow clone, which lacks the history that a rehearsal begins with.",
            done="Nothing was started.",
            next_step="Type `git fetch --unshallow`, then the command again; in a workflow, use `fetch-depth: 0`.",
        )


def _with_branch(guide: Guide, worktree: Worktree) -> Guide:
    """The guide with the branch that it means: where it names none, the remote's default as the clone knows it."""
    settings = guide.settings
    if settings.branch_given:
        return guide
    default = next((found for name in worktree.remotes() if (found := worktree.default_branch(name))), settings.branch)
    return replace(guide, settings=replace(settings, branch=default, branch_given=True))


def _require_workflows(worktree: Worktree, guide: Guide, release: Release, seed: Seed) -> None:
    """UsageError where a step waits for a workflow that the tag will not start; what GitHub has told counts, too."""
    found = workflow_problems(guide, workflow_files_of(worktree), release.version)
    left = [one for one in found if not any(f"“{name}”" in one.message for name in seed.workflows)]
    if left:
        raise UsageError(
            "\n".join(str(one) for one in left),
            done="Nothing was started.",
            next_step="Correct the guide or the workflow; `fastrel-checklist lint` says the same.",
        )


def _play(twin: Twin, clone: Path, guide: Guide, release: Release, web: str, wishes: Wishes, began: float) -> int:
    token = next(user.token for user in twin.store.users.values())
    prompter: Prompter = Interactive() if wishes.interactive else ScriptedAnswers()
    with environment(GITHUB_API_URL=twin.api_url, GH_TOKEN=token, **_closed_for_children()):
        relative = Path(guide.path).resolve().relative_to(_top(guide))
        own = read_guide(clone / relative)
        repository, branch = guide.settings.repository, guide.settings.branch
        own = replace(own, settings=replace(own.settings, repository=repository, branch=branch, branch_given=True))
        played = own if wishes.scripts else _without_scripts(own)
        client = Client(twin.api_url, token)
        session = Session(played, Repository(client, guide.settings.repository), Worktree.at(clone))
        before = state_of(twin.store)
        by_hand = commit_version_by_hand(Worktree.at(clone), own, release)
        if by_hand:
            _say(by_hand)
        opened = open_release(session, release.version)
        for warning in opened.warnings:
            _say(click.style(f"warning: {plain(warning)}", fg="yellow"))
        options = Options(poll=POLL, patience=120, command="fastrel-checklist rehearse", more=typed())
        outcome = run(session, release.version, options, prompter, TerminalReporter(agreed=not wishes.interactive))
        # Addresses are shown as they would be in the real release.
        summary = state_of(twin.store).since(before, twin.store.bare).with_address(twin.url, web)
        code = show_outcome(outcome, as_json=wishes.as_json, rehearsal=summary.as_json())
        page = _page(session, release.version, twin.url, web)
    if not wishes.as_json:
        show_summary(summary)
    _say(f"\n{end_words(outcome, len(twin.requests), time.monotonic() - began)}")
    if page:
        _say(f"The guide's page with the final state: {page}")
    return code


def _page(session: Session, version: str, url: str, web: str) -> Path | None:
    """The guide's page as readers would see it at the end, in a new temporary folder; None when nobody is told where it
    is, or when the packages that render it are not installed."""
    from fastrel_mkdocs.static_page import is_possible

    if is_quiet() or not is_possible():
        return None
    text, _ = page_text(session, version, refresh=False)
    file = Path(tempfile.mkdtemp(prefix="fastrel-page-")) / Path(session.guide.path).with_suffix(".html").name
    write_whole(file, text.replace(url, web) if web else text, 0o644)
    return file


def _state(worktree: Worktree, guide: Guide, wishes: Wishes) -> tuple[Release, Seed]:
    from fastrel_twin.import_project.git_history import merged_by_git
    from fastrel_twin.import_project.seed import Seed, read_seed

    settings = guide.settings
    if wishes.saved:
        seed = read_seed(wishes.saved)
        if seed.repository.lower() != settings.repository.lower():
            raise UsageError(
                f"{wishes.saved} holds the state of {seed.repository}, not of {settings.repository}.",
                done="Nothing was started.",
                next_step="Name the right file.",
            )
        return _release(wishes.version, worktree, guide), seed
    connection = connection_from_environment()
    if not connection.token:
        if wishes.save_to:
            raise PreconditionError(
                "There is no token, and the state of a release can be read only with one.",
                done="Nothing was written.",
                next_step="Set GH_TOKEN, or sign in with `gh auth login`.",
            )
        release = _release(wishes.version, worktree, guide)
        return release, Seed(settings.repository, "", "", issues=merged_by_git(worktree, release))
    from fastrel_twin.import_project.live import seed_of

    session = Session(guide, Repository(Client(connection.api_url, connection.token), settings.repository), worktree)
    _say(f"Reading the state of {settings.repository}.")
    release = session.release(wishes.version)
    return release, seed_of(session, release)


def _release(version: str, worktree: Worktree, guide: Guide) -> Release:
    settings, tags = guide.settings, worktree.tags()
    if not version:
        stated = next(iter(stated_in(settings.version_files, worktree.read).values()), "")
        version = next_version(released_versions(tags, settings.naming), (), settings.naming, stated=stated)
    return release_of(version, tags, settings.naming, branch=settings.branch)


def _save(seed: Seed, file: Path) -> int:
    from fastrel_twin.import_project.seed import seed_text

    try:
        write_whole(file, seed_text(seed), 0o600)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written ({error.strerror}).", done="Nothing was changed.", next_step="Name another file."
        ) from None
    _say(
        f"{file}: {len(seed.issues)} issues and pull requests, {len(seed.milestones)} milestones of {seed.repository}."
    )
    _say(f"Rehearse with it: {command_line('rehearse', '--from', str(file))}")
    return 0


@contextmanager
def _project(
    root: Path, worktree: Worktree, guide: Guide, release: Release, seed: Seed, identity: str
) -> Iterator[tuple[Twin, Path]]:
    """The twin with the user's project, and a clone of it."""
    from fastrel_twin.clone import clone_sample
    from fastrel_twin.import_project.project import build_store, workflows
    from fastrel_twin.server import twin_of
    from fastrel_twin.workflows.made_deployments import MadeDeployment
    from fastrel_twin.workflows.simulated_ci import Timing

    timing = Timing(register_seconds=0.2, ci_seconds=1.0, image_seconds=0.5, site_seconds=0.5, merge_seconds=1.0)
    path = root / "github" / f"{seed.repository}.git"
    with twin_of(
        path, lambda bare, url: build_store(bare, url, worktree.root, guide, release, seed), timing=timing
    ) as twin:
        twin.simulated_ci.tag = guide.settings.tag
        twin.simulated_ci.play(workflows(twin.store.bare, seed, guide, release))
        maker = _maker(worktree, release)
        if maker:
            twin.simulated_ci.looks.append(_made(maker, release).look)
            _say(f"Made up, as {maker.tool} makes it in {maker.file}: the release on GitHub of {release.tag}.")
        names = dict.fromkeys([*twin.simulated_ci.on_branch, *twin.simulated_ci.on_tag])
        _say(f"Not run: {', '.join(names)}. That they end well is made up, and with it what they build and publish.")
        last = twin.simulated_ci.on_tag[-1] if twin.simulated_ci.on_tag else ""
        twin.simulated_ci.image_workflow = twin.simulated_ci.site_workflow = twin.simulated_ci.package_workflow = last
        deployed = (MadeDeployment(release.tag, one, last).look for one in _environments(guide))
        twin.simulated_ci.looks.extend(deployed)
        twin.simulated_ci.reviewer = next(iter(twin.store.users))
        name, _, rest = identity.partition(" <")
        email = rest.partition(">")[0]
        clone = clone_sample(
            twin, root / seed.repository.partition("/")[2], name=name or "You", email=email or "you@localhost"
        )
        yield twin, clone


def _environments(guide: Guide) -> tuple[str, ...]:
    """The environments whose deployments the guide waits for."""
    steps = (step for step in guide.steps() if "site.live" in step.actions)
    return tuple(dict.fromkeys(name for step in steps if (name := step.params.get("environment"))))


def _maker(worktree: Worktree, release: Release) -> ReleaseMaker | None:
    """The workflow of the project that makes its releases on GitHub."""
    texts = [(one, without_comments(worktree.read(one.path) or "")) for one in workflow_files_of(worktree)]
    found = [
        release_maker(one.path, one.name, text, runs_for_tags=one.runs_for_tag(release.tag)) for one, text in texts
    ]
    makers = [one for one in found if one]
    return next((one for one in makers if not one.drafter), makers[0] if makers else None)


def _made(maker: ReleaseMaker, release: Release) -> MadeRelease:
    from fastrel_twin.workflows.made_releases import MadeRelease

    return MadeRelease(
        release.tag,
        maker.workflow,
        release.branch,
        draft=maker.draft,
        with_tag=maker.tags,
        at_once=maker.drafter,
        prerelease=release.prerelease,
    )


def _without_scripts(guide: Guide) -> Guide:
    """The guide with a step by hand in the place of each whose doing a rehearsal does not play."""
    left = [step.id for step in guide.steps() if not _is_played(step)]
    if left:
        _say(f"Not played, and answered as if done: {', '.join(left)}. `--scripts` runs scripts, in the clone.")
    phases = tuple(
        replace(phase, steps=tuple(one if _is_played(one) else _by_hand(one) for one in phase.steps))
        for phase in guide.phases
    )
    return replace(guide, phases=phases)


def _is_played(step: Step) -> bool:
    if not step.uses:
        return step.script is None and not step.check
    return all(name in own_actions() and name not in NOT_PLAYED for name in step.actions)


def _by_hand(step: Step) -> Step:
    return replace(step, uses="", proposed=False, script=None, check="", confirm="", params={})


def _top(guide: Guide) -> Path:
    return Worktree.at(Path(guide.path).resolve().parent).root.resolve()


def _closed_for_children() -> dict[str, str]:
    return {**CHILDREN, **{name.upper(): value for name, value in CHILDREN.items()}}


def _source(seed: Seed, release: Release) -> str:
    if not seed.taken_at:
        known = "the state is what git knows: there is no token, so of issues and pull requests only merges are known"
        made_up = f", and milestone {release.milestone} with its date is made up" if release.milestone else ""
        return known + made_up
    return f"the state is that of {seed.taken_at[:16].replace('T', ' ')} UTC"


def _say(text: str) -> None:
    say(text)
