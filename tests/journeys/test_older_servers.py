"""A GitHub Enterprise Server that is older than what is supported, and lacks a part of the API: it works as far as it
goes, and where it does not, one message says so and nothing is half done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fastrel_twin.server import Twin
from github_conditions import CONDITIONS
from recording import Recorder
from stage import Cli, Project, ReleasedUpTo, open_ready, run_until, step_of

OLDER = "GitHub Enterprise Server 3.14.5 may not have this: 3.17 or later is supported."


@pytest.fixture(autouse=True)
def older(twin: Twin, recorder: Recorder) -> Iterator[None]:
    CONDITIONS["enterprise-server"](twin)
    yield
    recorder.exchanges.clear()  # the published description is that of github.com


def test_a_release_without_rulesets_and_limits(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    run_until(cli, "publish-release")
    assert "rate limit" not in cli("status").err
    assert "v0.2.0" in {one.tag for one in twin.store.releases.values() if not one.draft}


def test_doctor_names_the_version(cli: Cli, project: Project) -> None:
    examined = " ".join(cli("doctor").out.split())
    assert "warning server" in examined
    assert "/api/v3 (GitHub Enterprise Server 3.14.5) answers; 3.17 or later is supported" in examined


@pytest.mark.parametrize("version", ["3.17.0", "3.20.2", "4.0"])
def test_doctor_has_nothing_to_say_about_a_newer_one(cli: Cli, project: Project, twin: Twin, version: str) -> None:
    twin.store.server_version = version
    examined = " ".join(cli("doctor").out.split())
    assert f"ok server {twin.api_url} (GitHub Enterprise Server {version}) answers and sets no limit" in examined


@pytest.mark.parametrize(
    ("lacking", "step"),
    [("/actions/runs", "main-ci"), ("/check-runs", "main-ci"), ("Repository.discussionCategories", "announce-forum")],
)
def test_what_it_does_not_answer_is_unknown_with_the_cause(
    cli: Cli, project: Project, twin: Twin, lacking: str, step: str
) -> None:
    twin.store.lacking += (lacking,)
    found = step_of(cli, step)
    assert found["status"] == "unknown"
    assert OLDER in str(found["summary"])
    assert "?" not in str(found["summary"])


def test_an_effect_that_it_does_not_know_ends_the_run_and_leaves_nothing_half_done(
    cli: Cli, project: Project, twin: Twin, released_up_to: ReleasedUpTo
) -> None:
    twin.store.server_version, twin.store.lacking = "", ()
    released_up_to("draft-release")
    CONDITIONS["enterprise-server"](twin)
    twin.store.lacking += ("/generate-notes",)
    stopped = cli("run", "--yes", "--defer-open", "--interval", "0.05", "--until", "generate-notes")
    assert stopped.code == 1
    assert OLDER in " ".join(stopped.err.split())
    assert stopped.err.count("\nerror: ") == 1
    assert stopped.err.count("\n  done: ") == 1
    release = next(one for one in twin.store.releases.values() if one.tag == "v0.2.0")
    assert (release.draft, release.body) == (True, "")
    assert step_of(cli, "generate-notes")["status"] == "todo"
    twin.store.lacking = twin.store.lacking[:-1]
    run_until(cli, "generate-notes")
