"""Who may do what: by GitHub's permission booleans, widened or narrowed by the guide; three answers, before any effect."""

from __future__ import annotations

import re

import pytest

from fastrel_twin.server import Twin
from stage import Cli, Project, begin_release, open_ready, run_until, step_of


def refused(cli: Cli, twin: Twin, code: int, *words: str) -> str:
    """A run of the maintainer's steps is refused before the first effect."""
    refs, state = twin.store.bare.git("for-each-ref"), repr(twin.store.issues)
    result = cli("run", "create-tag", "push-tag", "--yes")
    assert result.code == code, result.err
    for word in words:
        assert word in result.err
    assert "Nothing was changed." in result.err
    assert (twin.store.bare.git("for-each-ref"), repr(twin.store.issues)) == (refs, state)
    return result.err


def test_denied_names_the_role_held_and_the_one_needed(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    for role, login, held in (("write", "carl", "write"), ("triage", "tom", "triage"), ("read", "rae", "read")):
        monkeypatch.setenv("GH_TOKEN", twin.tokens[role])
        refused(cli, twin, 2, f"create-tag needs role maintain; {login} has {held}.", "push-tag needs role maintain")
    # Their own role comes with the repository; asked is only that of mia, who wrote in the tracker.
    assert {one[1].split("/")[-2] for one in twin.requests if "/collaborators/" in one[1]} <= {"mia"}


def test_of_several_steps_none_is_unticked_where_one_needs_more(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    assert cli("tick", "open-bugs").code == 0
    before = twin.store.issues[38].body
    monkeypatch.setenv("GH_TOKEN", twin.tokens["write"])
    refused = cli("untick", "open-bugs", "publish-release")
    assert (refused.code, refused.out) == (2, "")
    assert "Nothing was changed." in refused.err
    assert twin.store.issues[38].body == before


@pytest.mark.parametrize(("role", "login"), [("write", "carl"), ("triage", "tom")])
@pytest.mark.parametrize("command", ["tick", "untick", "skip"])
def test_a_step_is_marked_by_those_who_may_run_it(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch, command: str, role: str, login: str
) -> None:
    """A skipped or ticked step is settled, so that the later ones begin."""
    begin_release(cli)
    tracker = twin.store.issues[38]
    words = ("--reason", "not needed") if command == "skip" else ()
    before = tracker.body
    monkeypatch.setenv("GH_TOKEN", twin.tokens[role])
    refused = cli(command, "publish-release", *words)
    assert (refused.code, refused.out) == (2, "")
    assert f"publish-release needs role maintain; {login} has {role}." in refused.err
    assert "Nothing was changed." in refused.err
    assert tracker.body == before
    own = cli(command, "open-bugs", *words)
    assert own.code == (0 if role == "write" else 2), own.err
    monkeypatch.setenv("GH_TOKEN", twin.tokens["maintain"])
    assert cli(command, "publish-release", *words).code == 0
    twin.store.hides_permissions = True
    twin.store.users["stranger"] = twin.store.users.pop("mia")
    unknown = cli(command, "publish-release", *words)
    assert unknown.code == 1
    assert "GitHub does not say which role mia has in ServiceNow/Fast-LLM." in unknown.err


def test_a_tick_in_the_browser_is_not_held_back_and_shows_that_nobody_has_checked_it(
    cli: Cli, project: Project, twin: Twin
) -> None:
    """Who may edit an issue is GitHub's to decide."""
    begin_release(cli)
    tracker = twin.store.issues[38]
    tracker.body = re.sub(r"- \[ \] (.*<!-- step (?:create-tag|open-bugs) -->)", r"- [x] \1", tracker.body)
    tag, bugs = step_of(cli, "create-tag"), step_of(cli, "open-bugs")
    assert (tag["status"], tag["unverified"]) == ("blocked", True)
    assert isinstance(bugs["ticked"], dict)
    assert bugs["ticked"]["by"] is None


def test_unknown_is_another_answer_than_denied(cli: Cli, project: Project, twin: Twin) -> None:
    begin_release(cli)
    twin.store.hides_permissions = True
    # Where the repository does not say, the one other place that does is asked.
    ready = cli("run", "milestone-issues", "--yes", "--defer-open")
    assert ready.code == 0, ready.err
    assert any("/collaborators/mia/permission" in one[1] for one in twin.requests)
    twin.store.users["stranger"] = twin.store.users.pop("mia")
    said = refused(cli, twin, 1, "GitHub does not say which role mia has in ServiceNow/Fast-LLM.", "list the login")
    assert "needs role" not in said


def test_not_authenticated_is_the_third_answer(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_release(cli)
    monkeypatch.delenv("GH_TOKEN")
    refused(cli, twin, 2, "There is no token.", "Set GH_TOKEN")
    monkeypatch.setenv("GH_TOKEN", "expired")
    refused_twice = cli("run", "create-tag", "--yes")
    assert refused_twice.code == 2
    assert "does not accept the token (401 Bad credentials)" in refused_twice.err
    assert "may have expired" in refused_twice.err
    assert "needs role" not in refused_twice.err


def test_a_custom_role_counts_by_what_it_may_do(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A maintainer's `permission` reads `write` and `role_name` is the organization's own word (datadog-ci#2457)."""
    twin.store.users["mia"].custom_role = "Release manager"
    open_ready(cli, project)
    run_until(cli, "push-tag")
    twin.store.hides_permissions = True
    run_until(cli, "draft-release")


def test_the_guide_widens_who_is_a_maintainer(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.change_guide("  branch: main\n", "  branch: main\n  maintainers: [Carl]\n", push=True)
    open_ready(cli, project)
    monkeypatch.setenv("GH_TOKEN", twin.tokens["write"])
    run_until(cli, "push-tag")
    assert step_of(cli, "push-tag")["status"] == "done"


def test_the_guide_narrows_who_is_a_maintainer(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.change_guide(
        "  branch: main\n", "  branch: main\n  maintainers: [mia]\n  only_maintainers: true\n", push=True
    )
    open_ready(cli, project)
    monkeypatch.setenv("GH_TOKEN", twin.tokens["admin"])
    refused(cli, twin, 2, "create-tag needs role maintain; ada has write, as the guide lists who is a maintainer.")
    monkeypatch.setenv("GH_TOKEN", twin.tokens["maintain"])
    run_until(cli, "create-tag")


def test_the_token_of_github_actions_has_a_name_and_a_role(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It belongs to no user, so that `GET /user` is refused."""
    bot = twin.store.add_user("github-actions[bot]", "write", bot=True, app=True)
    monkeypatch.setenv("GH_TOKEN", bot.token)
    opened = cli("open", "0.2.0")
    assert opened.code == 0
    assert "403" not in opened.err  # nothing is wrong with a refusal that is expected
    refused(cli, twin, 2, "create-tag needs role maintain; github-actions[bot] has write.")


def test_a_reader_may_look_at_everything(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_TOKEN", twin.tokens["read"])
    assert cli("status", "0.2.0").code == 0


def test_a_dry_run_needs_no_role_and_says_what_would_stop_a_real_one(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without write access, from any branch, writing nothing (semantic-release#1091, release-it/bumper#4)."""
    begin_release(cli)
    monkeypatch.setenv("GH_TOKEN", twin.tokens["read"])
    project.git("switch", "--quiet", "-c", "topic")
    before = [one for one in twin.requests if one[0] not in ("GET", "HEAD") and "graphql" not in one[1]]
    dry = cli("run", "set-version", "create-tag", "--dry-run")
    assert dry.code == 0, dry.err
    assert "blocks the run: create-tag needs role maintain; rae has read." in dry.out
    assert "would write 0.2.0 into setup.cfg (now 0.1.1-dev)" in dry.out
    after = [one for one in twin.requests if one[0] not in ("GET", "HEAD") and "graphql" not in one[1]]
    assert [one for one in after[len(before) :] if "git-upload-pack" not in one[1]] == []


def test_a_question_to_confirm_is_asked_where_git_or_github_shows_the_step(cli: Cli, project: Project) -> None:
    project.change_guide("step main-ci uses=ci.branch", 'step main-ci uses=ci.branch confirm="Is it the right one?"')
    project.git("commit", "--quiet", "-am", "Ask")
    project.git("push", "--quiet", "origin", "main")
    begin_release(cli)
    step = step_of(cli, "main-ci")
    assert step["status"] == "manual"
    assert str(step["summary"]).endswith("; Is it the right one?")
    assert step["ticked"] is None
    unanswered = cli("run", "main-ci", "--yes")
    assert unanswered.code == 3
    assert "Is it the right one?" in unanswered.err
    assert cli("tick", "main-ci", "--note", "it is").code == 0
    assert step_of(cli, "main-ci")["status"] == "done"
    assert step_of(cli, "main-ci")["decided"] is True


def test_a_listed_maintainer_needs_no_word_of_github(
    cli: Cli, project: Project, twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as with a token that may not read the repository's metadata."""
    project.change_guide("  branch: main\n", "  branch: main\n  maintainers: [mia]\n", push=True)
    begin_release(cli)
    twin.store.hides_permissions = True
    twin.store.users["stranger"] = twin.store.users.pop("mia")
    assert cli("tick", "publish-release").code == 0
