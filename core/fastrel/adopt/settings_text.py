"""The front matter of a new guide: the settings that were found and are not the default. Pure."""

from __future__ import annotations

from fastrel.adopt.findings import Findings
from fastrel.guide.model import Settings
from fastrel.versions.calendar import DEFAULT_PATTERN
from fastrel.versions.naming import scheme_of

DEFAULT = Settings()


def settings_lines(findings: Findings) -> list[str]:
    """The lines of `fastrel:` for the front matter."""
    lines = ["fastrel:"]
    lines += _line("repository", findings.repository.value if findings.repository else "", DEFAULT.repository)
    lines += _line("branch", findings.branch.value, DEFAULT.branch)
    # How tags are named is said in any case: it is what people want to see first.
    lines += _line("tag", findings.tag.value, "")
    lines += _line("path", findings.path, "")
    lines += _line("versions", findings.versions, "")
    lines += _line("calver", findings.calver, DEFAULT_PATTERN)
    usual = scheme_of(findings.versions, findings.calver).dev_version
    lines += _line("dev_version", findings.dev_version, usual)
    lines += _line("milestone", findings.milestone, "")
    if findings.version_files:
        lines.append("  version_files:")
        for file in findings.version_files:
            lines.append(f"    - path: {_quoted(file.path)}")
            lines += [f"      pattern: {_quoted(file.pattern)}"] if file.pattern else []
            lines += [f"      key: {_quoted(file.key)}"] if file.key else []
            lines += ["      optional: true"] if file.optional else []
    lines += _line("discussion_category", findings.category, "")
    lines += _line("image", findings.image.value if findings.image else "", "")
    lines += _line("site", findings.site.value if findings.site else "", "")
    lines += _line("workflow", findings.workflow, DEFAULT.workflow)
    lines += _line("bug_label", findings.bug_label, DEFAULT.bug_label)
    if findings.feature_labels != DEFAULT.feature_labels:
        lines.append(f"  feature_labels: [{', '.join(map(_quoted, findings.feature_labels))}]")
    return [*lines, "  placeholders: literal"] if findings.literal else lines


def _line(key: str, value: str, default: str) -> list[str]:
    return [f"  {key}: {_quoted(value)}"] if value and value != default else []


def _quoted(value: str) -> str:
    """The value as YAML: bare where it is plain, else in quotes."""
    import re

    if re.fullmatch(r"[A-Za-z][\w./-]*(?:://[\w./~%-]+)?", value) and value.lower() not in _WORDS:
        return value
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
"""What YAML 1.1 takes for something else than text."""
