"""Git's environment in a rehearsal: no program that a configuration names is started, no other repository is used.

The configuration of the machine and of the user is replaced, since it may name hooks, filters, helpers and other
addresses. The checkout's own stays, and what git would execute of it while it reads is switched off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastrel_cli.rehearsal.environment import environment

KEPT = ("GIT_TRACE", "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_EDITOR", "GIT_EXEC_PATH")
"""How those variables of git's begin that stay. Of the others some name a repository, as in a hook, or programs.
Source: https://git-scm.com/docs/git#_environment_variables"""
OVER_ALL = {"core.fsmonitor": "false", "core.hooksPath": os.devnull, "core.sshCommand": "false", "diff.external": ""}
"""Settings that count more than those of any file."""
_CONFIG = """[core]
\thooksPath = /dev/null
\tattributesFile = /dev/null
[init]
\ttemplateDir =
[protocol]
\tallow = never
[protocol "http"]
\tallow = always
[protocol "file"]
\tallow = always
[gc]
\tauto = 0
[safe]
\tdirectory = {checkout}
"""


@contextmanager
def git_environment(root: Path, checkout: Path | None = None) -> Iterator[None]:
    """Inside, git starts nothing but itself. `root` is the folder of the rehearsal, `checkout` what it reads."""
    file = root / "gitconfig"
    place = str(checkout or root).replace("\\", "\\\\").replace('"', '\\"')
    file.write_text(_CONFIG.format(checkout=f'"{place}"'), encoding="utf-8")
    away = [name for name in os.environ if name.startswith("GIT_") and not name.startswith(KEPT)]
    settings = {"GIT_CONFIG_COUNT": str(len(OVER_ALL))}
    for number, (name, value) in enumerate(OVER_ALL.items()):
        settings |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    new = {"GIT_CONFIG_GLOBAL": str(file), "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
    with environment(**{**dict.fromkeys(away), **settings, **new}):
        yield
