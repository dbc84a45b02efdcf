"""What is no mistake in a guide, but will stop a release unless a person helps. Pure."""

from __future__ import annotations

from fastrel.guide.model import Guide, Problem, Step
from fastrel.guide.outline import outline

COMMIT = "uses=version.commit"


def advice(guide: Guide) -> tuple[Problem, ...]:
    """Steps that rely on what no step does, by line."""
    found = [*uncommitted(guide), *_proposed(guide), *_nested(guide)]
    return tuple(sorted(found, key=lambda one: one.line))


def uncommitted(guide: Guide) -> list[Problem]:
    """Steps that tag a version which no step commits."""
    if not guide.settings.version_files:
        return []
    found: list[Problem] = []
    setting: Step | None = None
    for step in guide.steps():
        if "version.set" in step.actions:
            setting = step
        if "version.commit" in step.actions or "git commit" in (step.script or ""):
            setting = None
        elif "tag.create" in step.actions and setting is not None:
            message = (
                f"step {step.id} tags the commit that carries the version, and no step between {setting.id} and it "
                "makes one"
            )
            found.append(Problem(guide.path, step.line, message, f"give the step that commits {COMMIT}"))
    return found


def _proposed(guide: Guide) -> list[Problem]:
    """That nobody has confirmed actions which `init` has proposed; once a page."""
    steps = [step for step in guide.steps() if step.proposed]
    if not steps:
        return []
    named = f"the actions of {len(steps)} steps" if len(steps) > 1 else f"the action of step {steps[0].id}"
    message = f"{named} were proposed by init, and nobody has confirmed them: such a step asks before it does anything"
    return [Problem(guide.path, steps[0].line, message, "remove the word “proposed” where the action is right")]


def _nested(guide: Guide) -> list[Problem]:
    """That some other programs flatten lists nested by fewer than four spaces; once a page."""
    lines = {step.line - 1 for step in guide.steps()}
    for item in outline(guide.text).items:
        columns = item.indent - item.parent.indent if item.parent else 0
        if item.start in lines and item.parent and item.parent.start != item.start and 0 < columns < 4:
            message = f"nested by {columns} spaces, which some programs other than GitHub and the docs site flatten"
            return [Problem(guide.path, item.start + 1, message, "four spaces are read alike everywhere")]
    return []
