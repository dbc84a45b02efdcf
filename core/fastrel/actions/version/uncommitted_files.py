"""Files, changed or new in the checkout, that a version commit would leave out.

Changed files and those that a step of this release has made stop the commit. Other new files, such as notes of the
person at work, are named.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from fastrel.actions.action import Context
from fastrel.actions.version.commit_files import patterns_of
from fastrel.errors import FastrelError
from fastrel.git.made_files import MadeFiles
from fastrel.git.worktree import Worktree
from fastrel.text.plain import named

SHOWN = 5
"""How many files, or folders of files, a message names."""
TOGETHER = 3
"""From how many files of a folder on only the folder is named."""


def require_nothing_else(context: Context, worktree: Worktree, paths: Sequence[str]) -> None:
    """FastrelError when something that belongs to the release would be left out of the commit of these files, such as a
    lock file that a step before has refreshed or made."""
    _require_seen(context, worktree, paths)
    changed = [path for path in worktree.changed_files() if path not in paths]
    made = {path: step for path, step in _made_before(context, worktree).items() if path not in paths}
    if not changed and not made:
        return
    words = [shown_few(changed)] if changed else []
    for step in dict.fromkeys(made.values()):
        words.append(f"{shown_few([path for path, by in made.items() if by == step])}, new since step {step}")
    ways = (["stash the changes"] if changed else []) + (["delete or ignore what is new"] if made else [])
    files = _patterns([*changed, *made])
    raise FastrelError(
        f"The checkout has {'changes' if changed else 'new files'} that the version commit would leave out: "
        f"{'; '.join(words)}.",
        done="Nothing was committed.",
        next_step=f'If they belong to it, name them in the guide: `uses={context.step.uses} files="{files}"`; '
        f"otherwise {' and '.join(ways)}.",
    )


def left_out_notices(context: Context, worktree: Worktree, paths: Sequence[str]) -> tuple[str, ...]:
    """That new files stay out of the commit; nothing where there are none."""
    new = [path for path in worktree.new_files() if path not in paths]
    return (f"New files stay out of the commit: {shown_few(new)}.",) if new else ()


def shown_few(paths: Sequence[str]) -> str:
    """Some of the paths, those of a folder together."""
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(path.partition("/")[0] if "/" in path.rstrip("/") else path, []).append(path)
    words = []
    for folder, inside in folders.items():
        many = len(inside) > TOGETHER
        words += [f"{_shown(folder)}/ ({len(inside)} files)"] if many else [_shown(one) for one in inside]
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return ", ".join(words[:SHOWN]) + more


def _require_seen(context: Context, worktree: Worktree, paths: Sequence[str]) -> None:
    """What the commit is to hold is neither ignored nor hidden from git."""
    named_here = [one for one in patterns_of(context) if not set(one) & set("*?") and not one.endswith("/")]
    ignored = worktree.ignored(named_here)
    if ignored:
        raise FastrelError(
            f"Step {context.step.id} names {shown_few(ignored)}, which git ignores.",
            done="Nothing was committed.",
            next_step="Take it out of `.gitignore`, or out of `files=`.",
        )
    problem = unseen_problem(worktree, [*paths, *named_here])
    if problem:
        raise FastrelError(problem, done="Nothing was committed.")


def unseen_problem(worktree: Worktree, paths: Sequence[str]) -> str:
    """Why changes of these files would not be committed, and what to type; empty where they would."""
    unseen = {path: flag for path, flag in worktree.unseen(paths).items() if (worktree.root / path).exists()}
    if not unseen:
        return ""
    mend = " && ".join(f"git update-index --no-{flag} -- {shlex.quote(path)}" for path, flag in unseen.items())
    return (
        f"Git was told not to see changes of {shown_few(list(unseen))}, so that no commit would hold "
        f"{'it' if len(unseen) == 1 else 'them'}. Type `{mend}`."
    )


def _made_before(context: Context, worktree: Worktree) -> dict[str, str]:
    """The new files that steps have made which come before the commit; before that of the next version, those that come
    after it is set."""
    order = [step.id for step in context.guide.steps()]
    first = 0
    if "version.commit-next" in context.step.actions:
        begins = [step for step in context.guide.steps() if {"version.next", "version.commit"} & set(step.actions)]
        first = order.index(begins[-1].id) if begins else 0
    steps = set(order[first : order.index(context.step.id)])
    return {path: by for path, by in MadeFiles(worktree, context.release.version).all().items() if by in steps}


def _patterns(paths: Sequence[str]) -> str:
    """What a guide would write for these files; of what cannot be written there any character is taken."""
    few = [path if not path.endswith("/") else f"{path}**" for path in paths[:TOGETHER]]
    return ",".join(re.sub(r'[,"\s\\<>]', "?", one) for one in few)


def _shown(path: str) -> str:
    return named(path).replace("\n", "<U+000A LINE FEED>")
