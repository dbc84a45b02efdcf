"""The role that counts is that of whoever wrote the comment, at the moment in which it is executed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fastrel_twin.server import Twin
from stage import Cli, ReleasedUpTo, step_of
from webhooks import Runner, part

OF_MAINTAINERS = "/run create-tag\n/tick create-tag done\n/untick create-tag\n/skip create-tag why not"


@pytest.fixture
def tagged(runner_of: Callable[[int], Runner], released_up_to: ReleasedUpTo) -> Runner:
    """All that comes before the tag is done."""
    released_up_to("commit-version")
    return runner_of(38)


@pytest.mark.parametrize(
    ("login", "role"), [("rae", "read"), ("tom", "triage"), ("carl", "write"), ("mia", "maintain"), ("ada", "admin")]
)
def test_a_step_of_maintainers(tagged: Runner, twin: Twin, login: str, role: str) -> None:
    tagged.bot.role = "admin"  # what the workflow's token may do does not count
    body, refs = tagged.body, twin.store.bare.git("for-each-ref")
    payload = tagged.commented(tagged.write(login, "/run create-tag push-tag\n/tick create-tag I say so"))
    part(payload, "comment")["author_association"] = "OWNER"  # nor what the event says
    ran = tagged.on("issue_comment", payload)
    assert ran.code == 0, ran.log
    (answer,) = tagged.answers
    if role in ("maintain", "admin"):
        assert "v0.2.0" in twin.store.bare.git("for-each-ref")
        return
    assert (tagged.body, twin.store.bare.git("for-each-ref")) == (body, refs)
    assert answer.count("**Done:** Nothing was changed.") == 2
    if role == "write":
        assert f"create-tag needs role maintain; {login} has write." in answer
        assert "push-tag needs role maintain" in answer
    else:
        assert f"/run needs role write; {login} has {role}." in answer
        assert f"/tick needs role write; {login} has {role}." in answer


def test_marks_need_the_role_of_the_step(runner: Runner) -> None:
    before = runner.body
    runner.says("carl", OF_MAINTAINERS)
    assert runner.answers[0].count("create-tag needs role maintain; carl has write.") == 4
    assert runner.body == before


@pytest.mark.parametrize(
    "command", ["/run", "/run main-ci", "/tick open-bugs ship", "/skip open-bugs none", "/untick open-bugs"]
)
def test_readers_change_nothing(runner: Runner, twin: Twin, command: str) -> None:
    before = (runner.body, repr(twin.store.milestones), twin.store.bare.git("for-each-ref"))
    for login in ("rae", "tom"):
        runner.says(login, command)
    assert (runner.body, repr(twin.store.milestones), twin.store.bare.git("for-each-ref")) == before
    assert all("needs role write" in answer for answer in runner.answers)


def test_who_left_or_is_unknown_is_refused(runner: Runner, twin: Twin) -> None:
    before = runner.body
    comment = runner.write("carl", "/tick open-bugs ship")
    payload = runner.commented(comment)
    del twin.store.users["carl"]
    assert runner.on("issue_comment", payload).code == 0
    assert "GitHub does not say that carl has a role in ServiceNow/Fast-LLM." in runner.answers[0]
    runner.says("nobody-knows", "/status")
    assert "GitHub does not say that nobody-knows has a role" in runner.answers[1]
    assert runner.body == before


def test_who_lost_the_role_meanwhile_is_refused(runner: Runner, twin: Twin) -> None:
    payload = runner.commented(runner.write("mia", "/tick create-tag I say so"))
    twin.store.users["mia"].role = "write"
    before = runner.body
    runner.on("issue_comment", payload)
    assert "create-tag needs role maintain; mia has write." in runner.answers[0]
    assert runner.body == before


def test_a_maintainers_old_permission_reads_write_and_the_booleans_decide(tagged: Runner, twin: Twin) -> None:
    """datadog-ci#2457: `permission` knows three names, and `role_name` is the organization's own word."""
    twin.store.users["mia"].custom_role = "Release manager"
    tagged.says("mia", "/run create-tag")
    assert "- ✅ `create-tag` done" in tagged.answers[0]


def test_the_guide_says_who_else_is_a_maintainer(tagged: Runner) -> None:
    tagged.project.change_guide("  branch: main\n", "  branch: main\n  maintainers: [Carl]\n", push=True)
    tagged.says("carl", "/run create-tag")
    assert "- ✅ `create-tag` done" in tagged.answers[0]


def test_the_guide_says_who_alone_is_a_maintainer(tagged: Runner) -> None:
    tagged.project.change_guide(
        "  branch: main\n", "  branch: main\n  maintainers: [mia]\n  only_maintainers: true\n", push=True
    )
    tagged.says("ada", "/run create-tag")
    assert "create-tag needs role maintain; ada has write, as the guide lists who is a maintainer." in tagged.answers[0]


def test_a_run_of_everything_stops_where_the_role_ends(tagged: Runner, cli: Cli, twin: Twin) -> None:
    ran = tagged.says("carl", "/run")
    assert ran.code == 0, ran.log
    assert "create-tag needs role maintain; carl has write." in tagged.answers[0]
    assert "**Next:** Ask a maintainer to type `/run`." in tagged.answers[0]
    assert step_of(cli, "commit-version")["status"] == "done"
    assert "v0.2.0" not in twin.store.bare.git("for-each-ref")


def test_what_the_workflows_token_may_not_do_is_told_in_the_thread(runner: Runner, twin: Twin) -> None:
    """Such as a job whose permissions were cut."""
    runner.bot.role = "triage"
    (runner.project.path / "x").write_text("")
    (runner.project.path / "x").unlink()
    runner.says("mia", "/tick open-bugs ship\n/tick docs-current read\n/run pull-labels")
    assert runner.answers
    assert "`open-bugs` done" in runner.answers[0]


def test_the_role_is_asked_of_who_commented_and_of_who_wrote_the_ticks_never_of_the_token(
    runner: Runner, twin: Twin
) -> None:
    before = len(twin.requests)
    runner.says("carl", "/run main-ci")
    asked = [one[1] for one in twin.requests[before:] if "/collaborators/" in one[1]]
    people = "/api/v3/repos/ServiceNow/Fast-LLM/collaborators"
    assert set(asked) == {f"{people}/carl/permission", f"{people}/mia/permission"}  # mia opened the release issue
