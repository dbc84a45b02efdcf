"""Monorepos, schemes of versions and what makes the releases, as files and tags show them."""

from __future__ import annotations

import pytest

from fastrel.adopt.detection import detect, with_history
from fastrel.adopt.listing import Listing
from fastrel.adopt.packages import package_in, packages_of, tag_of_package
from fastrel.adopt.release_makers import release_maker
from fastrel.adopt.schemes import schemes, versions_in
from fastrel.guide.model import VersionFile


def listing(texts: dict[str, str], *tags: str) -> Listing:
    return Listing(tuple(texts), texts, tags=tags)


NPM = {
    "package.json": '{"name": "root", "private": true, "version": "9.9.9", "workspaces": ["packages/*"]}',
    "packages/core/package.json": '{"name": "@octo/core", "version": "1.2.0"}',
    "packages/ui/package.json": '{"name": "@octo/ui", "version": "0.3.0"}',
    "examples/x/package.json": '{"name": "x", "version": "0.0.1"}',
}
CARGO = {
    "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n[workspace.package]\nversion = "0.2.0"\n',
    "crates/a/Cargo.toml": '[package]\nname = "thing-a"\nversion = "0.2.0"\n',
}
UV = {
    "pyproject.toml": '[project]\nname = "all"\nversion = "0"\n[tool.uv.workspace]\nmembers = ["libs/**"]\n',
    "libs/one/pyproject.toml": '[project]\nname = "one"\nversion = "0.1.1.dev0"\n',
}


@pytest.mark.parametrize(
    ("texts", "folders"),
    [
        (NPM, ["packages/core", "packages/ui"]),
        ({**NPM, "package.json": '{"private": true}', "lerna.json": '{"packages": ["packages/*"]}'}, ["packages/core", "packages/ui"]),
        ({**NPM, "package.json": "{}", "pnpm-workspace.yaml": "packages:\n  - 'packages/c*'\n"}, ["packages/core"]),
        (CARGO, ["crates/a"]),
        (UV, ["libs/one"]),
        ({"package.json": "no json", "Cargo.toml": "= no toml", "pnpm-workspace.yaml": "a: [b"}, []),
    ],
)  # fmt: skip
def test_the_packages_of_a_workspace(texts: dict[str, str], folders: list[str]) -> None:
    assert [one.folder for one in packages_of(listing(texts))] == folders


def test_the_private_package_at_the_top_states_the_version_of_no_package() -> None:
    found = detect(listing(NPM, "v1.0.0"))
    assert found.version_files == ()
    assert any(
        "packages/core, packages/ui. `fastrel-checklist init --path packages/core`" in one for one in found.notes
    )


def test_tags_of_single_packages_are_not_those_of_the_whole() -> None:
    assert detect(listing(NPM, "@octo/core@1.2.0", "@octo/ui@0.3.0")).tag.value == "v{version}"
    assert detect(listing(NPM, "@octo/core@1.2.0", "@octo/ui@0.3.0", "all-1.0.0")).tag.value == "all-{version}"


def test_path_dependencies_of_cargo_become_version_files() -> None:
    root = f'{CARGO["Cargo.toml"]}[workspace.dependencies]\nthing-a = {{ path = "crates/a", version = "0.2.0" }}\n'
    crate = '[package]\nname = "thing-a"\nversion.workspace = true\n'
    found = detect(listing({"Cargo.toml": root, "crates/a/Cargo.toml": crate}, "v0.1.0"))
    assert found.version_files == (
        VersionFile("Cargo.toml"),
        VersionFile("Cargo.toml", key="workspace.dependencies.thing-a.version"),
    )


def test_a_package_has_its_own_files_tags_and_workflow() -> None:
    found = detect(listing(NPM, "@octo/core@1.2.0", "@octo/ui@0.3.0", "v5.0.0"), path="packages/core")
    assert found.version_files == (VersionFile("packages/core/package.json"),)
    assert (found.tag.value, found.version, found.path) == ("@octo/core@{version}", "1.2.0", "packages/core")
    assert found.workflow == "release-checklist-core.yml"


@pytest.mark.parametrize(
    ("texts", "folder", "tags", "template"),
    [
        (NPM, "packages/ui", (), "@octo/ui@{version}"),
        (NPM, "packages/ui", ("ui-v0.1.0", "core-v1.0.0"), "ui-v{version}"),
        (CARGO, "crates/a", (), "thing-a-v{version}"),
        (CARGO, "crates/a", ("a/v0.1.0",), "a/v{version}"),
        (UV, "libs/one", ("one-0.1.0", "one-two-0.1.0"), "one-{version}"),
    ],
)
def test_tags_of_a_package(texts: dict[str, str], folder: str, tags: tuple[str, ...], template: str) -> None:
    found = listing(texts, *tags)
    assert tag_of_package(found.tags, package_in(found, folder)).value == template


@pytest.mark.parametrize(
    ("released", "stated", "python", "past", "expected"),
    [
        (["0.1.0"], "0.2.0-dev", True, [], ("", "", "{next_minor}-dev")),
        (["0.2.0"], "0.2.1.dev0", True, [], ("", "", "{next}.dev0")),
        (["5.1.0", "6.0.0a4"], "6.0.0a4", True, [], ("pep440", "", "")),
        (["23.1", "23.2"], "23.2", True, [], ("pep440", "", "")),
        (["23.1", "23.2"], "", False, [], ("", "", "")),
        (["2025.11.0", "2025.12.0", "2025.12.1"], "2025.12.1", False, [], ("calver", "YYYY.MM.MICRO", "")),
        (["2025.01.31", "2025.12.05"], "", False, [], ("calver", "YYYY.0M.0D", "")),
        (["22.04", "24.04"], "", False, [], ("calver", "YY.0M", "")),
        (["22.04", "22.04.1", "24.04"], "", False, [], ("calver", "YY.0M.MICRO", "")),
        (["2024.3", "2024.11", "2025.1"], "", False, [], ("calver", "YYYY.MM", "")),
        (["2024.1", "2024.2", "2025.1"], "2025.2", True, [], ("calver", "YYYY.MINOR", "")),
        (["0.2.0"], "0.2.0", False, ["0.2.0-SNAPSHOT", "0.1.0"], ("", "", "{next_minor}-SNAPSHOT")),
        ([], "", False, [], ("", "", "")),
    ],
)
def test_how_versions_are_written(
    released: list[str], stated: str, python: bool, past: list[str], expected: tuple[str, str, str]
) -> None:
    found = schemes(released, stated, python=python, past=past)
    assert (found.versions, found.calver, found.dev_version) == expected


def test_the_development_version_of_the_past_is_found_in_git() -> None:
    diff = (
        '--- a/x\n+++ b/x\n-version = "0.2.0.dev0"\n+version = "0.2.0"\n-version = "0.1.0"\n+version = "0.2.0.dev0"\n'
    )
    assert versions_in(diff) == ("0.2.0", "0.2.0.dev0")
    texts = {"pyproject.toml": '[project]\nname = "a"\nversion = "0.2.0"\n'}
    assert with_history(detect(listing(texts, "v0.1.0")), diff).dev_version == "{next}.dev0"


TAGS, BRANCH = "on: {push: {tags: ['v*']}}", "on: {push: {branches: [main]}}"


@pytest.mark.parametrize(
    ("text", "for_tags", "tool", "draft", "whole"),
    [
        ("run: gh release create $TAG --draft", True, "gh release create", True, False),
        ("run: gh release create $TAG", False, None, False, False),
        ("uses: softprops/action-gh-release@v2", True, "softprops/action-gh-release", False, False),
        ("uses: goreleaser/goreleaser-action@v6", True, "GoReleaser", False, False),
        ("uses: release-drafter/release-drafter@v6", False, "Release Drafter", True, False),
        ("run: npx semantic-release", False, "semantic-release", False, True),
        ("uses: python-semantic-release/python-semantic-release@v9", False, "python-semantic-release", False, True),
        ("uses: googleapis/release-please-action@v4", False, "release-please", False, True),
        ("run: gh release upload $TAG dist/*", True, None, False, False),
    ],
)
def test_what_makes_the_release(text: str, for_tags: bool, tool: str | None, draft: bool, whole: bool) -> None:
    found = release_maker("r.yml", "Release", text, runs_for_tags=for_tags)
    assert (found and found.tool) == tool
    if found:
        assert (found.draft, found.tags) == (draft, whole)
