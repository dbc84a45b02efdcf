"""Makes a repository on the twin from a checkout and a seed. The checkout itself is only read."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from fastrel.actions.release_range import commit_title, is_our_commit
from fastrel.errors import GitError
from fastrel.guide.model import Guide, Settings
from fastrel.guide.required_workflows import required_of
from fastrel.release import Release
from fastrel_twin.bare_repository import Bare
from fastrel_twin.import_project.seed import Seed, SeedIssue, moment
from fastrel_twin.records import Issue, Protection, Pull, Push
from fastrel_twin.records import Release as PublishedRelease
from fastrel_twin.sample.repository import prepare_bare
from fastrel_twin.store import Store
from fastrel_twin.workflows.played_workflows import PlayedWorkflows, played_workflows

LONG_AGO = 1_000_000.0
"""Seconds before the twin's clock began."""
AUTHOR = ("-c", "user.name=Rehearsal", "-c", "user.email=rehearsal@localhost")


def build_store(path: Path, url: str, checkout: Path, guide: Guide, release: Release, seed: Seed) -> Store:
    """The bare repository at the path, with the history of what is checked out, and the store beside it."""
    prepare_bare(path, release.branch)
    _git(path, "fetch", "--quiet", str(checkout), f"HEAD:refs/heads/{release.branch}", "refs/tags/*:refs/tags/*")
    store = Store(seed.repository, Bare(path))
    store.url = url
    _adapt_guide(path, checkout, guide, release.branch, url)
    furnish(store, seed, guide.settings, release)
    _push_version_commit(store, guide.settings, release)
    return store


def furnish(store: Store, seed: Seed, settings: Settings, release: Release) -> None:
    """Fill a new store."""
    login = seed.login or "you"
    store.add_user(login, seed.role or "maintain")
    for author in {one.author for one in seed.issues if one.author} - {login}:
        store.add_user(author, "read", bot=author.endswith("[bot]"))
    for name in seed.labels:
        store.add_label(name)
    milestones = {}
    for one in seed.milestones:
        milestone = store.add_milestone(one.title, login, moment(one.due))
        milestone.state = one.state
        milestone.closed_at = store.now() if one.state == "closed" else None
        milestones[one.title] = milestone.number
    if release.milestone and not seed.taken_at:
        # Nothing is known of GitHub, so the release begins with an empty milestone.
        store.add_milestone(release.milestone, login, store.now() + timedelta(days=1))
    for story in seed.issues:
        store.issues[story.number] = _issue(store, story, milestones, settings.branch)
    for entry in seed.releases:
        own = PublishedRelease(store.new_id(), entry.tag, login, store.now(), name=entry.name, draft=entry.draft)
        own.prerelease, own.published_at = entry.prerelease, moment(entry.published)
        store.releases[own.id] = own
    store.categories = list(seed.categories)
    store.has_discussions = seed.has_discussions
    if not seed.taken_at:
        store.categories = [one for one in (settings.discussion_category, settings.forum_category) if one]
        store.has_discussions = True
    if not seed.takes_pushes:
        store.protect(settings.branch, Protection(checks=seed.checks))


def workflows(bare: Bare, seed: Seed, guide: Guide, release: Release) -> PlayedWorkflows:
    """What runs on the branch and for the tag: the workflows in the repository by their own triggers; besides, what
    GitHub has told of the branch and of the previous tag, and checks that no workflow file explains."""
    own = played_workflows(bare, release.branch, release.tag, guide.settings.workflow_path)
    jobs = {job for names in own.jobs.values() for job in names}
    required = [name for step in guide.steps() if "ci.branch" in step.actions for name in required_of(step)]
    others = [one for one in (*seed.checks, *required) if one not in jobs and one not in own.files]
    on_branch = tuple(dict.fromkeys([*own.on_branch, *others]))
    on_tag = tuple(dict.fromkeys([*own.on_tag, *(one for one in seed.workflows if one not in own.files)]))
    if not own.files:
        on_branch, on_tag = on_branch or ("Tests",), on_tag or ("Tests",)
    return replace(own, on_branch=on_branch, on_tag=on_tag)


def adapted(text: str, url: str, repository: str) -> str:
    """The guide with the twin's registry, site and index in the place of the real ones; nothing else is changed."""
    host, image = url.partition("://")[2], repository.lower()
    site = f"{url}/pages/{repository}/"
    for name, value in (("image", f"{host}/{image}"), ("site", site)):
        text = re.sub(rf"(?m)^(\s+{name}:[ \t]*)\S+", rf"\g<1>{value}", text, count=1)
    for action, name, value in (
        ("image.available", "image", f"{host}/{image}"),
        ("site.live", "url", site),
        ("package.available", "index", f"{url}/simple/"),
    ):
        text = _with_parameter(text, action, name, value)
    for registry in ("npm", "crates"):
        of = rf"(<!--\s*step\b[^>]*?index=\"{re.escape(url)}/)simple(/\"[^>]*registry={registry}\b)"
        text = re.sub(of, rf"\g<1>{registry}\2", text)
    return text


def _with_parameter(text: str, action: str, name: str, value: str) -> str:
    """The text with a parameter in each step comment that uses an action."""

    def replace(match: re.Match[str]) -> str:
        comment = re.sub(rf"\s{name}=(?:\"[^\"]*\"|'[^']*'|\S+)(?=\s)", "", match[0])
        return comment.replace(f"uses={action}", f'uses={action} {name}="{value}"', 1)

    return re.sub(rf"<!--\s*step\b[^>]*\buses={re.escape(action)}(?=\s)[^>]*?-->", replace, text)


def _adapt_guide(path: Path, checkout: Path, guide: Guide, branch: str, url: str) -> None:
    """Bring the guide of the working tree, adapted, to the branch of the bare repository."""
    name = Path(guide.path).resolve().relative_to(checkout.resolve()).as_posix()
    wanted = adapted(guide.text, url, guide.settings.repository)
    with tempfile.TemporaryDirectory(prefix="fastrel-adapt-") as folder:
        _git(path, "worktree", "add", "--quiet", "--detach", folder, branch)
        file = Path(folder) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wanted, encoding="utf-8")
        work = Path(folder)
        _git(work, "add", "--force", "--", name)
        if _git(work, "status", "--porcelain", "--", name):
            message = "The guide as it is in the checkout, with registry and site played locally"
            _git(
                work, *AUTHOR, "-c", "core.hooksPath=/dev/null", "-c", "commit.gpgsign=false", "commit", "-qm", message
            )
            _git(path, "update-ref", f"refs/heads/{branch}", _git(work, "rev-parse", "HEAD"))
    _git(path, "worktree", "prune")


def _push_version_commit(store: Store, settings: Settings, release: Release) -> None:
    """A version commit in the history was pushed long ago, so that it has checks though it is not the newest."""
    title = commit_title(settings, settings.version_message, release.version)
    since = f"{release.previous_tag}..{release.branch}" if release.previous_tag else release.branch
    for line in _git(store.bare.path, "log", "--skip=1", "--format=%H %s", since).splitlines():
        sha, _, headline = line.partition(" ")
        if is_our_commit(headline, title):
            store.pushes.append(Push(f"refs/heads/{release.branch}", sha, -LONG_AGO, store.new_id() * 10))


def _issue(store: Store, story: SeedIssue, milestones: dict[str, int], branch: str) -> Issue:
    issue = Issue(story.number, story.title, story.author or "ghost", moment(story.created) or store.now())
    issue.body, issue.state, issue.state_reason = story.body, story.state, story.state_reason or None
    issue.labels, issue.milestone = list(story.labels), milestones.get(story.milestone, 0)
    issue.closed_at = moment(story.closed) or (store.now() if story.state == "closed" else None)
    if story.pull:
        issue.pull = Pull(f"pull-{story.number}", base=story.pull.base or branch, commits=frozenset(story.pull.commits))
        if story.pull.merged:
            issue.pull.merged_at = issue.closed_at
            issue.pull.merge_commit = story.pull.commits[0] if story.pull.commits else ""
    return issue


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise GitError(
            f"The history of this checkout cannot be copied: `git {arguments[0]}` failed: {done.stderr.strip()}",
            done="Nothing was started.",
            next_step="Rehearse in a clone that has all of its history: `git clone` without --depth and --filter.",
        )
    return done.stdout.strip()
