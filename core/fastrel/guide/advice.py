"""What is no mistake in a guide, but will stop a release unless a person helps. Pure."""

from __future__ import annotations

from fastrel.guide.model import Guide, Problem, Step

COMMIT = "uses=version.commit"


def advice(guide: Guide) -> tuple[Problem, ...]:
    """Steps that rely on what no step does, by line."""
    if not guide.settings.version_files:
        return ()
    found: list[Problem] = []
    setting: Step | None = None
    for step in guide.steps():
        if step.uses == "version.set":
            setting = step
        elif step.uses == "version.commit" or "git commit" in (step.script or ""):
            setting = None
        elif step.uses == "tag.create" and setting is not None:
            message = (
                f"step {step.id} tags the commit that carries the version, and no step between {setting.id} and it "
                "makes one"
            )
            found.append(Problem(guide.path, step.line, message, f"give the step that commits {COMMIT}"))
    return tuple(found)
