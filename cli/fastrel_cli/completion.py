"""Shell completion from the guide and the local tags: without the network and without PyGithub.

A shell that waits is worse than one that offers nothing, so whatever goes wrong offers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from fastrel.errors import FastrelError

if TYPE_CHECKING:
    from fastrel.guide.model import Guide

VARIABLE = "_FASTREL_CHECKLIST_COMPLETE"
"""By this variable the shell asks the program, as click has it."""


def complete_steps(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of the guide's steps."""
    guide = _guide(context)
    given = context.params.get(parameter.name or "") or ()
    values = {"branch": guide.settings.branch, "repository": guide.settings.repository} if guide else {}
    return [
        CompletionItem(step.id, help=_words(step.title, values))
        for step in (guide.steps() if guide else ())
        if step.id.startswith(incomplete) and step.id not in given
    ]


def complete_answer(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of the guide's steps, each with the sign behind which an answer stands."""
    steps = complete_steps(context, parameter, incomplete)
    return [CompletionItem(f"{one.value}=", help=one.help) for one in steps]


def complete_versions(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The versions that may follow the tags of this checkout."""
    from fastrel.git.worktree import Worktree
    from fastrel.release import may_follow, released_versions

    guide = _guide(context)
    if guide is None:
        return []
    try:
        tags = Worktree.at(Path.cwd()).tags()
        following = may_follow(released_versions(tags, guide.settings.naming), guide.settings.naming)
    except (FastrelError, OSError):
        return []
    return [CompletionItem(str(one)) for one in following if str(one).startswith(incomplete)]


def complete_run(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """A version at first, and steps anywhere."""
    given = context.params.get(parameter.name or "") or ()
    versions = [] if given else complete_versions(context, parameter, incomplete)
    return [*versions, *complete_steps(context, parameter, incomplete)]


def _guide(context: click.Context) -> Guide | None:
    from fastrel.git.worktree import Worktree
    from fastrel.guide.locate import guide_for
    from fastrel.guide.parser import read_guide

    try:
        return read_guide(context.params.get("guide") or guide_for(Path.cwd(), Worktree.at(Path.cwd()).root))
    except (FastrelError, OSError):
        return None


def _words(title: str, values: Mapping[str, str]) -> str:
    """A title for zsh and fish, which show it beside the id. What depends on the version is named in capitals."""
    text = re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: values.get(found[1]) or found[1].upper(), title)
    return re.sub(r"[`*:\[\]()\\]", "", " ".join(text.split()))[:60]
