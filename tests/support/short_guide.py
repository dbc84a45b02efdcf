"""The sample project's guide with a few of its steps, for tests to which the others say nothing."""

from __future__ import annotations

import re

from stage import GUIDE, Project

STEP = re.compile(r"^- \[ \] .*?<!-- step ([\w-]+) .*?(?=^- \[ \] |^<!-- /checklist)", re.DOTALL | re.MULTILINE)
WITH_GIT = ("set-version", "commit-version", "create-tag", "push-tag", "next-dev-version", "commit-next")
"""The steps that do something with git; the others ask GitHub alone."""


def only(text: str, *steps: str) -> str:
    """The guide with these steps alone."""
    assert set(steps) <= set(STEP.findall(text))
    left = STEP.sub(lambda one: one[0] if one[1] in steps else "", text)
    return re.sub(r"<!-- checklist role=\w+ -->\s*<!-- /checklist -->\n", "", left)


def shorten(project: Project, *steps: str) -> None:
    """Leave these steps alone in the checkout's guide."""
    guide = project.path / "docs" / GUIDE.name
    guide.write_text(only(guide.read_text(encoding="utf-8"), *steps), encoding="utf-8")
