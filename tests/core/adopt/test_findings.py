"""What files and git tell about a project."""

from __future__ import annotations

import pytest

from fastrel.adopt.detection import detect
from fastrel.adopt.drafting import drafted_guide
from fastrel.adopt.findings import Findings
from fastrel.adopt.listing import Listing
from fastrel.adopt.versions import tag_template, version_files
from fastrel.adopt.workflows import workflows
from fastrel.guide.settings import parse_settings

PROJECT = '[project]\nname = "thing"\nversion = "1.2.3"\n'


def listing(texts: dict[str, str], **more: object) -> Listing:
    return Listing(tuple(texts), texts, **more)  # type: ignore[arg-type]  # the fields that a test names


def paths(texts: dict[str, str]) -> list[str]:
    return [file.path for file in version_files(texts).files]


# Versions


def test_all_files_that_agree_are_found_and_the_others_are_named() -> None:
    found = version_files(
        {
            "pyproject.toml": PROJECT,
            "src/thing/__init__.py": '__version__ = "1.2.3"\n',
            "package.json": '{\n  "version": "1.2.3"\n}\n',
            "CITATION.cff": "version: 1.1.0\n",
            "tests/__init__.py": '__version__ = "1.2.3"\n',
            "src/thing/version.py": "x = 1\n",
        }
    )
    assert [file.path for file in found.files] == ["pyproject.toml", "src/thing/__init__.py", "package.json"]
    assert found.version == "1.2.3"
    assert found.notes == ("CITATION.cff says 1.1.0, pyproject.toml says 1.2.3: it is left out of version_files",)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"setup.cfg": "[metadata]\nversion = attr: thing.__version__\n", "thing/__init__.py": "__version__ = '1.0.0'\n"}, ["thing/__init__.py"]),
        ({"setup.py": 'setup(\n    name="x",\n    version="1.0.0",\n)\n'}, ["setup.py"]),
        ({"pyproject.toml": '[tool.poetry]\nversion = "1.0.0"\n'}, ["pyproject.toml"]),
        ({"Cargo.toml": '[package]\nversion = "1.0.0"\n'}, ["Cargo.toml"]),
        ({"VERSION": "1.0.0\n"}, ["VERSION"]),
        ({"VERSION": "see git\n"}, []),
        ({"thing/_version.py": '__version__ = "1.0.0"\n__version__ = "1.0.0"\n'}, []),
        ({"package.json": '{\n  "version": "0.0.0"\n}\n', "pyproject.toml": PROJECT}, ["pyproject.toml"]),
        ({"pyproject.toml": '[project]\nversion = "0.1.1-dev"\n'}, ["pyproject.toml"]),
        ({"pyproject.toml": '[project]\nname = "t"\ndynamic = ["version"]\n[tool.hatch.version]\npath = "src/ns/thing/__about__.py"\n', "src/ns/thing/__about__.py": "__version__ = '1.0.0'\n"}, ["src/ns/thing/__about__.py"]),
        ({"pyproject.toml": '[project]\nversion = "1.0.0"\n[tool.poetry]\nversion = "1.0.0"\n'}, ["pyproject.toml"]),
        ({"version.txt": "1.0.0\n"}, ["version.txt"]),
        ({"Chart.yaml": "version: 1.0.0\nappVersion: 1.0.0\n"}, ["Chart.yaml"]),
        ({"gradle.properties": "version=1.0.0\n"}, ["gradle.properties"]),
        ({"package.json": '{"version": "1.0.0"}', "package-lock.json": '{"version": "1.0.0", "packages": {"": {"version": "1.0.0"}}}'}, ["package.json", "package-lock.json"]),
        ({"Cargo.toml": '[workspace.package]\nversion = "1.0.0"\n', "Cargo.lock": '[[package]]\nname = "a"\nversion = "1.0.0"\n'}, ["Cargo.toml", "Cargo.lock"]),
        ({"VERSION": "1.2.3.4\n"}, []),
        ({"pyproject.toml": '[project]\ndynamic = ["version"]\n[build-system]\nrequires = ["hatch-vcs"]\n', "thing/_version.py": "__version__ = '1.0.0'\n"}, []),
    ],
)  # fmt: skip
def test_a_file_counts_when_exactly_one_place_states_a_version(texts: dict[str, str], expected: list[str]) -> None:
    assert paths(texts) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[project]\ndynamic = ["version"]\n[build-system]\nrequires = ["setuptools-scm"]\n', "made from git's tags"),
        ('[project]\ndynamic = [\n  "readme", "version",\n]\n', "(dynamic)"),
        ("[project]\n", "no file was found that states the version"),
    ],
)
def test_a_version_that_no_file_states_is_explained(text: str, words: str) -> None:
    found = version_files({"pyproject.toml": text})
    assert found.files == ()
    assert words in found.notes[0]


def test_packages_of_a_monorepo_are_left_out_and_named() -> None:
    found = version_files({"package.json": '{\n  "version": "1.0.0"\n}\n', "packages/a/package.json": "{}"})
    assert [file.path for file in found.files] == ["package.json"]
    assert "packages/a/package.json: packages in subfolders are left out" in found.notes[0]


@pytest.mark.parametrize(
    ("tags", "template", "notes"),
    [
        ((), "v{version}", 0),
        (("v0.1.0", "v0.2.0"), "v{version}", 0),
        (("0.1.0", "0.2.0-rc.1"), "{version}", 0),
        (("core-0.1.0", "core-0.2.0", "cli-0.1.0"), "core-{version}", 1),
        (("nightly", "v1"), "v{version}", 1),
        (("v1.2.3.3", "v1.2.3.4"), "v{version}", 1),
        (("v5.1.0", "v6.0.0a3", "v6.0.0a4"), "v{version}", 0),
        (("py3-v1.0.0", "py3-v1.0.1"), "py3-v{version}", 0),
    ],
)
def test_the_name_of_tags_is_that_of_most(tags: tuple[str, ...], template: str, notes: int) -> None:
    found, told = tag_template(tags)
    assert (found.value, len(told)) == (template, notes)


# Workflows


def jobs(steps: str, head: str = "on: push\n") -> dict[str, str]:
    return {".github/workflows/a.yml": f"{head}jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"}


@pytest.mark.parametrize(
    ("on", "checks", "tags"),
    [
        ("on: push", True, True),
        ("on: [push, pull_request]", True, True),
        ("on:\n  push:\n    branches: [main]", True, False),
        ("on:\n  push:\n    branches: [main]\n    tags: ['v*']", True, True),
        ("on:\n  pull_request:", False, False),
        ("on:\n  schedule:\n    - cron: '1 1 * * *'", False, False),
        ("on: {release: {types: [published]}}", False, False),
        ("[not a workflow", False, False),
    ],
)
def test_which_workflows_run_for_pushes_and_for_tags(on: str, checks: bool, tags: bool) -> None:
    found = workflows({".github/workflows/a.yml": f"{on}\njobs: {{}}\n"}, "octo/thing")
    assert (bool(found.checks), bool(found.tag_checks)) == (checks, tags)


@pytest.mark.parametrize(
    ("steps", "head", "image"),
    [
        ("      - uses: docker/metadata-action@v5\n        with:\n          images: ghcr.io/${{ github.repository }}\n", "on: push\n", "ghcr.io/octo/thing"),
        ("      - uses: docker/metadata-action@v5\n        with:\n          images: |\n            ${{ env.REGISTRY }}/${{ env.NAME }}\n", "on: push\nenv:\n  REGISTRY: ghcr.io\n  NAME: ${{ github.repository_owner }}/Image\n", "ghcr.io/octo/image"),
        ("      - uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: octo/thing:latest\n", "on: push\n", "registry-1.docker.io/octo/thing"),
        ("      - uses: docker/build-push-action@v6\n        with:\n          tags: octo/thing:latest\n", "on: push\n", ""),
        ("      - run: docker push ghcr.io/octo/thing:$VERSION\n", "on: push\n", "ghcr.io/octo/thing"),
        ("      - uses: docker/metadata-action@v5\n        with:\n          images: ${{ vars.IMAGE }}\n", "on: push\n", ""),
    ],
)  # fmt: skip
def test_the_image_is_guessed_from_what_a_workflow_pushes(steps: str, head: str, image: str) -> None:
    found = workflows(jobs(steps, head), "octo/Thing").image
    assert (found.value if found else "") == image
    assert found is None or found.guess


def test_the_workflows_of_the_tag_are_required_by_name() -> None:
    texts = {
        ".github/workflows/ci.yaml": "name: CI\non: {push: {branches: [main], tags: ['v*']}}\njobs: {}\n",
        ".github/workflows/docs.yaml": "name: Docs\non: {push: {branches: [main]}}\njobs: {}\n",
    }
    assert 'uses=ci.tag required="CI" -->' in drafted_guide(detect(listing(texts)))


def test_a_package_counts_when_a_workflow_publishes_it() -> None:
    publish = jobs("      - uses: pypa/gh-action-pypi-publish@release/v1\n")
    found = detect(listing({"pyproject.toml": PROJECT, **publish}))
    assert found.package
    assert found.package.value == "thing"
    commented = jobs("      - run: make # twine upload dist/*\n")
    assert detect(listing({"pyproject.toml": PROJECT, **commented})).package is None
    npm = jobs("      - run: npm publish\n")
    package = '{\n  "name": "@octo/thing",\n  "version": "1.0.0"\n}\n'
    found = detect(listing({"package.json": package, **npm}))
    assert found.npm
    assert found.npm.value == "@octo/thing"
    assert detect(listing({"package.json": package.replace("{\n", '{\n  "private": true,\n', 1), **npm})).npm is None


# The rest


def test_upstream_comes_before_origin_and_both_are_told() -> None:
    remotes = {"origin": "git@github.com:me/thing.git", "upstream": "https://github.com/octo/thing"}
    found = detect(listing({}, remotes=remotes))
    assert found.repository
    assert found.repository.value == "octo/thing"
    assert "origin is me/thing, upstream is octo/thing: releases are upstream's" in found.notes
    assert detect(listing({}, remotes=remotes), repository="a/b").repository.value == "a/b"  # type: ignore[union-attr]  # it was given


def test_an_empty_checkout_says_what_is_missing() -> None:
    found = detect(Listing())
    assert found.repository is None
    assert found.branch.value == "main"
    assert any("there is no remote yet" in note for note in found.notes)


@pytest.mark.parametrize("address", ["../own.git", "/srv/git/octo/thing.git", "file:///srv/octo/thing"])
def test_a_remote_on_a_disk_names_no_repository(address: str) -> None:
    found = detect(listing({}, remotes={"origin": address}))
    assert found.repository is None
    assert any(f"origin is {address}, which is on no GitHub server: give --repo" in note for note in found.notes)


def test_the_site_and_the_folder_of_its_pages() -> None:
    text = "docs_dir: pages\nsite_url: !ENV [URL, 'https://octo.example/']\nplugins:\n  - search: !!python/name:a.b\n"
    found = detect(listing({"mkdocs.yml": text}))
    assert (found.docs, found.site.value if found.site else "") == ("pages", "https://octo.example/")
    assert detect(listing({"docs/a.md": ""})).docs == "docs"
    assert detect(listing({"docs/conf.py": ""})).docs == ""


@pytest.mark.parametrize(
    ("labels", "bug", "features"),
    [
        (None, "bug", None),
        (("Bug", "enhancement"), "bug", None),
        (("type: bug", "type: feature", "kind/breaking-change", "debug"), "type: bug", ("type: feature", "kind/breaking-change")),
        (("question",), "bug", None),
    ],
)  # fmt: skip
def test_labels_are_found_by_what_they_say(
    labels: tuple[str, ...] | None, bug: str, features: tuple[str, ...] | None
) -> None:
    found = Findings(labels=labels)
    assert found.bug_label == bug
    assert found.feature_labels == (features or parse_settings("", "")[0].feature_labels)


def test_the_category_is_one_for_news() -> None:
    assert Findings(categories=("General", "Announcements")).category == "Announcements"
    assert Findings(categories=("General",)).category == ""
    assert Findings(categories=None).category == ""


def test_four_parts_are_said_not_to_be_supported() -> None:
    assert (
        "VERSION says 1.2.3.4: versions of four parts are not supported"
        in version_files({"VERSION": "1.2.3.4\n"}).notes[0]
    )
    assert "v1.2.3.4: versions of four parts are not supported" in tag_template(("v1.2.3.3", "v1.2.3.4"))[1][0]
