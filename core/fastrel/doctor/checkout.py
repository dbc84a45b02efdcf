"""The checkout: git itself, who commits, signing, the remote."""

from __future__ import annotations

import re
import shutil

from fastrel.doctor.finding import Finding, ok, problem, unknown, warning
from fastrel.doctor.subject import Subject
from fastrel.errors import FastrelError, UsageError
from fastrel.git.worktree import Worktree
from fastrel.text.plain import plain_line

OLDEST_GIT = (2, 30)
"""The version in Debian 11; older ones are not tested."""
_NOT_HERE = "this is not a git checkout"
_GO = "Change into a clone of the repository; the steps that change files and tags need one."
SHOWN = 3
"""Changed files that are named."""


def git_check(subject: Subject) -> Finding:
    if subject.worktree is None:
        return (
            unknown("git", _NOT_HERE, _GO)
            if shutil.which("git")
            else problem("git", "git was not found", "Install git.")
        )
    said = subject.worktree.git_version()
    numbers = tuple(int(one) for one in re.findall(r"\d+", said)[:2])
    oldest = ".".join(map(str, OLDEST_GIT))
    if numbers < OLDEST_GIT:
        return warning("git", f"git {said} is older than {oldest}, the oldest that is tested", "Install a newer git.")
    return ok("git", f"git {said}")


def identity_check(subject: Subject) -> Finding:
    if subject.worktree is None:
        return unknown("identity", _NOT_HERE, _GO)
    who = subject.worktree.identity()
    if not who:
        return problem(
            "identity",
            "git does not know who commits",
            "Type `git config --global user.name NAME` and `git config --global user.email ADDRESS`.",
        )
    return ok("identity", f"commits are by {who.partition('>')[0]}>")


def signing_check(subject: Subject) -> Finding:
    """Whether git can sign as it is told to: something is signed that is kept nowhere."""
    if subject.worktree is None:
        return unknown("signing", _NOT_HERE, _GO)
    git = subject.worktree
    what = [words for name, words in (("tag.gpgSign", "tags"), ("commit.gpgSign", "commits")) if _is_on(git, name)]
    if not what:
        return ok("signing", "tags and commits are not signed")
    form = git.setting("gpg.format") or "openpgp"
    signed = f"{' and '.join(what)} are signed by {'GnuPG' if form == 'openpgp' else form}"
    key = git.setting("user.signingKey")
    if form == "ssh" and not (key or git.setting("gpg.ssh.defaultKeyCommand")):
        return problem("signing", f"{signed}, but no key is named", "Type `git config user.signingKey FILE`.")
    program = git.setting(f"gpg.{form}.program") or (git.setting("gpg.program") if form == "openpgp" else "")
    program = program or {"openpgp": "gpg", "ssh": "ssh-keygen", "x509": "gpgsm"}.get(form, "")
    if not program:
        return problem("signing", f"git does not know the format {form}", "Correct `git config gpg.format`.")
    if not shutil.which(program):
        return problem(
            "signing", f"{signed}, but {program} was not found", f"Install {program}, or correct git's gpg settings."
        )
    try:
        wrong = git.sign_something()
    except FastrelError as error:
        wrong = error.problem
    if wrong:
        return problem("signing", f"{signed}, but git could not sign: {plain_line(wrong)}", "Try `git commit -S`.")
    return ok("signing", f"{signed}")


def remote_check(subject: Subject) -> Finding:
    if subject.worktree is None:
        return unknown("remote", _NOT_HERE, _GO)
    if subject.repository is None:
        return unknown("remote", "the repository is not known")
    name = subject.repository.name
    try:
        remote = subject.worktree.remote_of(*subject.repository.place)
    except UsageError as error:
        return problem("remote", error.problem, error.next_step)
    return ok("remote", f"{remote} is {name}")


def checkout_check(subject: Subject) -> Finding:
    """What would keep `run` from its first effect here. How far it is from GitHub is read then, not now."""
    if subject.worktree is None:
        return unknown("checkout", _NOT_HERE, _GO)
    here, branch = subject.worktree.branch(), subject.settings.branch
    if here != branch:
        where = f"on {here}" if here else "on no branch (detached HEAD)"
        return warning(
            "checkout",
            f"it is {where}; a release is run on {branch}",
            f"Type `git switch {branch}` before the release.",
        )
    changed = subject.worktree.changed_files()
    if changed:
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        return warning(
            "checkout",
            f"uncommitted changes in {', '.join(changed[:SHOWN])}{more}",
            "Commit or stash them; a release is not run with them.",
        )
    return ok("checkout", f"on {branch}, nothing uncommitted")


def _is_on(git: Worktree, name: str) -> bool:
    return git.setting(name).lower() in ("true", "yes", "on", "1")
