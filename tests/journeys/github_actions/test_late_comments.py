"""A comment counts for the guide that its author could read; a bot agrees to nothing and records nothing."""

from __future__ import annotations

from webhooks import Runner

NEW = "- [ ] Push the tag. <!-- step push-tag"
TRAP = """- [ ] Look around. <!-- step look run check="touch trap-check && false" role=write -->

    ```bash
    touch trap-script
    ```

- [ ] Push the tag. <!-- step push-tag"""
SCHEDULE: dict[str, object] = {"schedule": "17 */6 * * *"}


def trapped(runner: Runner) -> list[str]:
    return sorted(one.name for one in runner.project.path.glob("trap-*"))


def test_a_late_run_comment_waits_for_a_person_when_the_guide_has_changed(runner: Runner) -> None:
    runner.write("carl", "/run look")
    runner.project.change_guide(NEW, TRAP, push=True)
    before = runner.body
    runner.on("schedule", SCHEDULE)
    assert trapped(runner) == []
    assert "The guide may have changed since this was written" in runner.answers[0]
    marker = before.splitlines()[0]
    assert runner.body.splitlines()[0] == marker  # nobody has agreed, so nothing is recorded


def test_a_late_run_comment_is_executed_when_the_guide_is_the_same(runner: Runner) -> None:
    runner.write("carl", "/status")
    runner.write("carl", "/run main-ci")
    runner.on("schedule", SCHEDULE)
    assert len(runner.answers) == 2
    assert "The guide may have changed" not in runner.answers[1]


def test_a_bot_records_no_agreement(runner: Runner) -> None:
    runner.project.change_guide(NEW, TRAP, push=True)
    marker = runner.body.splitlines()[0]
    runner.says("carl", "/run main-ci")
    assert runner.body.splitlines()[0] == marker
