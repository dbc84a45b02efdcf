"""The environment of a guide's script: the release's values, and no tokens. Pure.

Values go into a script's text only where no shell could read them as anything but a word; the environment takes any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastrel.errors import GuideError
from fastrel.guide.template import names_in
from fastrel.process.hidden_environment import TOKENS, names_of_secrets

PREFIX = "FASTREL_"
BASH = ("BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4", "CDPATH", "GLOBIGNORE", "POSIXLY_CORRECT", "PROMPT_COMMAND")
"""What makes bash do other things than the script says, before it or with it.
Source: https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html"""
FUNCTION = "BASH_FUNC_"
"""How the names of functions begin that a shell hands down; they would stand in for commands."""
_WORD = re.compile(r"(?![-])[\w.,:+/@%=-]*", re.ASCII)


def script_environment(environment: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """The environment of a script: `FASTREL_VERSION`, `FASTREL_TAG`, ...; no token under any name; plain bash."""
    secrets = names_of_secrets(environment)
    kept = {
        name: value
        for name, value in environment.items()
        if name not in TOKENS and name not in BASH and not name.startswith((FUNCTION, PREFIX)) and name not in secrets
    }
    return kept | {f"{PREFIX}{name.upper()}": value for name, value in values.items()}


def unsafe_value(script: str, values: Mapping[str, str]) -> str:
    """What is wrong with the `{{ }}` of a script: a value that a shell could read as more than a word. Empty when
    nothing is."""
    for name in names_in(script):
        value = values.get(name, "")
        if not _WORD.fullmatch(value):
            return (
                f"{{{{ {name} }}}} is “{value}” here, which a shell could read as a command. "
                f'Write "${PREFIX}{name.upper()}" in the script instead.'
            )
    return ""


def require_safe_values(script: str, values: Mapping[str, str], step_id: str) -> None:
    """GuideError unless every value can stand in the script's text."""
    problem = unsafe_value(script, values)
    if problem:
        raise GuideError(f"The script of step {step_id} is not run: {problem}", done="Nothing was executed.")
