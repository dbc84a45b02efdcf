"""A refused push: every reason that GitHub gives is read, and has its own way out. Pure."""

from __future__ import annotations

import pytest

from fastrel.errors import GitError
from fastrel.git.refused_push import explained, reasons

PULL = "Changes must be made through a pull request."
CHECKS = "12 of 12 required status checks are expected."
SCAN = "Code scanning is waiting for results from CodeQL for the commit cfbb5c1."
SIGNED = "Commits must have verified signatures."
CREATED = "Cannot create ref due to creations being restricted."
PAGE = "https://github.com/octo/repo/rules?ref=refs%2Fheads%2Fmain"


def refused(*found: str, ref: str = "refs/heads/main", prefix: str = "remote: ") -> str:
    lines = [f"error: GH013: Repository rule violations found for {ref}.", f"Review all repository rules at {PAGE}", ""]
    for one in found:
        lines += [f"- {one}", ""]
        if one == SIGNED:
            lines[-1:] = ["  Found 1 violation:", "", "  027faa7121ee9df79db623e1a2848d2cc88a8dba", ""]
    said = "\n".join(f"{prefix}{line}" for line in lines)
    return f"{said}\nTo github.com:octo/repo.git\n ! [remote rejected] main -> main (push declined due to repository rule violations)\nerror: failed to push some refs to 'github.com:octo/repo.git'"


def said(text: str, ref: str = "refs/heads/main") -> str:
    return explained(GitError(f"`git push origin HEAD` failed: {text}"), "origin", ref).next_step


def test_all_reasons_are_read_as_github_gives_them() -> None:
    found = (PULL, CHECKS, SCAN, SIGNED)
    assert reasons(refused(*found)) == found
    assert reasons(refused(*found, prefix="")) == found
    old = 'remote: error: GH006: Protected branch update failed for refs/heads/main.\nremote: error: Required status check "ci" is expected.'
    assert reasons(old) == ('Required status check "ci" is expected.',)
    assert reasons("fatal: unable to access") == ()


@pytest.mark.parametrize(
    "reason",
    [
        PULL,
        CHECKS,
        SCAN,
        "Required workflow “CI” must succeed.",
        "Cannot update this protected ref.",
        "You're not authorized to push to this branch.",
    ],
)
def test_what_a_pull_request_brings_with_it_is_mended_by_one(reason: str) -> None:
    assert "set `bump: pull-request`" in said(refused(reason))


def test_a_missing_signature_is_mended_by_signing_and_not_by_a_pull_request() -> None:
    words = said(refused(SIGNED))
    assert "`git config commit.gpgSign true`" in words
    assert "bump: pull-request" not in words


def test_several_reasons_have_a_way_out_each() -> None:
    words = said(refused(PULL, SIGNED, CHECKS))
    assert "commit.gpgSign" in words
    assert words.count("bump: pull-request") == 1


@pytest.mark.parametrize(
    "reason", [CREATED, PULL, "Cannot update this protected ref.", "Something that nobody knows yet."]
)
def test_a_protected_tag_never_comes_by_a_pull_request(reason: str) -> None:
    words = said(refused(reason, ref="refs/tags/v1.0.0"), "refs/tags/v1.0.0")
    assert "Ask somebody who can bypass the rules of v1.0.0" in words
    assert PAGE in words
    assert "bump" not in words


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Tag name must match the pattern v*.", "correct `tag:`"),
        ("Commit author email must end with @octo.example.", "git config user.email"),
        ("Commit message must start with feat.", "the message of the version commit"),
        ("File path setup.cfg is restricted.", "keep pushes from changing these files"),
        ("Push cannot contain secrets", "take it out of them"),
        ("This branch must not contain merge commits.", "Rebase"),
    ],
)
def test_other_reasons(reason: str, words: str) -> None:
    assert words in said(refused(reason))
    assert "bump: pull-request" not in said(refused(reason))


def test_a_branch_that_has_moved_is_another_matter() -> None:
    assert "has moved on origin" in said(" ! [rejected] HEAD -> main (fetch first)")
    assert said(" ! [remote rejected] main -> main (hook declined)") == ""
