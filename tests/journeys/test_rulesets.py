"""Rulesets of branches and tags: known before the first effect where GitHub tells them, else explained after the push."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from fastrel_twin.rulesets import Ruleset
from fastrel_twin.server import Twin
from stage import Cli, Project, open_ready, run_until

SIGNED = "Commits must have verified signatures."
PULL = "Changes must be made through a pull request."


def ruleset(twin: Twin, target: str, include: str, *kinds: str, bypass: str = "", **parameters: object) -> Ruleset:
    rules: dict[str, dict[str, object]] = {kind: dict(parameters) for kind in kinds}
    one = Ruleset(twin.store.new_id(), "Rules", target, [include], rules, bypass=frozenset(filter(None, [bypass])))
    return twin.store.add_ruleset(one)


def hidden(twin: Twin) -> None:
    """GitHub does not tell the rules; git's pushes are refused all the same."""
    twin.store.rulesets.clear()


def sign(project: Project, folder: Path) -> None:
    program = shutil.which("ssh-keygen", path="/usr/bin:/bin:/usr/local/bin")
    if program is None:
        pytest.skip("ssh-keygen is not installed")
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "key")], check=True)
    for name, value in (
        ("gpg.format", "ssh"),
        ("gpg.ssh.program", program),
        ("user.signingkey", f"{folder}/key.pub"),
        ("commit.gpgsign", "true"),
    ):
        project.git("config", name, value)


def signed(twin: Twin, sha: str) -> bool:
    return "\ngpgsig" in twin.store.bare.git("cat-file", "commit", sha)


def test_that_commits_must_be_signed_is_said_before_the_first_effect(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path
) -> None:
    open_ready(cli, project)
    ruleset(twin, "branch", "~DEFAULT_BRANCH", "required_signatures")
    before = project.git("status", "--porcelain"), twin.store.bare.git("for-each-ref")
    stopped = cli("run", "--yes", "--defer-open", "--until", "commit-version")
    assert stopped.code == 2
    assert "commit-version: main takes signed commits only" in stopped.err
    assert "git config commit.gpgSign true" in stopped.err
    assert (project.git("status", "--porcelain"), twin.store.bare.git("for-each-ref")) == before
    sign(project, tmp_path)
    run_until(cli, "commit-version")
    assert signed(twin, "main")


def test_a_commit_that_was_refused_for_its_missing_signature_is_made_anew(
    cli: Cli, project: Project, twin: Twin, tmp_path: Path
) -> None:
    open_ready(cli, project)
    ruleset(twin, "branch", "~DEFAULT_BRANCH", "required_signatures")
    hidden(twin)
    stopped = cli("run", "--yes", "--defer-open", "--until", "commit-version")
    assert stopped.code == 1
    assert SIGNED in stopped.err
    assert "Nothing was pushed." in stopped.err
    assert "git config commit.gpgSign true" in stopped.err
    assert "bump: pull-request" not in stopped.err
    sign(project, tmp_path)
    run_until(cli, "commit-version")
    head = twin.store.bare.commit(twin.store.bare.resolve("main"))
    assert (head.message, signed(twin, "main")) == ("Bump version to 0.2.0", True)
    assert project.git("rev-list", "--count", "v0.1.0..HEAD") == twin.store.bare.git(
        "rev-list", "--count", "v0.1.0..main"
    )


def test_every_reason_of_a_refused_push_is_shown_with_its_way_out(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    ruleset(twin, "branch", "~DEFAULT_BRANCH", "pull_request", "required_signatures")
    hidden(twin)
    stopped = cli("run", "--yes", "--defer-open", "--until", "commit-version")
    assert stopped.code == 1
    for words in (PULL, SIGNED, "`bump: pull-request`", "commit.gpgSign"):
        assert words in stopped.err


def test_a_branch_whose_rules_want_a_pull_request_gets_one(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    ruleset(twin, "branch", "~DEFAULT_BRANCH", "pull_request")
    cli("run", "--yes", "--defer-open", "--interval", "0.02", "--timeout", "0.002", "--until", "commit-version")
    assert "refs/heads/fastrel/version-0.2.0" in twin.store.bare.refs()


@pytest.mark.parametrize(
    ("kind", "parameters", "words"),
    [
        ("commit_message_pattern", {"operator": "starts_with", "pattern": "chore"}, "must start with “chore”"),
        ("committer_email_pattern", {"operator": "ends_with", "pattern": "@octo.example"}, "git config user.email"),
        (
            "commit_message_pattern",
            {"operator": "regex", "pattern": "version", "negate": True},
            "must not match “version”",
        ),
    ],
)
def test_patterns_of_commits_are_known_before(
    cli: Cli, project: Project, twin: Twin, kind: str, parameters: dict[str, object], words: str
) -> None:
    open_ready(cli, project)
    one = Ruleset(twin.store.new_id(), "Rules", "branch", ["refs/heads/main"], {kind: parameters})
    twin.store.add_ruleset(one)
    stopped = cli("run", "--yes", "--defer-open", "--until", "commit-version")
    assert stopped.code == 2
    assert words in stopped.err


def test_a_tag_that_may_not_be_made_is_known_before_the_version_is_bumped(
    cli: Cli, project: Project, twin: Twin
) -> None:
    open_ready(cli, project)
    ruleset(twin, "tag", "refs/tags/v*", "creation")
    stopped = cli("run", "--yes", "--defer-open", "--until", "push-tag")
    assert stopped.code == 2
    assert "push-tag: A ruleset lets only some people make the tag v0.2.0" in stopped.err
    assert "/rules?ref=refs%2Ftags%2Fv0.2.0" in stopped.err
    assert project.git("log", "-1", "--format=%s") == "Correct a typing error in the docs"


def test_who_may_bypass_a_ruleset_is_not_stopped_by_it(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    ruleset(twin, "tag", "refs/tags/v*", "creation", bypass="mia")
    ruleset(twin, "branch", "~DEFAULT_BRANCH", "required_signatures", bypass="mia")
    run_until(cli, "push-tag")
    assert "refs/tags/v0.2.0" in twin.store.bare.refs()


def test_a_refused_tag_never_gets_the_advice_of_a_pull_request(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    ruleset(twin, "tag", "~ALL", "creation")
    hidden(twin)
    stopped = cli("run", "--yes", "--defer-open", "--until", "push-tag")
    assert stopped.code == 1
    assert "Cannot create ref due to creations being restricted." in stopped.err
    assert "Ask somebody who can bypass the rules of v0.2.0" in stopped.err
    assert "bump: pull-request" not in stopped.err


def test_rules_of_other_tags_do_not_count(cli: Cli, project: Project, twin: Twin) -> None:
    open_ready(cli, project)
    ruleset(twin, "tag", "refs/tags/release-*", "creation")
    run_until(cli, "push-tag")
