"""Checks that a guide releases, commits and tags its changelog in an order that can work. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fastrel.guide.model import Guide, Problem, Step

RELEASE, COMMIT, TAG, NOTES = "changelog.release", "version.commit", "tag.create", "release.notes"
SOURCES = ("generated", "changelog", "changelog,generated")
"""Where the notes of a release may come from, as `source=` of `release.notes` says it."""


def changelog_problems(guide: Guide) -> Iterator[Problem]:
    """Steps that come too late, and sources of notes that there are not."""
    seen: dict[str, Step] = {}
    for step in guide.steps():
        for action in step.actions:
            if action == RELEASE:
                for late, words in ((TAG, "tags"), (COMMIT, "commits")):
                    if late in seen:
                        message = (
                            f"step {step.id} releases the changelog after step {seen[late].id} {words} the version"
                        )
                        yield Problem(guide.path, step.line, message, f"move it above {seen[late].id}")
                        break
            seen.setdefault(action, step)
        source = step.params.get("source", "") if NOTES in step.actions else ""
        if source and source_of(step) not in SOURCES:
            message = f"step {step.id} takes notes from an unknown source “{source}”"
            yield Problem(guide.path, step.line, message, f"it is one of {'; '.join(SOURCES)}")


def source_of(step: Step) -> str:
    """Where a step takes the notes from."""
    return step.params.get("source", SOURCES[0]).replace(" ", "") or SOURCES[0]


def uncommitted_changelog(guide: Guide) -> list[Problem]:
    """A changelog that is released, and that no step commits before the tag."""
    releasing: Step | None = None
    for step in guide.steps():
        if RELEASE in step.actions:
            releasing = step
        if COMMIT in step.actions or "git commit" in (step.script or ""):
            releasing = None
        elif TAG in step.actions and releasing is not None:
            message = f"step {releasing.id} releases the changelog, and no step commits it before step {step.id} tags"
            return [Problem(guide.path, releasing.line, message, f"add a step with uses={COMMIT} behind it")]
    return []
