"""Parses the guide's front matter into `Settings`, with a problem and a line for everything that is wrong."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fastrel.github.transport.addresses import is_repository
from fastrel.guide.lines import split_lines
from fastrel.guide.model import Problem, Settings, VersionFile
from fastrel.text.bounded_yaml import BadYaml, read_yaml
from fastrel.text.redact import has_credentials, without_secrets
from fastrel.text.suggest import nearest
from fastrel.versions.naming import MILESTONE_VALUES, SCHEMES, development_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from yaml import Node

_FENCE = re.compile(r"\A---[ \t]*(?:\r\n|\n|\r)(.*?)(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)", re.DOTALL)
_OF_VERSION_FILE = ("path", "pattern", "key", "optional")
KEYS = tuple(one.name for one in fields(Settings) if one.name != "branch_given")


def front_matter(text: str) -> tuple[str, int]:
    """The YAML between the leading `---` lines, and how many lines it takes with them; empty and 0 without one."""
    found = _FENCE.match(text.removeprefix("\ufeff"))
    if found is None:
        return "", 0
    lines = split_lines(found[0])
    return found[1], len(lines) - (not lines[-1])


def has_settings(text: str) -> bool:
    """Whether the front matter has `fastrel:`."""
    return re.search(r"^fastrel[ \t]*:", front_matter(text)[0], re.MULTILINE) is not None


def parse_settings(text: str, path: str) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings of a page, and what is wrong with them; what is wrong keeps its default."""
    source, _ = front_matter(text)
    if not source.strip():
        return Settings(), ()
    try:
        loaded, node = read_yaml(source)
    except BadYaml as error:
        message = f"the front matter is not valid YAML: {error.problem}"
        return Settings(), (Problem(path, error.line + 2, message),)
    mapping = loaded.get("fastrel") if isinstance(loaded, dict) else None
    if mapping is None:
        return Settings(), ()
    return _Reader(path, _pairs(node).get("fastrel", (None, None))[1]).settings(mapping)


class _Reader:
    """Reads one mapping and collects what is wrong in it."""

    def __init__(self, path: str, node: Node | None) -> None:
        self._path = path
        self._node = node
        self.problems: list[Problem] = []

    def settings(self, mapping: object) -> tuple[Settings, tuple[Problem, ...]]:
        if not isinstance(mapping, dict):
            self._wrong(self._node, "“fastrel:” must be a mapping")
            return Settings(), tuple(self.problems)
        values: dict[str, object] = {}
        places = _pairs(self._node)
        for key, value in mapping.items():
            place, node = places.get(str(key), (self._node, None))
            if key not in KEYS:
                hint = nearest(str(key), KEYS)
                self._wrong(place, f"unknown setting “{key}”", f"did you mean {hint}?" if hint else "")
            elif value is not None:
                read = self._value(str(key), value, place, node)
                if read is not None:
                    values[str(key)] = read
        values["branch_given"] = "branch" in values
        settings = Settings(**values)  # type: ignore[arg-type]  # each value was read by its key
        return self._of_one_scheme(settings, places), tuple(self.problems)

    def _of_one_scheme(self, settings: Settings, places: Mapping[str, tuple[Node, Node]]) -> Settings:
        """The settings, without what does not fit the way in which versions are written."""

        def line(key: str) -> Node | None:
            return places.get(key, (self._node, None))[0]

        if settings.calver and settings.versions != "calver":
            self._wrong(line("calver"), "“calver” is for `versions: calver`", "add it, or leave the pattern out")
        scheme = settings.naming.scheme
        if settings.version and not scheme.parse(settings.version):
            hint = scheme.hint(settings.version)
            self._wrong(line("version"), f"version: “{settings.version}” is not {scheme.called}", _lower(hint))
            settings = replace(settings, version="")
        if settings.dev_version and (problem := development_problem(settings.naming)):
            self._wrong(line("dev_version"), f"dev_version: “{settings.dev_version}” {problem}")
            settings = replace(settings, dev_version="")
        return settings

    def _value(self, key: str, value: object, place: Node | None, node: Node | None) -> object | None:
        if key == "version_files":
            return self._version_files(value, place, node)
        if key in ("assignees", "maintainers", "feature_labels"):
            return self._texts(key, value, place)
        if key == "only_maintainers":
            if not isinstance(value, bool):
                self._wrong(place, f"“{key}” must be true or false")
                return None
            return value
        if not isinstance(value, (str, int, float)) or isinstance(value, bool):
            self._wrong(place, f"“{key}” must be text")
            return None
        text = str(value)
        if key == "path":
            text = PurePosixPath(text).as_posix()
        problem = _RULES[key](text) if key in _RULES else ""
        if problem:
            self._wrong(place, f"{key}: “{without_secrets(text)}” {problem}")
            return None
        return text

    def _texts(self, key: str, value: object, place: Node | None) -> tuple[str, ...] | None:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self._wrong(place, f"“{key}” must be a list of {'labels' if key == 'feature_labels' else 'logins'}")
        return None

    def _version_files(self, value: object, place: Node | None, node: Node | None) -> tuple[VersionFile, ...] | None:
        if not isinstance(value, list):
            self._wrong(place, "“version_files” must be a list of files")
            return None
        files: list[VersionFile] = []
        nodes = node.value if node is not None and isinstance(node.value, list) else []
        for number, entry in enumerate(value):
            own = nodes[number] if number < len(nodes) else place
            file = self._version_file({"path": entry} if isinstance(entry, str) else entry, own)
            if file:
                files.append(file)
        return tuple(files)

    def _version_file(self, entry: object, node: Node | None) -> VersionFile | None:
        if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
            self._wrong(node, "a version file needs a “path”")
            return None
        places = _pairs(node)
        for key in entry:
            if key not in _OF_VERSION_FILE:
                place = places.get(str(key), (node, None))[0]
                self._wrong(place, f"unknown key “{key}” of a version file", "it has path, pattern, key and optional")
        path, pattern, key = entry["path"], str(entry.get("pattern") or ""), str(entry.get("key") or "")
        optional = entry.get("optional", False)
        if not isinstance(optional, bool):
            self._wrong(places.get("optional", (node, None))[0], "“optional” must be true or false")
            return None
        if pattern and key:
            self._wrong(node, f"the version file {path} has both a pattern and a key", "leave one out")
            return None
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or not path.strip() or "\0" in path:
            self._wrong(node, f"the version file “{path}” is not inside the repository")
            return None
        problem = _pattern_problem(pattern) if pattern else ""
        if problem:
            self._wrong(places.get("pattern", (node, None))[0], f"the pattern of {path} {problem}")
            return None
        return VersionFile(path, pattern, key, optional, node.start_mark.line + 2 if node is not None else 1)

    def _wrong(self, node: Node | None, message: str, suggestion: str = "") -> None:
        line = node.start_mark.line + 2 if node is not None else 1
        self.problems.append(Problem(self._path, line, message, suggestion))


def _pairs(node: Node | None) -> dict[str, tuple[Node, Node]]:
    """The nodes of a mapping by the text of its keys."""
    import yaml

    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {str(key.value): (key, value) for key, value in pairs if isinstance(key, yaml.ScalarNode)}


def _repository_problem(text: str) -> str:
    return "" if is_repository(text) else "is not OWNER/NAME"


def _tag_problem(text: str) -> str:
    if text.count("{version}") != 1:
        return "must contain {version} once"
    bad = re.search(r"[\s~^:?*\[\\]|\.\.|@\{|^-", text.replace("{version}", ""))
    return "is not a valid tag name" if bad else _shell_problem(text.replace("{version}", ""))


def _message_problem(text: str) -> str:
    if text.count("{version}") != 1:
        return "must contain {version} once"
    return "must be one line" if len(split_lines(text)) != 1 else ""


def _bump_problem(text: str) -> str:
    return "" if text in ("auto", "direct", "pull-request") else "must be auto, direct or pull-request"


def _workflow_problem(text: str) -> str:
    return "" if re.fullmatch(r"[\w.-]+\.ya?ml", text) else "is not the name of a workflow file, such as ticks.yml"


def _lower(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:].rstrip('.')}"


def _versions_problem(text: str) -> str:
    return "" if text in SCHEMES else f"must be {SCHEMES[0]}, {SCHEMES[1]} or {SCHEMES[2]}"


def _calver_problem(text: str) -> str:
    from fastrel.versions.calendar_pattern import problem_of

    return problem_of(text)


def _dev_version_problem(text: str) -> str:
    if text.count("{next}") + text.count("{next_minor}") != 1 or not text.startswith("{next"):
        return "must begin with {next} or {next_minor}, which is the version that comes next"
    return "must be letters, digits, . and - behind that" if not re.fullmatch(r"\{\w+\}[\w.+-]*", text) else ""


def _milestone_problem(text: str) -> str:
    names = re.findall(r"\{(\w*)\}", text)
    unknown = [one for one in names if one not in MILESTONE_VALUES]
    if unknown or re.search(r"[{}]", re.sub(r"\{\w*\}", "", text)):
        return f"may hold {', '.join(f'{{{one}}}' for one in MILESTONE_VALUES)}"
    enough = {"version", "line"} & set(names) or {"major", "minor"} <= set(names)
    return "" if enough and len(split_lines(text)) == 1 else "must be one line with {version} or {line} in it"


def _path_problem(text: str) -> str:
    parts = PurePosixPath(text)
    if parts.is_absolute() or ".." in parts.parts or not parts.parts or "\0" in text:
        return "is not a folder of the repository"
    return ""


def _address_problem(text: str) -> str:
    if has_credentials(text):
        return "holds a user or a password, which everybody could read"
    return "" if re.match(r"https?://\S+$", text) else "is not an http or https URL"


def _branch_problem(text: str) -> str:
    if not text or re.search(r"[\s~^:?*\[\\]|\.\.|^-", text):
        return "is not a valid branch name"
    return _shell_problem(text)


def _shell_problem(text: str) -> str:
    """Names stand in commands that people are told to type, so nothing of them may be a command of its own."""
    found = re.search(r"""[;&|$`'"<>(){}!\x00-\x1f\x7f]""", text)
    return "must not hold what a shell reads as more than a word" if found else ""


def _pattern_problem(pattern: str) -> str:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        return f"is not a regular expression: {error}"
    return "" if groups == 1 else "must have exactly one group, around the version"


def _placeholders_problem(text: str) -> str:
    return "" if text in ("ours", "literal") else "must be ours or literal"


_RULES: dict[str, Callable[[str], str]] = {
    "placeholders": _placeholders_problem,
    "repository": _repository_problem,
    "tag": _tag_problem,
    "version_message": _message_problem,
    "next_message": _message_problem,
    "bump": _bump_problem,
    "workflow": _workflow_problem,
    "versions": _versions_problem,
    "calver": _calver_problem,
    "dev_version": _dev_version_problem,
    "milestone": _milestone_problem,
    "path": _path_problem,
    "site": _address_problem,
    "branch": _branch_problem,
}
