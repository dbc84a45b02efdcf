"""Workflows that a guide requires for the tag, and that its push would not start. Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set

from fastrel.github.workflow_file import WorkflowFile
from fastrel.guide.model import Guide, Problem, Step
from fastrel.text.suggest import nearest

_ALSO_FOR_TAGS = ("create", "release")
"""Events besides a push that may start a workflow for a tag."""
SAMPLE_VERSION = "1.0.0"


def workflow_problems(
    guide: Guide, workflows: Sequence[WorkflowFile], version: str = SAMPLE_VERSION
) -> tuple[Problem, ...]:
    """What `required=` of the steps that wait for the tag's workflows names and the tag would not start. Nothing where
    the project has no workflow files at all."""
    if not workflows:
        return ()
    tag = guide.settings.tag.replace("{version}", version)
    found = []
    dispatched = {one.strip() for step in guide.steps() for one in step.params.get("dispatch", "").split(",")}
    for step in guide.steps():
        for name in required_of(step) if "ci.tag" in step.actions else ():
            problem = _problem(name, tag, workflows, dispatched)
            if problem:
                message, suggestion = problem
                found.append(Problem(guide.path, step.line, f"step {step.id}: {message}", suggestion))
    return tuple(found)


def required_of(step: Step) -> tuple[str, ...]:
    """The names in `required=`."""
    return tuple(name.strip() for name in step.params.get("required", "").split(",") if name.strip())


def _problem(name: str, tag: str, workflows: Sequence[WorkflowFile], dispatched: Set[str]) -> tuple[str, str] | None:
    started = [one.name for one in workflows if one.runs_for_tag(tag)]
    runs = f"the push of {tag} starts {', '.join(started)}" if started else f"no workflow runs for the tag {tag}"
    named = [one for one in workflows if one.name == name]
    if not named:
        job = next((one for one in workflows if name in one.jobs), None)
        hint = job.name if job else nearest(name, [one.name for one in workflows])
        more = f", but a job of {job.name} is" if job else ""
        return f"no workflow is called “{name}”{more}; {runs}", f"did you mean {hint}?" if hint else ""
    by_step = any(one.path.rpartition("/")[2] in dispatched for one in named)
    if by_step or any(one.runs_for_tag(tag) or set(_ALSO_FOR_TAGS) & set(one.triggers) for one in named):
        return None
    return (
        f"the workflow “{name}” does not run for the tag {tag}; {runs}",
        f"correct `required=`, or add `tags:` to `on: push:` in {named[0].path}",
    )
