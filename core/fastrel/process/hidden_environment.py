"""Removes tokens from the environment that the system shows of this process, such as in `/proc/PID/environ`; they stay
in `os.environ`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

TOKENS = (
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
)
"""Where tokens of GitHub stand: those that this tool and `gh` use, and those of GitHub Actions."""


def names_of_secrets(environment: Mapping[str, str]) -> list[str]:
    """The variables that hold a token, under whatever name."""
    secrets = {environment[name] for name in TOKENS if environment.get(name)}
    return [name for name, value in environment.items() if value in secrets]


def hide_tokens() -> None:
    """Write over the tokens with which this process was started. On Linux only; call it before there are threads."""
    names = names_of_secrets(os.environ) if sys.platform == "linux" else []
    if not names:
        return
    import ctypes

    try:
        library = ctypes.CDLL(None)
        library.getenv.restype = ctypes.c_void_p
        for name in names:
            value = os.environ[name]
            place = library.getenv(os.fsencode(name))
            if place:
                ctypes.memset(place, ord("*"), len(os.fsencode(value)))
            os.environ[name] = value  # in memory of its own
    except (OSError, AttributeError):  # a C library without it: the environment stays as it is
        return
