"""Explains a refused push, with what to do for each reason that the server gives. Pure.

Sources: the answers in gleam-lang/gleam#6080 (pull request, status checks, code scanning), vercel/sandbox#169
(signatures), opensearch-project/.github#531 (creation of tags),
https://docs.github.com/en/code-security/secret-scanning/working-with-secret-scanning-and-push-protection and
https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fastrel.errors import GitError

_HEAD = re.compile(r"\bGH0(?:06|13): [^\n]*")
_RULES = re.compile(r"Review all repository rules at (https?://[!-~]+)")
_ITEM = re.compile(r"^(?:remote: ?)?\s*(?:- |error: )(?P<words>\S.*?)\s*$")
_GITS_OWN = ("failed to push some refs", "hook declined to update")
"""How lines begin that git adds, and that give no reason."""
_MOVED = ("non-fast-forward", "fetch first", "[rejected]", "cannot lock ref")


def explained(error: GitError, remote: str, ref: str) -> GitError:
    """The error of a refused push of a full ref such as `refs/heads/main`, with what to type next."""
    said, name, is_tag = error.problem, ref.split("/", 2)[2], ref.startswith("refs/tags/")
    error.done = "Nothing was pushed."
    if error.next_step:
        return error
    if "`workflow` scope" in said or "workflows` permission" in said:
        error.next_step = "Push with a token that has the `workflow` scope (an app: the `workflows` permission)."
    elif "already exists" in said:
        error.next_step = f"Somebody pushed another {name}; see which one is right. Nothing is overwritten."
    elif _HEAD.search(said) or "protected branch" in said.lower():
        error.next_step = _ways_out(said, name, is_tag=is_tag)
    elif any(word in said for word in _MOVED) and not is_tag:
        error.next_step = (
            f"{name} has moved on {remote} since. Type `git pull --rebase {remote} {name}`, see that its checks are "
            "green, and run the step again."
        )
    return error


def reasons(said: str) -> tuple[str, ...]:
    """The reasons that GitHub lists for a push that breaks rules, as it gives them."""
    head = _HEAD.search(said)
    if not head:
        return ()
    items = (_ITEM.match(line) for line in said[head.end() :].splitlines())
    found = [one["words"] for one in items if one and not one["words"].startswith(_GITS_OWN)]
    return tuple(dict.fromkeys(found))


def _ways_out(said: str, name: str, *, is_tag: bool) -> str:
    rules = _RULES.search(said)
    where = f": {rules[1]}" if rules else ""
    ways = [way(one, name, where, is_tag=is_tag) for one in reasons(said)]
    if not ways:
        # Nothing but that it is protected.
        ways = [_bypass(name, where) if is_tag else _by_pull(name)]
    return " ".join(dict.fromkeys(ways))


def way(reason: str, name: str, where: str = "", *, is_tag: bool) -> str:
    """What to do about one reason of GitHub's for a branch or tag; `where` is the address of its rules."""
    for pattern, words in _WAYS:
        if re.search(pattern, reason, re.IGNORECASE):
            return words(name, where)
    if not is_tag and not name.startswith("fastrel/") and re.search(_NEEDS_PULL, reason, re.IGNORECASE):
        return _by_pull(name)
    return _bypass(name, where)


_NEEDS_PULL = (
    r"through a pull request|status check|required workflow|workflows? (must|to) (pass|succeed)|code scanning|"
    r"code quality|approving review|merge queue|deployment|not authorized to push|updates being restricted|"
    r"update this protected ref"
)
"""What a pull request brings with it. For a tag there is none."""


def _by_pull(name: str) -> str:
    return f"{name} is protected: set `bump: pull-request` in the guide's front matter to use a pull request."


def _bypass(name: str, where: str) -> str:
    return (
        f"Ask somebody who can bypass the rules of {name} to run this step, or ask an admin to change the rules{where}."
    )


def _sign(name: str, where: str) -> str:
    return (
        "Let git sign commits: `git config commit.gpgSign true`, with a key that GitHub knows; then type the same "
        "command again, which creates the commit again. A workflow needs a key to sign with."
    )


_WAYS: tuple[tuple[str, Callable[[str, str], str]], ...] = (
    (r"verified signature", _sign),
    (
        r"(tag|branch) name",
        lambda name, where: (
            f"The rules allow no {name}: correct `tag:` or `branch:` in the guide, or the rules{where}."
        ),
    ),
    (
        r"(author|committer) email",
        lambda name, where: (
            "Set the email address that the rules want: `git config user.email ADDRESS`; then "
            f"`git commit --amend --reset-author --no-edit`, and the same command again{where}."
        ),
    ),
    (
        r"commit message",
        lambda name, where: f"The rules do not allow the message of the version commit; an admin changes them{where}.",
    ),
    (
        r"file path|file extension|file size|path length",
        lambda name, where: f"The rules keep pushes from changing these files; an admin excepts them or you{where}.",
    ),
    (
        r"secret",
        lambda name, where: (
            "GitHub found a secret in the commits: take it out of them and make it invalid; GitHub's "
            "text says where it is."
        ),
    ),
    (r"merge commits", lambda name, where: f"Rebase {name} so that it has no merge commits, then run the step again."),
)
