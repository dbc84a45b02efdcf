"""The documented form of the report is that of the program."""

from __future__ import annotations

import json
import re

import pytest

from stage import ROOT, Cli, Project, begin_release

PAGE = (ROOT / "docs" / "reference" / "json.md").read_text(encoding="utf-8")


def keys(found: object) -> object:
    """The names of all fields, of the first entry of each list."""
    if isinstance(found, dict):
        return {name: keys(value) for name, value in found.items()}
    if isinstance(found, list) and found:
        return keys(found[0])
    return None


def test_the_example_of_lint_has_its_fields(cli: Cli, project: Project) -> None:
    project.change_guide("uses=tag.push", "uses=tag.psh")
    result = cli("lint", "--json")
    assert result.code == 1
    block = re.search(r"```json\n(\{\n  \"schema\": \"fastrel.lint/1\".*?\n\})\n```", PAGE, re.DOTALL)
    assert block
    assert keys(json.loads(block[1])) == keys(result.json)
    project.change_guide("uses=tag.psh", "uses=tag.push")
    calm = cli("lint", "--json")
    assert calm.code == 0
    assert calm.json["guides"] == [
        {
            "path": str(project.path / "docs" / "release-guide.md"),
            "steps": 25,
            "phases": 6,
            "problems": [],
            "warnings": [],
        }
    ]


def test_the_example_of_the_board_has_its_fields(cli: Cli, project: Project) -> None:
    begin_release(cli)
    board = cli("board", "ServiceNow", "ServiceNow/gone", "--json").json
    block = re.search(r"```json\n(\{\n  \"schema\": \"fastrel.board/1\".*?\n\})\n```", PAGE, re.DOTALL)
    assert block
    assert keys(json.loads(block[1])) == keys(board)
    releases = board["releases"]
    assert isinstance(releases, list)
    for name in (*board, *releases[0]):
        assert f"`{name}`" in PAGE, name


def test_the_example_has_the_fields_of_a_report_and_the_tables_explain_them(cli: Cli, project: Project) -> None:
    begin_release(cli)
    report = cli("status", "--json").json
    steps = report["steps"]
    assert isinstance(steps, list)
    step = next(one for one in steps if one["id"] == "main-ci")
    report["steps"] = [step]
    block = re.search(r"```json\n(\{\n.*?\n\})\n```", PAGE, re.DOTALL)
    assert block
    assert keys(json.loads(block[1])) == keys(report)
    milestone = report["milestone"]
    assert isinstance(milestone, dict)
    for name in (*report, *milestone, *step):
        assert f"`{name}`" in PAGE, name


@pytest.mark.parametrize("schema", ["fastrel.init/1", "fastrel.doctor/1"])
def test_the_examples_of_init_and_doctor_have_their_fields(cli: Cli, project: Project, schema: str) -> None:
    checklist = project.path / "RELEASING.md"
    checklist.write_text("- [ ] Tag the release\n- [ ] Rest\n")
    command = ("init", "--guide", "RELEASING.md", "--dry-run") if "init" in schema else ("doctor",)
    printed = cli(*command, "--json").json
    blocks = [json.loads(one) for one in re.findall(r"```json\n(\{\n.*?\n\})\n```", PAGE, re.DOTALL)]
    example = next(one for one in blocks if one.get("schema") == schema)
    assert keys({**example, "by_hand": 0, "notes": 0}) == keys({**printed, "by_hand": 0, "notes": 0})
    for name in printed:
        assert f"`{name}`" in PAGE or f'"{name}"' in PAGE
