"""New guides: whatever was found, they lint clean and hold the steps that make sense."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import yaml

from fastrel.actions.registry import parameters_of_actions
from fastrel.adopt.drafting import Tool, drafted_guide, workflow
from fastrel.adopt.findings import Findings, Found
from fastrel.adopt.release_makers import ReleaseMaker
from fastrel.guide.lint import lint
from fastrel.guide.model import VersionFile
from fastrel.guide.parser import parse_guide

FULL = Findings(
    repository=Found("octo/thing"),
    branch=Found("trunk"),
    tag=Found("thing-{version}"),
    version="0.2.0-dev",
    version_files=(VersionFile("pyproject.toml"), VersionFile("setup.py", r"""version=["']([^"']+)["']""")),
    docs="docs",
    mkdocs="mkdocs.yml",
    site=Found("https://octo.github.io/thing/"),
    image=Found("ghcr.io/octo/thing"),
    package=Found("thing"),
    npm=Found("@octo/thing"),
    crate=Found("thing"),
    release_workflow_names=("Publish",),
    release_notes=".github/release.yml",
    checks=("ci.yml",),
    tag_checks=("ci.yml",),
    workflow_names=("CI", "Docker image", "a: b"),
    milestones=True,
    labels=("type: bug", "type: feature"),
    categories=("General", "Announcements"),
)
MAKER = ReleaseMaker("GoReleaser", ".github/workflows/ci.yml", "CI")
PARTS: dict[str, object] = {
    "version_files": (),
    "mkdocs": "",
    "site": None,
    "image": None,
    "package": None,
    "npm": None,
    "release_notes": "",
    "checks": (),
    "tag_checks": (),
    "milestones": False,
    "crate": None,
    "release_workflow_names": (),
    "categories": None,
}


def test_whatever_is_found_or_missing_gives_a_guide_that_lints_clean() -> None:
    some = [set(names) for size in range(3) for names in combinations(PARTS, size)]
    texts = set()
    for lacking in [*some, *(set(PARTS) - names for names in some)]:
        fields = {name: PARTS[name] if name in lacking else getattr(FULL, name) for name in FULL.__slots__}
        text = drafted_guide(Findings(**fields))  # type: ignore[arg-type]  # the fields by their names
        assert lint(parse_guide(text), parameters_of_actions()) == (), text
        assert "\n\n\n" not in text
        assert text.endswith("<!-- /checklist -->\n")
        texts.add(text)
    assert len(texts) == 2 * len(some)


def test_settings_are_read_back_as_they_were_found() -> None:
    settings = parse_guide(drafted_guide(FULL)).settings
    assert (settings.repository, settings.branch, settings.tag) == ("octo/thing", "trunk", "thing-{version}")
    assert settings.version_files == FULL.version_files
    assert (settings.image, settings.site) == ("ghcr.io/octo/thing", "https://octo.github.io/thing/")
    assert (settings.discussion_category, settings.bug_label) == ("Announcements", "type: bug")
    assert settings.feature_labels == ("type: feature",)


def test_nothing_found_gives_a_short_guide() -> None:
    text = drafted_guide(Findings())
    assert [step.uses for step in parse_guide(text).steps()] == [
        "milestone.issues", "milestone.pulls", "bugs.decide", "", "tag.create", "tag.push", "release.draft", "release.notes", "release.edit",
        "release.publish", "", "milestone.close", "milestone.next", "tracker.close",
    ]  # fmt: skip


def test_the_workflow_watches_what_was_found_and_is_off_where_its_tool_is_not_known() -> None:
    unknown = yaml.load(workflow(FULL, "", Tool()), Loader=yaml.BaseLoader)
    assert unknown["on"]["push"] == {"branches": ["trunk", "release/**"], "tags": ["thing-*"]}
    assert unknown["on"]["workflow_run"]["workflows"] == ["CI", "Docker image", "a: b"]
    job = unknown["jobs"]["checklist"]
    assert job["if"] == "false"
    assert "OWNER/" in job["uses"]
    assert unknown["permissions"] == {}
    known = yaml.load(workflow(Findings(), "notes/R.md", Tool.read("octo/checklist@v1")), Loader=yaml.BaseLoader)
    assert "workflow_run" not in known["on"]
    job = known["jobs"]["checklist"]
    assert (job["uses"], job["with"]) == ("octo/checklist/.github/workflows/checklist.yml@v1", {"guide": "notes/R.md"})
    assert "if" not in job


def uses(findings: Findings) -> list[str]:
    return [step.uses for step in parse_guide(drafted_guide(findings)).steps()]


def test_where_a_workflow_makes_the_release_the_guide_waits_for_it_and_drafts_none() -> None:
    found = uses(replace(FULL, maker=replace(MAKER, draft=True)))
    assert "release.draft" not in found
    assert found.index("tag.push") < found.index("ci.tag") < found.index("release.publish")
    drafter = uses(replace(FULL, maker=replace(MAKER, drafter=True)))
    assert "release.draft" not in drafter
    assert "tag.create" in drafter
    whole = uses(replace(FULL, maker=replace(MAKER, tags=True)))
    assert not {"release.draft", "tag.create", "tag.push", "version.set", "version.next"} & set(whole)
    assert "release.publish" in whole


def test_each_registry_has_a_step_that_waits_for_it() -> None:
    text = drafted_guide(FULL)
    assert "uses=package.available package=thing -->" in text
    assert 'uses=package.available registry=npm package="@octo/thing" -->' in text
    assert "uses=package.available registry=crates package=thing -->" in text
    assert 'uses=ci.tag required="Publish" -->' in text


def test_what_github_was_not_asked_about_is_said_in_the_guide() -> None:
    unknown = drafted_guide(replace(FULL, milestones=None, categories=None))
    assert "Whether releases have milestones here is not known" in unknown
    assert "Whether this repository has Discussions is not known" in unknown
    known = drafted_guide(replace(FULL, milestones=False, categories=()))
    assert "is not known" not in known
    assert "milestone" not in known
