"""The command `fastrel-checklist`: its subcommands, and where errors become words and an exit code."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from fastrel import __version__
from fastrel.errors import FastrelError

COMMANDS = (
    "init",
    "doctor",
    "lint",
    "status",
    "open",
    "run",
    "tick",
    "untick",
    "skip",
    "sync",
    "snapshot",
    "board",
    "react",
    "abort",
    "rehearse",
    "twin",
)
"""Each is a module of `fastrel_cli.commands`, imported only when it is needed."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


class Commands(click.Group):
    """Finds the subcommands in their modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"fastrel_cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 fine; 1 failed; 2 wrong use, nothing was changed; 3 stopped in good order, work remains.",
)
@click.version_option(__version__, prog_name="fastrel-checklist")
def cli() -> None:
    """Release checklists that tick themselves.

    The guide is a Markdown page with task lists. Its steps are checked against live GitHub state, executed from
    here, and ticked in a tracking issue, because the world shows that they are done.

    \b
    fastrel-checklist rehearse        watch a whole release happen on a local GitHub
    fastrel-checklist status          where the release stands
    fastrel-checklist open 0.2.0      the tracking issue
    fastrel-checklist run 0.2.0       walk the steps
    """


def main() -> None:
    """Entry point: runs a command and exits with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(exit_code(sys.argv[1:]))


def exit_code(arguments: list[str]) -> int:
    """Run one command line; every error becomes one message on stderr."""
    color = False if os.environ.get("NO_COLOR") else None  # https://no-color.org
    try:
        result = cli.main(arguments, prog_name="fastrel-checklist", standalone_mode=False, color=color)
        return result if isinstance(result, int) else 0
    except FastrelError as error:
        from fastrel_cli.messages import error_text

        click.echo(error_text(error), err=True, color=color)
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(
            "\nStopped. What is done stays done; `fastrel-checklist run` continues where the world stands.", err=True
        )
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 1
