"""Path dependencies of a Cargo workspace with a version beside the path."""

from __future__ import annotations

import pytest

from fastrel.guide.model import VersionFile
from fastrel.guide.parser import parse_guide
from fastrel.version_files.cargo_paths import stale_paths
from fastrel.version_files.examine import file_warnings

ROOT = """[workspace]
members = ["crates/*", "tool"]
[workspace.package]
version = "0.1.0"
[workspace.dependencies]
core = { path = "crates/core", version = "0.1.0" }
serde = { version = "1" }
"""
CORE = '[package]\nname = "core"\nversion.workspace = true\n'
TOOL = """[package]
name = "tool"
version = { workspace = true }
[dependencies]
core = { workspace = true }
local = { path = "../crates/local", version = "=0.1.0" }
other = { path = "../vendor/other", version = "3" }
[dev-dependencies.core]
path = "../crates/core"
version = "0.1.0"
"""
LOCAL = '[package]\nname = "local"\nversion = { workspace = true }\n'
OTHER = '[package]\nname = "other"\nversion = "3.1.0"\n'
FILES = {
    "Cargo.toml": ROOT,
    "crates/core/Cargo.toml": CORE,
    "tool/Cargo.toml": TOOL,
    "crates/local/Cargo.toml": LOCAL,
    "vendor/other/Cargo.toml": OTHER,
}


def test_those_that_nothing_changes_are_found() -> None:
    found = stale_paths([VersionFile("Cargo.toml")], FILES.get)
    assert [(one.path, one.key, one.is_plain) for one in found] == [
        ("Cargo.toml", "workspace.dependencies.core.version", True),
        ("tool/Cargo.toml", "dependencies.local.version", False),
        ("tool/Cargo.toml", "dev-dependencies.core.version", True),
    ]


def test_those_that_are_version_files_are_not_stale() -> None:
    named = [
        VersionFile("Cargo.toml"),
        VersionFile("Cargo.toml", key="workspace.dependencies.core.version"),
        VersionFile("tool/Cargo.toml", key="dev-dependencies.core.version"),
    ]
    assert [one.name for one in stale_paths(named, FILES.get)] == ["local"]


@pytest.mark.parametrize(
    ("files", "manifests"),
    [
        ({**FILES, "Cargo.toml": ROOT.replace(', "tool"', "")}, ("tool/Cargo.toml",)),
        ({"Cargo.toml": CORE.replace(".workspace = true", ' = "0.1.0"'), "b/Cargo.toml": "no toml = ="}, ()),
        ({}, ("a/Cargo.toml",)),
    ],
)
def test_manifests_of_a_glob_are_given_and_what_cannot_be_read_is_passed_over(
    files: dict[str, str], manifests: tuple[str, ...]
) -> None:
    found = stale_paths([VersionFile("Cargo.toml")], files.get, manifests)
    assert ("tool/Cargo.toml" in {one.path for one in found}) is bool(manifests and files)


def test_lint_names_them_with_the_entry_that_mends_it() -> None:
    guide = parse_guide("---\nfastrel:\n  version_files: [Cargo.toml]\n---\n- [ ] a <!-- step a uses=version.set -->\n")
    warned = file_warnings(guide, FILES.get)
    assert [one.line for one in warned] == [3, 3, 3]
    assert warned[0].message == (
        "Cargo.toml has version 0.1.0 beside the path of core, and no step changes it: it will be stale in the tag"
    )
    assert "`- path: Cargo.toml` with `key: workspace.dependencies.core.version`" in warned[0].suggestion
    alone = {**FILES, "Cargo.toml": ROOT.replace(', "tool"', "")}
    assert len(file_warnings(guide, alone.get)) == 1
    assert len(file_warnings(guide, alone.get, tuple(alone))) == 3
    own = guide.text.replace("- [ ] a <!-- step a uses=version.set -->", "- [ ] a <!-- step a run -->\n\n  ```bash\n"
                             "  cargo set-version 1.0.0\n  ```")  # fmt: skip
    assert not file_warnings(parse_guide(own), FILES.get)
