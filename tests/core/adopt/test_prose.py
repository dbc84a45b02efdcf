"""Instructions without boxes: what is done becomes steps, what is explained stays, and the diff is boxes and values."""

from __future__ import annotations

import re

import pytest

from fastrel.actions.registry import parameters_of_actions
from fastrel.adopt.annotation import annotate
from fastrel.adopt.candidates import prose, sections, unsupported
from fastrel.adopt.decisions import Agreement
from fastrel.adopt.findings import Findings, Found
from fastrel.adopt.listing import Listing
from fastrel.adopt.proposal import Adoption, adoption
from fastrel.adopt.prose import with_boxes
from fastrel.guide.lint import lint
from fastrel.guide.model import VersionFile
from fastrel.guide.parser import parse_guide

PAGE = """# How we release Thing

Read this first.

## Rules

1. **Who?** Only the maintainers may publish a release.
2. Milestones are for MINOR releases.

## The process

### 1. Prepare

1.  Close or defer all issues of the milestone.
2.  Look at the repository:

    -   All tests should pass.
    -   Pull requests should have labels.

### 2. The version

1.  Update the version in `setup.cfg`:

    ```properties
    version = "1.2.0"
    ```

2.  Commit the version bump:

    ```bash
    git commit -am "Bump version to 1.2.0"
    ```

### 3. The tag

1.  Create the tag:

    ```bash
    git tag -a v1.2.0 -m "Release version 1.2.0"
    ```

2.  Push the tag.

### 4. Afterwards

1.  **The next one:** Get ready:

    - Set the version to `1.2.1-dev`.
    - Open a milestone for the next minor release, such as `1.3.0`.

## Troubleshooting

1. Delete the tag.
2. Try again.
"""
FACTS = Findings(
    repository=Found("o/r"), version_files=(VersionFile("setup.cfg"),), release_notes=".github/release.yml"
)


def test_a_page_of_numbered_steps_gets_a_box_before_each_and_nothing_else_moves() -> None:
    boxed = with_boxes(PAGE)
    assert boxed.steps == 9
    values = {
        "{{ version }}": "1.2.0",
        "{{ tag }}": "v1.2.0",
        "{{ dev_version }}": "1.2.1-dev",
        "{{ next_minor }}": "1.3.0",
    }
    text = boxed.text.replace("[ ] ", "")
    for name, value in values.items():
        assert name in text
        text = text.replace(name, value)
    assert text == PAGE
    assert "Delete the tag" in boxed.text.partition("## Troubleshooting")[2]
    assert "[ ]" not in boxed.text.partition("## Troubleshooting")[2]


def test_the_guide_of_such_a_page_lints_and_knows_roles_kinds_and_actions() -> None:
    found = annotate(with_boxes(PAGE).text, "R.md", FACTS, parameters_of_actions())
    guide = parse_guide(found.text, "R.md")
    assert lint(guide, parameters_of_actions()) == ()
    assert [step.uses for step in guide.steps()] == [
        "milestone.issues", "ci.branch", "pulls.labels", "version.set", "version.commit", "tag.create", "tag.push",
        "version.next", "milestone.next",
    ]  # fmt: skip
    roles = {step.uses: step.role.value for step in guide.steps()}
    assert (roles["tag.push"], roles["version.set"]) == ("maintain", "write")
    assert next(step.kinds for step in guide.steps() if step.uses == "milestone.next") == ("major", "minor")


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("# Release\n\n- Update the changelog\n- Tag the release\n- Tell the team\n", 3),
        ("# Release\n\n* Run `make`\n\n    more of it\n* Push the branch\n", 2),
        ("# Release\n\n## Steps\n\n1) Tag it\n2) Push it\n", 2),
        ("# Release\n\n### Step 1: Update the version\n\nIn two files.\n\n### Step 2: Push the tag\n\n```sh\ngit push origin v1.0.0\n```\n", 2),
        ("# Release\n\n- We are slow.\n- The docs are old.\n- Nobody knows.\n", 0),
        ("# Release\n\n## Prerequisites\n\n- Install git\n- Get access\n", 0),
        ("# Release\n\nWords alone.\n", 0),
        ("# Release\n\n- Update the version in:\n    - `a.py`\n    - `b.cfg`\n- Tag it\n", 2),
        ("> 1. Tag it\n> 2. Push it\n", 2),
        ("# Release\n\nYou need:\n\n- To have push rights\n- To have a key\n\n## Steps\n\n1. Tag it\n2. Push it\n", 2),
        ("# Release\n\n1. Look at the notes. Watch out for:\n    - Add no links\n    - Sort them\n2. Tag it\n", 2),
        ("# Release\n\n1. Watch the build. On a tag it will:\n    - Build a file\n    - Upload it\n2. Tag it\n", 2),
        ("# Release\n\n1. **Prepare**\n    - Bump the version\n    - It is slow\n2. **Publish**\n    - Push the tag\n", 2),
        ("# R\n\n## Release process (SemVer)\n\n1. Tag it\n2. Push it\n\n## If something goes wrong\n\n1. Delete it\n2. Fix it\n", 2),
        ("# Release\n\n1. `make dist`\n2. `twine upload dist/*`\n", 2),
        ("# Release\n\n## Write the release notes\n\n- Write them\n- Read them\n\n## Release notes\n\n- Add a line\n- Be brief\n", 2),
        ("# Release\n\n### Update the changelog\n\nBy hand.\n\n### Build and test it\n\nTwice.\n\n### Branch management\n\nLike so.\n", 2),
        ("# Release\n\n### Is CI green?\n\nLook.\n\n### What happens then\n\nThis.\n", 0),
    ],
)  # fmt: skip
def test_what_is_a_step_and_what_is_an_explanation(text: str, steps: int) -> None:
    boxed = with_boxes(text)
    assert boxed.steps == steps
    assert len(list(parse_guide(boxed.text).steps())) == steps
    assert with_boxes(boxed.text).text == boxed.text
    if not re.search("###", text):
        assert boxed.text.replace("[ ] ", "") == text


def test_the_code_below_a_numbered_heading_is_that_of_its_step() -> None:
    text = "# Release\n\n## 1. Push the tag\n\n```sh\ngit push origin v1.0.0\n```\n\n## 2. Tag the release\n\n```sh\nmake tag\n```\n"
    boxed = with_boxes(text)
    found = annotate(boxed.text, "R.md", FACTS, parameters_of_actions(), code=boxed.code)
    assert [step.uses for step in parse_guide(found.text).steps()] == ["tag.push", ""]


def test_placeholders_for_the_version_become_values() -> None:
    boxed = with_boxes("# Release\n\n1. Bump the version to X.Y.Z\n2. Tag vX.Y.Z\n3. See that <version> is there\n")
    assert "Bump the version to {{ version }}" in boxed.text
    assert "Tag {{ tag }}" in boxed.text
    assert "See that {{ version }} is there" in boxed.text


def test_a_page_without_boxes_is_found_and_other_forms_are_named() -> None:
    path, boxed = prose({"RELEASING.md": PAGE, "README.md": PAGE})
    assert path == "RELEASING.md"
    assert boxed is not None
    assert prose({"CONTRIBUTING.md": "# C\n\n## Releases\n\nMaintainers tag.\n"}) == ("", None)
    assert prose({"CONTRIBUTING.md": "# C\n\n## Releases\n\n1. Tag it\n2. Push it\n"})[0] == "CONTRIBUTING.md"
    assert prose({"ReleaseChecklist.md": PAGE})[0] == "ReleaseChecklist.md"
    assert prose({"RELEASING_THING.md": PAGE, "README.md": PAGE})[0] == "RELEASING_THING.md"
    assert prose({"README.md": "# T\n\n## Releasing\n\n1. Tag it\n2. Push it\n"}) == ("", None)
    section = {"README.md": "# T\n\n1. Push it\n2. Tag it\n\n## Releasing\n\n1. Tag it\n2. Push it\n"}
    assert sections(section) == ("README.md has a section about releases; `--guide README.md` makes it the guide",)
    found = unsupported(("RELEASING.rst", ".github/ISSUE_TEMPLATE/release.yml", "docs/release-notes.rst", "a.py"))
    assert [one.split()[0] for one in found] == ["RELEASING.rst", ".github/ISSUE_TEMPLATE/release.yml"]


def test_placeholders_of_a_page_with_boxes_become_values_when_a_person_says_so() -> None:
    text = "# Release X.Y.Z\n\n- [ ] Bump it to X.Y.Z\n- [ ] Tag vX.Y.Z, not X.Y.Z-rc1\n- [ ] Send `{{ env.VERSION }}`\n\nX.Y.Z is out.\n"
    listing = Listing(("RELEASING.md",), {"RELEASING.md": text})

    def adopted(agreement: Agreement) -> Adoption:
        return adoption(listing, FACTS, parameters_of_actions(), agreement=agreement)

    offered = adopted(Agreement())
    assert offered.placeholder == "X.Y.Z in 3 lines"
    assert any("at a terminal, init offers" in one for one in offered.notes)
    assert "Bump it to X.Y.Z <!--" in offered.changes[0].after
    filled = adopted(Agreement(seen=True, values=True)).changes[0].after
    assert "# Release X.Y.Z\n" in filled
    assert "- [ ] Bump it to {{ version }} <!--" in filled
    assert "- [ ] Tag {{ tag }}, not X.Y.Z-rc1 <!--" in filled
    assert "- [ ] Send `{{ version }}` <!--" in filled
    assert "\nX.Y.Z is out.\n" in filled
    assert "placeholders: literal" not in filled
