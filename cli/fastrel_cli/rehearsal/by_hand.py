"""Manual work that no step of the guide does, done by a rehearsal in its temporary clone."""

from __future__ import annotations

from fastrel.actions.release_range import commit_title
from fastrel.errors import FastrelError
from fastrel.git.worktree import Worktree
from fastrel.guide.model import Guide
from fastrel.release import Release
from fastrel.version_files.formats import with_version


def commit_version_by_hand(worktree: Worktree, guide: Guide, release: Release) -> str:
    """Set, commit and push the version where the guide tags the commit that carries it and leaves the rest to a person.
    Returns what was done; empty where there was nothing to do."""
    settings = guide.settings
    used = {name for step in guide.steps() for name in step.actions}
    if "tag.create" not in used or used & {"version.set", "version.commit"}:
        return ""
    changed: list[str] = []
    for file in settings.version_files:
        text = worktree.read(file.path)
        try:
            new = with_version(file, text, release.version) if text is not None else text
        except FastrelError:  # the step that tags says what is wrong with the file
            continue
        if new is not None and new != text:
            worktree.write(file.path, new)
            changed.append(file.path)
    if not changed:
        return ""
    worktree.commit(changed, commit_title(settings, settings.version_message, release.version))
    worktree.push_branch("origin", settings.branch)
    return f"No step sets the version, so the rehearsal does it as a person would: {', '.join(changed)}."
