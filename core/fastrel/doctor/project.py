"""The project on GitHub, as far as the guide's steps need it: branch, labels, milestone, discussions, version files."""

from __future__ import annotations

from functools import partial

from fastrel.actions.pulls import CONFIGURATIONS, read_configuration
from fastrel.changelog.checkup import checkups
from fastrel.doctor.finding import Finding, ok, problem, unknown, warning
from fastrel.doctor.subject import Subject
from fastrel.engine.selection import coming_version
from fastrel.errors import FastrelError, NotFound
from fastrel.git.workflow_files import workflow_files_of
from fastrel.github.gateway import Repository
from fastrel.github.transport.failures import PUSH_FIRST, SIGN_IN, is_empty
from fastrel.guide.required_workflows import workflow_problems
from fastrel.release import release_of
from fastrel.version_files.locks import lock_files
from fastrel.version_files.reading import read_versions

NOT_USED = "no step of the guide needs it"


def guide_check(subject: Subject) -> Finding:
    from fastrel.guide.lint import lint

    if subject.guide is None:
        error = subject.guide_error
        return problem(
            "guide",
            error.problem if error else "there is no guide",
            (error.next_step if error else "") or "Type `fastrel-checklist init`.",
        )
    found = lint(subject.guide, subject.actions or {})
    if found:
        count = f"{len(found)} {'mistake' if len(found) == 1 else 'mistakes'}, the first: {found[0]}"
        return problem("guide", count, "Type `fastrel-checklist lint`.")
    return ok("guide", f"{subject.guide_path}: {len(subject.steps)} steps, nothing wrong")


def branch_check(subject: Subject) -> Finding:
    repository, branch = _known(subject), subject.settings.branch
    try:
        return ok("branch", f"{branch} is at {repository.code.head(branch)[:7]}")
    except FastrelError as error:
        if is_empty(error):
            return problem("branch", "the repository has no commit yet", PUSH_FIRST)
        if not isinstance(error, NotFound) and "(422)" not in error.problem:
            raise
        default = repository.facts().default_branch
        return problem(
            "branch", f"there is no branch {branch}", f"Set `branch: {default}` in the guide, or push {branch}."
        )


def protection_check(subject: Subject) -> Finding:
    repository, branch, bump = _known(subject), subject.settings.branch, subject.settings.bump
    rules = repository.code.rules(branch)
    if not subject.uses("version."):
        return ok("protection", f"no commit is pushed to {branch} by the guide's steps")
    if rules.takes_pushes:
        way = "a pull request, as the guide wants it" if bump == "pull-request" else "a push"
        return ok("protection", f"{branch} takes pushes as far as GitHub tells; the version comes by {way}")
    if bump == "direct":
        return warning(
            "protection",
            f"{branch} takes no pushes, and the guide says bump: direct: only who may bypass the protection can push",
            "Remove `bump: direct`; the version then comes by a pull request.",
        )
    return ok("protection", f"{branch} takes no pushes; the version comes by a pull request")


def tracker_label_check(subject: Subject) -> Finding:
    label = subject.settings.label
    if _has(_known(subject), label):
        return ok("tracker-label", f"there is a label {label}")
    return ok("tracker-label", f"there is no label {label} yet; `open` makes it")


def labels_check(subject: Subject) -> Finding:
    repository, settings = _known(subject), subject.settings
    if subject.uses("bugs.") and not _has(repository, settings.bug_label):
        return warning(
            "labels",
            f"there is no label {settings.bug_label}, so no open bug is found",
            f"Set `bug_label:` in the guide, or make the label at {subject.page}/labels.",
        )
    features = [one for one in settings.feature_labels if _has(repository, one)]
    if not features:
        return warning(
            "labels",
            f"there is no label {' or '.join(settings.feature_labels)}, so a patch with features is not noticed",
            f"Set `feature_labels:` in the guide, or make the labels at {subject.page}/labels.",
        )
    bugs = [settings.bug_label] if _has(repository, settings.bug_label) else []
    return ok("labels", f"there are {', '.join([*bugs, *features])}")


def discussions_check(subject: Subject) -> Finding:
    repository, settings = _known(subject), subject.settings
    if not subject.uses("release.discussion", "discussion."):
        return ok("discussions", NOT_USED)
    if not repository.facts().has_discussions:
        return problem("discussions", "Discussions are switched off", f"Switch them on at {subject.page}/settings.")
    if not repository.client.authenticated:
        return unknown("discussions", "GitHub tells the categories only with a token", SIGN_IN)
    known = [one.name for one in repository.discussions.categories()]
    wanted = list(filter(None, dict.fromkeys([settings.discussion_category, settings.forum_category])))
    named = {step.params["category"] for step in subject.steps if step.params.get("category")}
    if not wanted and not named:
        return problem("discussions", "the guide names no discussion_category", f"Choose one of {', '.join(known)}.")
    missing = [one for one in (*wanted, *sorted(named)) if one not in known and "{{" not in one]
    if missing:
        return problem(
            "discussions",
            f"there is no category {', '.join(missing)}; there are {', '.join(known) or 'none'}",
            f"Correct `discussion_category:` in the guide, or make it at {subject.page}/discussions/categories.",
        )
    return ok("discussions", f"there is a category {', '.join([*wanted, *sorted(named)])}")


def milestone_check(subject: Subject) -> Finding:
    if not subject.uses("milestone."):
        return ok("milestone", NOT_USED)
    repository, settings = _known(subject), subject.settings
    tags = repository.code.tags()
    version = coming_version(repository, settings)
    release = release_of(version, tags, settings.naming, branch=settings.branch)
    found = repository.milestones.named(release.milestone) if release.milestone else None
    if not release.milestone:
        return ok("milestone", f"the next release is {version}, a patch, which has none")
    if found is None or found.state != "open":
        state = "is closed" if found else "does not exist"
        return warning(
            "milestone",
            f"the next release is {version}; its milestone {state}",
            f"Open it at {subject.page}/milestones, with a due date.",
        )
    if found.due is None:
        return warning("milestone", f"milestone {found.title} has no due date", f"Set one at {found.url}/edit.")
    return ok("milestone", f"milestone {found.title} is due on {found.due:%Y-%m-%d}")


def version_files_check(subject: Subject) -> Finding:
    files = subject.settings.version_files
    if not files:
        by_itself = any("files" in step.params for step in subject.steps) or subject.uses("changelog.")
        if not subject.uses("version.") or (by_itself and not subject.uses("version.set", "version.next")):
            return ok("version-files", NOT_USED)
        return problem("version-files", "the guide names none", "Add `version_files:` to the guide's front matter.")
    worktree = subject.worktree
    read = worktree.read if worktree else partial(_on_branch, subject)
    try:
        versions = read_versions(files, read)
    except FastrelError as error:
        return problem("version-files", error.problem, error.next_step)
    if len(set(versions.said.values())) > 1:
        return problem("version-files", f"they disagree: {versions.words()}", "Make them say the same version.")
    return ok("version-files", versions.words())


def changelog_check(subject: Subject) -> Finding:
    """Whether the changelogs of the guide's steps are there, and can be released and shown."""
    if subject.guide is None:
        return ok("changelog", NOT_USED)
    read = subject.worktree.read if subject.worktree else partial(_on_branch, subject)
    found = list(checkups(subject.guide, read))
    wrong = [one for one in found if one.problem]
    if wrong:
        words, mend = "; ".join(one.problem for one in wrong), wrong[0].mend
        mend = f"{mend[0].upper()}{mend[1:]}."
        stops = any(one.stops for one in wrong)
        return problem("changelog", words, mend) if stops else warning("changelog", words, mend)
    return ok("changelog", "; ".join(dict.fromkeys(one.words for one in found)) or NOT_USED)


def lock_files_check(subject: Subject) -> Finding:
    """Whether a lock file states the version and no step brings it up to date."""
    if subject.guide is None or not subject.settings.version_files:
        return ok("lock-files", NOT_USED)
    read = subject.worktree.read if subject.worktree else partial(_on_branch, subject)
    locks = lock_files(subject.guide, read, subject.worktree.files() if subject.worktree else ())
    stale = [one for one in locks if one.problem]
    if stale:
        return warning("lock-files", "; ".join(one.problem for one in stale), stale[0].mend)
    names = "; ".join(one.words for one in locks)
    return ok("lock-files", names or "no lock file states the version")


def tag_workflows_check(subject: Subject) -> Finding:
    """Whether the push of the tag starts the workflows for which the guide waits."""
    if subject.guide is None or not subject.uses("ci.tag"):
        return ok("tag-workflows", NOT_USED)
    if subject.worktree is None:
        return unknown("tag-workflows", "the workflow files are read in a checkout", "Change into a clone.")
    workflows = workflow_files_of(subject.worktree)
    found = workflow_problems(subject.guide, workflows)
    if found:
        mend = found[0].suggestion
        return problem(
            "tag-workflows",
            "; ".join(one.message for one in found),
            f"{mend[0].upper()}{mend[1:]}." if mend else "Correct `required=` in the guide.",
        )
    tag = subject.settings.tag.replace("{version}", "1.0.0")
    started = ", ".join(one.name for one in workflows if one.runs_for_tag(tag))
    return ok("tag-workflows", f"a tag starts {started}" if started else "a tag starts no workflow")


def _on_branch(subject: Subject, path: str) -> str | None:
    return _known(subject).code.file(path, subject.settings.branch)


def release_notes_check(subject: Subject) -> Finding:
    if not subject.uses("pulls.labels", "release.notes"):
        return ok("release-notes", NOT_USED)
    repository = _known(subject)
    for path in CONFIGURATIONS:
        text = repository.code.file(path, subject.settings.branch)
        if text is not None:
            try:
                labels = read_configuration(text, path).choices
            except FastrelError as error:
                return problem("release-notes", error.problem, error.next_step or f"Correct {path}.")
            missing = [one for one in labels if not _has(repository, one)]
            if missing:
                words = f"{path} names labels that do not exist: {', '.join(missing)}"
                return warning("release-notes", words, f"Correct {path}, or make them at {subject.page}/labels.")
            return ok("release-notes", f"{path} knows {len(labels)} labels")
    return ok("release-notes", "there is no .github/release.yml; the notes are one list")


def _known(subject: Subject) -> Repository:
    if subject.repository is None:
        raise FastrelError("the repository is not known")
    return subject.repository


def _has(repository: Repository, label: str) -> bool:
    return label.casefold() in {one.casefold() for one in repository.issues.labels()}
