"""A checkout of the twin's sample project that can push."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from fastrel_twin.server import Twin

# The token stays in the environment: git asks this helper, which asks the environment.
HELPER = '!f() { test "$1" = get && echo username=x-access-token && echo "password=$GH_TOKEN"; }; f'


def clone_sample(twin: Twin, path: Path, *, name: str = "Mia Maintainer", email: str = "mia@example.org") -> Path:
    """Clone over HTTP; `git push` then uses the token in `GH_TOKEN`, which stands in no address and no file."""
    settings = {
        "user.name": name,
        "user.email": email,
        "commit.gpgsign": "false",
        "tag.gpgsign": "false",
        "core.hooksPath": "/dev/null",
    }
    # The empty helper switches off those of the machine; ours is added behind it.
    configured = [f"{key}={value}" for key, value in settings.items()]
    configured += ["credential.helper=", f"credential.helper={HELPER}"]
    options = [word for one in configured for word in ("--config", one)]
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["git", "clone", "--quiet", *options, twin.clone_url, str(path)],
        check=True,
        capture_output=True,
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
    )
    return path
