"""`status` fits a screen of 24 lines and 80 columns, and ends with what comes next; `--all` shows everything."""

from __future__ import annotations

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, ReleasedUpTo, begin_release, converse, open_ready


def rows(screen: str) -> list[str]:
    """The lines of the report, without the sign of life that is taken back."""
    return screen[screen.index("Release 0.2.0") :].replace("\r\n", "\n").rstrip("\n").split("\n")


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("step", ["milestone-pulls", "push-tag", "docs-live", "close-tracker"])
def test_the_status_fits_a_screen_at_any_point(released_up_to: ReleasedUpTo, step: str, columns: int) -> None:
    released_up_to(step)
    code, screen = converse(["status", "0.2.0"], [], columns=columns)
    assert code == 0, screen
    shown = rows(screen)
    if columns >= 80:
        assert len(shown) <= 23, screen
    assert all(len(row) <= columns for row in shown if "http" not in row), screen
    if step != "close-tracker":
        said = " ".join(" ".join(shown).split())
        assert "Next: " in said.rpartition("6. After the release")[2], screen
        assert said.endswith("Type `fastrel-checklist run 0.2.0`."), screen


def test_before_the_release_issue_the_status_says_how_to_open_it(cli: Cli, project: Project) -> None:
    _, screen = converse(["status", "0.2.0"], [], columns=80)
    assert len(rows(screen)) <= 23, screen
    assert rows(screen)[-1].endswith("Type `fastrel-checklist open 0.2.0`."), screen


def test_a_finished_phase_is_a_line_and_open_steps_have_their_evidence(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    released_up_to("set-version")
    cli("skip", "image-available", "--reason", "no image this time")
    said = cli("status").out
    assert "✔ 1. Get ready: 6 of 6\n" in said
    assert "milestone-issues" not in said
    assert "  2. Update the version: 1 of 2\n    todo    commit-version  " in said
    assert "· 5. Check the pipeline: 1 of 3, 1 skipped\n" in said
    assert "· 6. After the release: 0 of 7\n" in said
    everything = cli("status", "--all").out
    assert "push-tag" in everything
    assert "[ticked by mia, " in everything
    assert everything.rstrip().splitlines()[-1].startswith("Next: commit-version")


def test_a_tick_that_the_check_contradicts_is_seen(cli: Cli, project: Project) -> None:
    begin_release(cli)
    cli("tick", "set-version")
    open_steps = cli("status").out
    assert "set-version" in open_steps
    assert "(ticked, unverified)" in open_steps


def test_many_phases_that_wait_share_a_line(cli: Cli, project: Project) -> None:
    open_ready(cli, project)
    phases = "".join(
        f"\n### {n}. More\n\n<!-- checklist -->\n- [ ] Thing {n}.\n<!-- /checklist -->\n" for n in range(7, 30)
    )
    guide = project.path / "docs" / "release-guide.md"
    guide.write_text(guide.read_text().replace("\n## When a step fails", f"{phases}\n## When a step fails"))
    _, screen = converse(["status"], [], columns=80)
    assert len(rows(screen)) <= 64, screen
    assert "phases with" in screen


def test_commands_in_messages_have_the_guide_and_the_repository_that_were_given(cli: Cli, project: Project) -> None:
    given = ["--guide", "docs/release-guide.md", "--repo", "ServiceNow/Fast-LLM"]
    said = cli("status", *given)
    assert "Type `fastrel-checklist open 0.2.0 " in said.out
    assert "--guide docs/release-guide.md --repo ServiceNow/Fast-LLM`" in said.out
    begin_release(cli)
    stopped = cli("run", "--yes", "--until", "milestone-issues", *given)
    assert stopped.code == 3
    again = "`fastrel-checklist run 0.2.0 --yes --until milestone-issues --guide docs/release-guide.md"
    assert f"{again} --repo ServiceNow/Fast-LLM`" in stopped.err
    assert "Type `fastrel-checklist" not in cli("tick", "nonsense").err or "--guide" not in cli("tick", "nonsense").err
