"""Which pushes start a workflow, as its file says."""

from __future__ import annotations

import pytest

from fastrel.github.workflow_file import is_workflow, read_workflow
from fastrel.guide.parser import parse_guide
from fastrel.guide.required_workflows import workflow_problems


@pytest.mark.parametrize(
    ("on", "main", "topic", "v020", "nightly"),
    [
        ("push", True, True, True, True),
        ("[push, pull_request]", True, True, True, True),
        ("pull_request", False, False, False, False),
        ("{push: {branches: [main]}}", True, False, False, False),
        ("{push: {branches: main}}", True, False, False, False),
        ("{push: {tags: ['v*']}}", False, False, True, False),
        ("{push: {tags: ['v*.*.*'], branches: [main]}}", True, False, True, False),
        ("{push: {tags: ['v[0-9]+.[0-9]+.[0-9]+']}}", False, False, True, False),
        ("{push: {tags: ['*', '!v*']}}", False, False, False, True),
        ("{push: {branches-ignore: ['topic/**']}}", True, False, False, False),
        ("{push: {branches: ['topic/**', main]}}", True, True, False, False),
        ("{push: {branches: ['*']}}", True, False, False, False),
        ("{push: {tags-ignore: [nightly]}}", False, False, True, False),
        ("{push: {paths: ['docs/**']}}", True, True, True, True),
        ("{release: {types: [published]}}", False, False, False, False),
    ],
)
def test_filters_of_branches_and_tags_decide(on: str, main: bool, topic: bool, v020: bool, nightly: bool) -> None:
    found = read_workflow(
        ".github/workflows/a.yml", f"name: A\non: {on}\njobs: {{a: {{name: Unit, steps: []}}, b: {{}}}}\n"
    )
    assert found is not None
    assert (found.name, found.jobs) == ("A", ("Unit", "b"))
    assert (found.runs_for_branch("main"), found.runs_for_branch("topic/a/b")) == (main, topic)
    assert (found.runs_for_tag("v0.2.0"), found.runs_for_tag("nightly")) == (v020, nightly)


def test_what_is_no_workflow_is_none() -> None:
    assert read_workflow("a.yml", "[") is None
    assert read_workflow("a.yml", "- a\n") is None
    assert not is_workflow(".github/workflows/folder/a.yml")
    assert is_workflow(".github/workflows/a.yaml")


CI = read_workflow(".github/workflows/ci.yaml", "name: CI\non: {push: {tags: ['v*']}}\njobs: {t: {name: Test}}\n")
DOCS = read_workflow(".github/workflows/docs.yaml", "name: Docs\non: {push: {branches: [main]}}\njobs: {}\n")
WHEELS = read_workflow(".github/workflows/w.yaml", "name: Wheels\non: {release: {types: [published]}}\njobs: {}\n")


@pytest.mark.parametrize(
    ("required", "words", "hint"),
    [
        ("CI", "", ""),
        ("Wheels", "", ""),
        ("Docs", "the workflow “Docs” does not run for the tag v1.0.0; the push of v1.0.0 starts CI", "add `tags:`"),
        ("Test", "no workflow is called “Test”, but a job of CI is", "did you mean CI?"),
        ("Doks", "no workflow is called “Doks”", "did you mean Docs?"),
    ],
)
def test_a_required_workflow_that_the_tag_does_not_start_is_a_mistake(required: str, words: str, hint: str) -> None:
    guide = parse_guide(f"- [ ] Wait. <!-- step wait uses=ci.tag required={required} -->\n", "g.md")
    found = workflow_problems(guide, [one for one in (CI, DOCS, WHEELS) if one])
    assert bool(found) == bool(words)
    if words:
        assert words in found[0].message
        assert hint in found[0].suggestion
