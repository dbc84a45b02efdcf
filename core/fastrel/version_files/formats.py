"""The format of a version file, by its name: what it states, and the same text with another version."""

from __future__ import annotations

from pathlib import PurePosixPath

from fastrel.guide.model import VersionFile
from fastrel.version_files import (
    ini_file,
    json_file,
    lock_file,
    plain_file,
    python_file,
    toml_file,
    yaml_file,
)
from fastrel.version_files.statement import NotStated, Statement


def statement_of(file: VersionFile, text: str) -> Statement:
    """What the file states. NotStated, with what to do, when that is no version."""
    path, key = file.path, file.key
    name = PurePosixPath(path).name
    if file.pattern:
        return plain_file.pattern_statement(path, text, file.pattern)
    if name in ("package-lock.json", "npm-shrinkwrap.json") and not key:
        return json_file.lock_statement(path, text)
    if name in lock_file.REFRESH and not key:
        return lock_file.statement(path, text)
    if name == "Chart.yaml" and not key:
        return yaml_file.chart_statement(path, text)
    if name.lower() in ("version", "version.txt", ".version"):
        return plain_file.whole_statement(path, text)
    match PurePosixPath(name).suffix.lower():
        case ".toml":
            return toml_file.statement(path, text, key)
        case ".cfg" | ".ini":
            return ini_file.statement(path, text, key)
        case ".json":
            return json_file.statement(path, text, key)
        case ".yaml" | ".yml" | ".cff":
            return yaml_file.statement(path, text, key)
        case ".py" | ".pyi":
            return python_file.statement(path, text, key)
        case ".properties":
            return plain_file.properties_statement(path, text, key)
    raise NotStated(path, "is of a format that is not known")


def with_version(file: VersionFile, text: str, version: str) -> str:
    """The text with another version, every other character as it was."""
    return statement_of(file, text).rewritten(text, version, file.path)
