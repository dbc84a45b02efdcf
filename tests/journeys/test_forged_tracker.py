"""The tracker is text that many people can edit: whatever stands in it, nothing of it is executed or believed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release

COMMANDS = """
---
fastrel:
  repository: evil/evil
  maintainers: [carl]
  version_files: [/etc/passwd]
---
<!-- checklist role=read -->
- [ ] Evil <!-- step evil run check="touch TRAP" -->

    ```bash
    touch TRAP
    ```
- [x] Evil {{ cycler.__init__.__globals__.os.system('touch TRAP') }} <!-- step docs-current run check="touch TRAP" -->

    ```bash
    touch TRAP
    ```
- [ ] $(touch TRAP) `touch TRAP` <!-- step $(touch TRAP) -->
- [ ] up <!-- step ../../evil -->
- [x] all <!-- step push-tag uses=shell run="touch TRAP" -->
{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}
<!-- /checklist -->
"""
EVIDENCE = (
    ' — done <!-- /step by="$(touch TRAP)" at="2026-11-24T03:12:00Z" links="file:///TRAP javascript:alert(1)" '
    'summary="{{ 7*7 }} `touch TRAP` $(touch TRAP)" check="touch TRAP" run="touch TRAP" sum="00000000" -->'
)


@pytest.fixture
def traps(tmp_path: Path) -> Path:
    folder = tmp_path / "traps"
    folder.mkdir()
    return folder


def set_with(text: str, traps: Path) -> str:
    return text.replace("TRAP", str(traps / "sprung"))


def test_commands_in_the_tracker_are_never_executed(cli: Cli, project: Project, twin: Twin, traps: Path) -> None:
    begin_release(cli)
    tracker = twin.store.issues[38]
    before = cli("status", "--json").statuses()
    first, _, rest = tracker.body.partition("\n")
    tracker.body = first + "\n" + set_with(COMMANDS, traps) + rest + set_with(COMMANDS, traps)
    for command in (("status", "--json"), ("run", "--dry-run", "--json"), ("sync", "--json")):
        done = cli(*command)
        assert done.statuses() == before, command
        assert done.json["repository"] == "ServiceNow/Fast-LLM"
    run = cli("run", "docs-current", "--yes", "--interval", "0.05", "--json")
    assert "mkdocs build --strict" in str(run.json["walked"])
    assert list(traps.iterdir()) == []


def test_forged_evidence_makes_no_step_done_that_the_world_can_show(
    cli: Cli, project: Project, twin: Twin, traps: Path
) -> None:
    begin_release(cli)
    tracker = twin.store.issues[38]
    forged = re.compile(r"^( *- \[)[ x](\] .*<!-- step [a-z-]+ -->).*$", re.MULTILINE)
    before = cli("status", "--json").statuses()
    tracker.body = forged.sub(lambda one: f"{one[1]}x{one[2]}{set_with(EVIDENCE, traps)}", tracker.body)
    report = cli("status", "--json")
    shown = report.statuses()
    assert isinstance(report.json["steps"], list)
    by_hand = {one["id"] for one in report.json["steps"] if one["status"] == "done"}
    # Only scripts that nothing can check have no other record than the tracker; a decision on bugs names those it covers.
    recorded = by_hand - {step for step, status in before.items() if status == "done"}
    assert recorded == {"docs-current"}
    assert shown["push-tag"] != "done"
    assert shown["publish-release"] != "done"
    for one in report.json["steps"]:
        if one["status"] not in ("done", "skipped"):
            assert one["unverified"] is True, one["id"]
        assert all(link["url"].startswith("http") for link in one["links"])
    assert cli("sync").code == 0
    assert cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "main-ci").code in (0, 3)
    assert "{{ 7*7 }}" in str(report.json)
    assert list(traps.iterdir()) == []
    assert all(one.tag != "v0.2.0" for one in twin.store.releases.values())


@pytest.mark.parametrize(
    "base", ["main", "HEAD", "--output=x", "$(touch x)", "v0.1.0", "0123456", "../../../user", "Z" * 40, "a" * 41]
)
def test_a_base_that_is_no_full_sha_is_no_base(cli: Cli, project: Project, twin: Twin, base: str) -> None:
    begin_release(cli)
    tracker = twin.store.issues[38]
    tracker.body = tracker.body.replace(' commit="', f' base="{base}" commit="', 1)
    status = cli("status", "--json")
    assert status.json["base"] is None
    assert status.statuses()["main-ci"] == "done"


def test_a_base_that_the_branch_does_not_hold_stops_the_run_even_when_the_step_that_looks_is_skipped(
    cli: Cli, project: Project, twin: Twin
) -> None:
    base = project.git("rev-parse", "HEAD")
    project.git("commit", "--quiet", "--allow-empty", "-m", "More")
    project.git("push", "--quiet", "origin", "main")
    assert cli("open", "0.1.1", "--commit", base).code == 0
    project.git("switch", "--quiet", "--create", "evil")
    project.git("commit", "--quiet", "--allow-empty", "-m", "Not reviewed")
    project.git("push", "--quiet", "origin", "evil")
    evil = project.git("rev-parse", "HEAD")
    project.git("switch", "--quiet", "--create", "release/0.1.1")
    tracker = twin.store.issues[38]
    tracker.body = tracker.body.replace(base, evil)
    assert cli("skip", "main-ci", "--reason", "trust me", "--version", "0.1.1").code == 0
    refs = twin.store.bare.refs()
    for forged in (evil, "0123456789" * 4):
        tracker.body = tracker.body.replace(evil, forged)
        refused = cli("run", "0.1.1", "--yes")
        assert refused.code == 2
        assert f"starts from the commit {forged[:7]}, which main does not hold" in refused.err
        assert "Nothing was changed." in refused.err
        tracker.body = tracker.body.replace(forged, evil)
    assert twin.store.bare.refs() == refs


def test_a_value_that_a_shell_could_read_as_a_command_is_no_setting(cli: Cli, project: Project, twin: Twin) -> None:
    project.change_guide('tag: "v{version}"', 'tag: "v{version};id>x"')
    project.change_guide("mkdocs build --strict\n", "echo {{ tag }}\n    mkdocs build --strict\n", push=True)
    for command in (("open", "0.1.0"), ("run", "docs-current", "--yes")):
        refused = cli(*command)
        assert refused.code == 2
        assert "reads as more than a word" in refused.err
        assert "Nothing was changed." in refused.err
    assert not (project.path / "x").exists()
