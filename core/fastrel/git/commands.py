"""The git commands that change something, as arguments, and as somebody would type them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

Command = tuple[str, ...]


def literal(path: str) -> str:
    """A path as git takes it for this one file, whatever characters are in its name."""
    return f":(literal){path}" if path.startswith(":") or set(path) & set("*?[\\") else path


def add(paths: Sequence[str]) -> Command:
    return ("add", "--", *map(literal, paths))


def commit(paths: Sequence[str], message: str) -> Command:
    """Commit exactly these files."""
    return ("commit", "--message", message, "--only", "--", *map(literal, paths))


def tag(name: str, commit: str, message: str) -> Command:
    """Make an annotated tag."""
    return ("tag", "--annotate", name, commit, "--message", message)


def push_branch(remote: str, branch: str) -> Command:
    """Push what is checked out."""
    return ("push", remote, f"HEAD:refs/heads/{branch}")


def push_tag(remote: str, name: str) -> Command:
    return ("push", remote, f"refs/tags/{name}:refs/tags/{name}")


def take_tag(remote: str, name: str) -> Command:
    """Put the remote's tag in the place of the local one."""
    return ("fetch", "--quiet", "--no-tags", remote, f"+refs/tags/{name}:refs/tags/{name}")


def fetch(remote: str, branch: str) -> Command:
    return ("fetch", "--quiet", remote, f"refs/heads/{branch}")


def fast_forward() -> Command:
    """Bring the checkout to what was fetched."""
    return ("merge", "--quiet", "--ff-only", "FETCH_HEAD")


def add_names(paths: Sequence[str]) -> Command:
    """Have git know new files, without their content."""
    return ("add", "--intent-to-add", "--", *map(literal, paths))


def restore(paths: Sequence[str]) -> Command:
    """Take back what was changed in these files since HEAD."""
    return ("restore", "--staged", "--worktree", "--", *map(literal, paths))


def typed(arguments: Sequence[str]) -> str:
    """A git command as it is typed in a shell."""
    return f"git {shlex.join(arguments)}"
