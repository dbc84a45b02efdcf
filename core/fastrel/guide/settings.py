"""The guide's front matter: from YAML to `Settings`, with a problem and a line for everything that is wrong."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fastrel.guide.model import Problem, Settings, VersionFile
from fastrel.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

_FENCE = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
KEYS = tuple(one.name for one in fields(Settings))


def front_matter(text: str) -> tuple[str, int]:
    """The YAML between the leading `---` lines, and how many lines it takes with them; empty and 0 without one."""
    found = _FENCE.match(text.removeprefix("\ufeff"))
    return (found[1], found[0].count("\n") + (not found[0].endswith("\n"))) if found else ("", 0)


def has_settings(text: str) -> bool:
    """Whether the front matter has `fastrel:`."""
    return re.search(r"^fastrel[ \t]*:", front_matter(text)[0], re.MULTILINE) is not None


def parse_settings(text: str, path: str) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings of a page, and what is wrong with them; what is wrong keeps its default."""
    import yaml

    source, _ = front_matter(text)
    if not source.strip():
        return Settings(), ()
    try:
        loaded = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 1
        said = getattr(error, "problem", None) or "invalid value"
        return Settings(), (Problem(path, line, f"the front matter is not valid YAML: {said}"),)
    mapping = loaded.get("fastrel") if isinstance(loaded, dict) else None
    if mapping is None:
        return Settings(), ()
    return _Reader(path, source).settings(mapping)


class _Reader:
    """Reads one mapping and collects what is wrong in it."""

    def __init__(self, path: str, source: str) -> None:
        self._path = path
        self._lines = source.splitlines()
        self.problems: list[Problem] = []

    def settings(self, mapping: object) -> tuple[Settings, tuple[Problem, ...]]:
        if not isinstance(mapping, dict):
            self._wrong("fastrel", "“fastrel:” must be a mapping")
            return Settings(), tuple(self.problems)
        values: dict[str, object] = {}
        for key, value in mapping.items():
            if key not in KEYS:
                hint = nearest(str(key), KEYS)
                self._wrong(str(key), f"unknown setting “{key}”", f"did you mean {hint}?" if hint else "")
            elif value is not None:
                read = self._value(str(key), value)
                if read is not None:
                    values[str(key)] = read
        return Settings(**values), tuple(self.problems)  # type: ignore[arg-type]  # each value was read by its key

    def _value(self, key: str, value: object) -> object | None:
        if key == "version_files":
            return self._version_files(value)
        if key in ("assignees", "maintainers", "feature_labels"):
            return self._texts(key, value)
        if key == "only_maintainers":
            if not isinstance(value, bool):
                self._wrong(key, f"“{key}” must be true or false")
                return None
            return value
        if not isinstance(value, (str, int, float)) or isinstance(value, bool):
            self._wrong(key, f"“{key}” must be text")
            return None
        text = str(value)
        problem = _RULES[key](text) if key in _RULES else ""
        if problem:
            self._wrong(key, f"{key}: “{text}” {problem}")
            return None
        return text

    def _texts(self, key: str, value: object) -> tuple[str, ...] | None:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self._wrong(key, f"“{key}” must be a list of {'labels' if key == 'feature_labels' else 'logins'}")
        return None

    def _version_files(self, value: object) -> tuple[VersionFile, ...] | None:
        if not isinstance(value, list):
            self._wrong("version_files", "“version_files” must be a list of files")
            return None
        files: list[VersionFile] = []
        for entry in value:
            file = self._version_file({"path": entry} if isinstance(entry, str) else entry)
            if file:
                files.append(file)
        return tuple(files)

    def _version_file(self, entry: object) -> VersionFile | None:
        if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
            self._wrong("version_files", "a version file needs a “path”")
            return None
        for key in entry:
            if key not in ("path", "pattern"):
                self._wrong(str(key), f"unknown key “{key}” of a version file", "it has path and pattern")
        path, pattern = entry["path"], str(entry.get("pattern") or "")
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or not path.strip():
            self._wrong(path, f"the version file “{path}” is not inside the repository")
            return None
        problem = _pattern_problem(pattern) if pattern else ""
        if problem:
            self._wrong("pattern", f"the pattern of {path} {problem}")
            return None
        return VersionFile(path, pattern)

    def _wrong(self, word: str, message: str, suggestion: str = "") -> None:
        line = next((number for number, text in enumerate(self._lines, start=2) if word in text), 1)
        self.problems.append(Problem(self._path, line, message, suggestion))


def _repository_problem(text: str) -> str:
    return "" if re.fullmatch(r"[\w.-]+/[\w.-]+", text) else "is not OWNER/NAME"


def _tag_problem(text: str) -> str:
    if text.count("{version}") != 1:
        return "must contain {version} once"
    bad = re.search(r"[\s~^:?*\[\\]|\.\.|@\{", text.replace("{version}", ""))
    return "is not a valid tag name" if bad else ""


def _bump_problem(text: str) -> str:
    return "" if text in ("auto", "direct", "pull-request") else "must be auto, direct or pull-request"


def _version_problem(text: str) -> str:
    from semver import Version

    return "" if Version.is_valid(text) else "is not a semantic version"


def _address_problem(text: str) -> str:
    return "" if re.match(r"https?://\S+$", text) else "is not an http or https address"


def _branch_problem(text: str) -> str:
    return "is not a valid branch name" if re.search(r"[\s~^:?*\[\\]|\.\.|^-", text) or not text else ""


def _pattern_problem(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        return f"is not a regular expression: {error}"
    return "" if groups == 1 else "must have exactly one group, around the version"


_RULES: dict[str, Callable[[str], str]] = {
    "repository": _repository_problem,
    "tag": _tag_problem,
    "bump": _bump_problem,
    "version": _version_problem,
    "site": _address_problem,
    "branch": _branch_problem,
}
