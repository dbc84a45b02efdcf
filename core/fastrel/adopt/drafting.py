"""A new guide, with the steps that make sense for what was found, and the workflow that keeps its tracker up to date. Pure.

The templates have marks of their own, since `{{ }}` belongs to guides and `${{ }}` to workflows.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastrel.adopt.findings import Findings
from fastrel.adopt.settings_text import settings_lines

if TYPE_CHECKING:
    from jinja2 import Environment

WORKFLOW = ".github/workflows/release-checklist.yml"


def drafted_guide(findings: Findings) -> str:
    """The text of a new guide."""
    repository = findings.repository.value if findings.repository else ""
    text = _environment().get_template("guide.md.j2").render(
        settings="\n".join(settings_lines(findings)),
        name=repository.partition("/")[2] or "this project",
        milestones=findings.milestones,
        checks=findings.checks,
        tag_checks=findings.tag_checks,
        release_notes=findings.release_notes,
        mkdocs=findings.mkdocs,
        version_files=findings.version_files,
        files=_listed([f"`{file.path}`" for file in findings.version_files]),
        # Whether the project marks the time between releases is seen from what its files say now.
        dev=bool(findings.version_files) and re.search(r"dev|snapshot", findings.version, re.IGNORECASE) is not None,
        category=findings.category,
        package=findings.package.value if findings.package else "",
        npm=findings.npm.value if findings.npm else "",
        image=findings.image.value if findings.image else "",
        site=findings.site.value if findings.site else "",
    )
    return re.sub(r"\n{3,}", "\n\n", text)


def workflow(findings: Findings, guide: str) -> str:
    """The text of the workflow file."""
    return _environment().get_template("release-checklist.yml.j2").render(branch=findings.branch.value, guide=guide)


def _listed(words: list[str]) -> str:
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=False,  # the result is Markdown or YAML
        keep_trailing_newline=True,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
    )
