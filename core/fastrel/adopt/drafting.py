"""A new guide, with the steps that make sense for what was found, and the workflow for its tracker. Pure.

The templates have marks of their own, since `{{ }}` belongs to guides and `${{ }}` to workflows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fastrel import __version__
from fastrel.adopt.findings import Findings
from fastrel.adopt.settings_text import settings_lines
from fastrel.changelog.checkup import default_path
from fastrel.errors import UsageError

if TYPE_CHECKING:
    from jinja2 import Environment

PLACEHOLDER = "OWNER/fastrel-checklist"
"""Stands in the workflow where it is not known whose fastrel-checklist it calls; the job is switched off then."""


def drafted_guide(findings: Findings) -> str:
    """The text of a new guide."""
    repository = findings.repository.value if findings.repository else ""
    text = (
        _environment()
        .get_template("guide.md.j2")
        .render(
            settings="\n".join(settings_lines(findings)),
            name=repository.partition("/")[2],
            milestones=findings.milestones,
            checks=findings.checks,
            tag_checks=findings.tag_checks,
            required=_required(findings.tag_workflow_names),
            release_required=_required(findings.release_workflow_names),
            maker=findings.maker,
            crate=findings.crate.value if findings.crate else "",
            unknown=findings.categories is None,
            release_notes=findings.release_notes,
            mkdocs=findings.mkdocs,
            version_files=findings.version_files,
            files=_listed(list(dict.fromkeys(f"`{file.path}`" for file in findings.version_files))),
            changelog=findings.changelog,
            named=_named(findings) if findings.changelog else "",
            source=_source(findings),
            # Whether the project marks the time between releases is seen from what its files say now.
            dev=bool(findings.version_files)
            and (bool(findings.dev_version) or re.search(r"(?i)dev|snapshot", findings.version) is not None),
            category=findings.category,
            package=findings.package.value if findings.package else "",
            npm=findings.npm.value if findings.npm else "",
            image=findings.image.value if findings.image else "",
            site=findings.site.value if findings.site else "",
        )
    )
    return re.sub(r"\n+(?=\n<!-- /checklist)", "", re.sub(r"\n{3,}", "\n\n", text))


@dataclass(frozen=True, slots=True)
class Tool:
    """The repository and version of fastrel-checklist that a workflow calls."""

    repository: str = PLACEHOLDER
    ref: str = f"v{__version__}"
    commit: str = ""
    """SHA of the commit that the tag marks; empty when that is not known."""

    @property
    def place(self) -> str:
        """What the workflow calls behind `@`: the commit, since a tag can be moved, and the tag for people to read."""
        return f"{self.commit} # {self.ref}" if self.commit else self.ref

    @property
    def is_pinned(self) -> bool:
        """Whether what the workflow calls stays the same."""
        return bool(self.commit) or is_full_sha(self.ref)

    @classmethod
    def read(cls, text: str) -> Tool:
        """`OWNER/NAME` or `OWNER/NAME@REF`. UsageError otherwise."""
        found = re.fullmatch(r"([\w.-]+/[\w.-]+)(?:@([\w./-]+))?", text)
        if found is None:
            raise UsageError(
                f"“{text}” is not OWNER/NAME@REF.", done="Nothing was changed.", next_step="Correct --action."
            )
        return cls(found[1], found[2] or cls().ref)


def is_full_sha(ref: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{40}", ref) is not None


def workflow(findings: Findings, guide: str, tool: Tool) -> str:
    """The text of the workflow file; `guide` is named in it where it would not be found by itself."""
    return (
        _environment()
        .get_template("release-checklist.yml.j2")
        .render(
            branch=_yaml(findings.branch.value),
            tags=_yaml(findings.tag.value.replace("{version}", "*")),
            watched=", ".join(map(_yaml, findings.workflow_names)),
            guide=_yaml(guide) if guide else "",
            tool=tool.repository,
            ref=tool.place,
            placeholder=tool.repository == PLACEHOLDER,
        )
    )


def _source(findings: Findings) -> str:
    """The attributes by which the notes come from the changelog; empty where GitHub generates them."""
    changelog = findings.changelog
    if changelog is None or not changelog.is_markdown or "{" in changelog.path:
        return ""
    source = "changelog,generated" if findings.release_notes else "changelog"
    return f" source={source}{_named(findings)}"


def _named(findings: Findings) -> str:
    """The attributes by which a step finds the changelog, where it does not by itself."""
    changelog = findings.changelog
    if changelog is None:
        return ""
    file = f' file="{changelog.path}"' if changelog.path != default_path(findings.path) else ""
    return file + (f' heading="{changelog.title}"' if changelog.title else "")


def _required(names: Sequence[str]) -> str:
    """The attribute that names the workflows that must run; empty where the names cannot be written so."""
    if not names or any(re.search(r"[,\"'<>{}]", one) for one in names):
        return ""
    return f' required="{",".join(names)}"'


def _yaml(text: str) -> str:
    """A text in a list of YAML: JSON's strings are YAML's, too."""
    return text if re.fullmatch(r"[A-Za-z][\w./-]*", text) else json.dumps(text, ensure_ascii=False)


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
