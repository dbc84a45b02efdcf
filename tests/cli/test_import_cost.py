"""`--help` imports nothing heavy: measured in fresh interpreters, by what is loaded and not by time."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"github", "requests", "rich", "mkdocs", "jinja2", "yaml", "markdown", "markdown_it", "starlette", "graphql"}
PROBE = """
import json, sys
from fastrel_cli.main import exit_code
code = exit_code(sys.argv[1:])
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


@pytest.mark.parametrize(
    "command", [[], ["status"], ["run"], ["rehearse"], ["open"], ["lint"], ["twin"], ["init"], ["doctor"], ["react"]]
)
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", PROBE, *command, "--help"], capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    assert not HEAVY & set(modules)


def test_the_list_of_commands_imports_none_of_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE.replace('name.partition(".")[0]', "name"), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not [
        name for name in json.loads(done.stdout.splitlines()[-1])[1] if name.startswith("fastrel_cli.commands.")
    ]
