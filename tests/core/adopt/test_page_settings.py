"""Settings that a page of instructions names itself, and for whom and for which releases a step is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fastrel.actions.registry import parameters_of_actions
from fastrel.adopt.annotation import annotate
from fastrel.adopt.findings import Findings, Found
from fastrel.adopt.page_settings import with_settings_of
from fastrel.guide.model import VersionFile
from fastrel.guide.parser import parse_guide

OWN = Findings(repository=Found("octo/thing"))


@pytest.mark.parametrize(
    ("text", "package", "image", "site"),
    [
        ("on [PyPI](https://pypi.org/project/thing-py/)", "thing-py", "", ""),
        ("https://pypi.org/project/a/ and https://pypi.org/project/b/", "", "", ""),
        ("https://test.pypi.org/project/a/", "", "", ""),
        ("`ghcr.io/octo/thing:vX.Y.Z` is available", "", "ghcr.io/octo/thing", ""),
        ("`docker pull octo/thing:1.2.3`", "", "registry-1.docker.io/octo/thing", ""),
        ("`ghcr.io/octo/a:1.2.3` and `ghcr.io/octo/b:1.2.3`", "", "", ""),
        ("`ghcr.io/octo/thing:latest`", "", "", ""),
        ("the docs (https://thing.readthedocs.io/en/latest/) are live", "", "", "https://thing.readthedocs.io/"),
        ("https://octo.github.io/thing/x shows it", "", "", "https://octo.github.io/thing/"),
        ("https://others.github.io/thing/ shows it", "", "", ""),
    ],
)
def test_a_page_names_settings(text: str, package: str, image: str, site: str) -> None:
    found = with_settings_of(OWN, text)
    assert [one.value if one else "" for one in (found.package, found.image, found.site)] == [package, image, site]
    assert bool(found.notes) == bool(package or image or site)


def test_a_silent_file_in_which_the_page_sets_the_version_is_optional() -> None:
    files = (VersionFile("thing/__init__.py"),)
    known = Findings(version_files=files, unstated=("setup.cfg", "package.json"))
    page = "1.  Update the version in `__init__.py` and `setup.cfg`:\n\nLook at `package.json`.\n"
    found = with_settings_of(known, page)
    assert found.version_files == (*files, VersionFile("setup.cfg", optional=True))
    item = "# R\n\n- [ ] Update the version in `__init__.py` and `setup.cfg`\n"
    assert "uses=version.set" in annotate(item, "r.md", found, parameters_of_actions()).text
    assert with_settings_of(replace(known, version_files=()), page).version_files == ()


def test_what_the_project_says_counts_more_than_the_page() -> None:
    known = Findings(package=Found("mine"), image=Found("ghcr.io/a/b"), site=Found("https://x.org/"), categories=())
    page = "https://pypi.org/project/b/ `ghcr.io/octo/thing:1.2.3` https://b.readthedocs.io/ the release discussion"
    assert with_settings_of(known, page) == known


def test_a_discussion_is_started_in_the_category_that_github_has_by_default() -> None:
    found = with_settings_of(OWN, "Activate “Create a discussion for this release”")
    assert found.category == "Announcements"
    assert with_settings_of(OWN, "Tell everybody").category == ""


def steps_of(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    guide = parse_guide(annotate(text, "R.md", OWN, parameters_of_actions()).text)
    return [(step.uses, step.role.value, step.kinds) for step in guide.steps()]


@pytest.mark.parametrize(
    ("text", "role", "kinds"),
    [
        ("- [ ] A maintainer pushes the tag\n", "maintain", ()),
        ("- [ ] Maintainers only: look at it\n", "maintain", ()),
        ("- [ ] Ask the maintainers\n", "write", ()),
        ("- [ ] For a major or minor release, do it\n", "write", ("major", "minor")),
        ("- [ ] (patch only) do it\n", "write", ("patch",)),
        ("- [ ] [Major releases only] Write about it\n", "write", ("major",)),
        ("- [ ] Make a branch if it's a minor release\n", "write", ("minor",)),
        ("- [ ] Bump the version (major/minor/patch)\n", "write", ()),
        ("- [ ] Owners must agree. At least two for minor or major releases.\n", "write", ()),
        ("- [ ] Two must agree for minor releases, one for patch releases\n", "write", ()),
        ("**For MAJOR releases:**\n\n- [ ] Do it\n", "write", ("major",)),
        ("## Patch releases\n\n- [ ] Do it\n", "write", ("patch",)),
        ("## How to make releases\n\n- [ ] Do it (see the patch notes)\n", "write", ()),
    ],
)
def test_roles_and_kinds_are_those_of_the_text(text: str, role: str, kinds: tuple[str, ...]) -> None:
    assert [one[1:] for one in steps_of(text)] == [(role, kinds)]


def test_an_action_may_be_used_once_for_each_kind_of_release() -> None:
    text = "## Minor releases\n\n- [ ] Push the tag\n\n## Patch releases\n\n- [ ] Push the tag\n- [ ] Push the tag\n"
    assert [one[0] for one in steps_of(text)] == ["tag.push", "tag.push", ""]


def test_the_files_of_a_release_are_those_that_the_item_names() -> None:
    text = "- [ ] Draft a release\n- [ ] Upload `dist/*.whl` and `a.zip` to the release\n- [ ] Publish the release\n"
    guide = parse_guide(annotate(text, "R.md", OWN, parameters_of_actions()).text)
    step = next(one for one in guide.steps() if "Upload" in one.title)
    assert (step.uses, step.params["names"]) == ("release.assets", "*.whl,a.zip")
