"""The command `fastrel-checklist`: its subcommands, and the words and exit codes of errors."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import click

from fastrel import __version__
from fastrel.errors import FastrelError, UsageError
from fastrel.process import changes
from fastrel.process.hidden_environment import hide_tokens
from fastrel_cli.command_hints import forget_options
from fastrel_cli.exit_codes import EXIT_CODES, INTERRUPTED
from fastrel_cli.github_actions.escape_commands import escaped_commands
from fastrel_cli.streams import ascii
from fastrel_cli.streams.interrupts import keep_interrupts
from fastrel_cli.streams.verbosity import color_wanted, log_kept, verbosity_options

GROUPS = {
    "Every day": {
        "status": "Where a release stands.",
        "open": "Create the release issue, or find it.",
        "run": "Go through the steps: check, confirm, run, tick.",
        "tick": "Tick a step by hand.",
        "skip": "Skip a step, with a reason.",
    },
    "Set up": {
        "init": "Bring a guide into this repository.",
        "lint": "Check guides for mistakes.",
        "doctor": "Check token, role, settings and programs.",
        "rehearse": "Execute a whole release on a local GitHub.",
    },
    "Rarely": {
        "sync": "Tick in the release issue what is verified.",
        "untick": "Take back a tick.",
        "abort": "Give up a release.",
        "board": "The releases in progress of many repositories.",
        "twin": "Start a local GitHub with a sample project.",
    },
    "For workflows and shells": {
        "react": "In GitHub Actions: react to the event of the run.",
        "snapshot": "Write the state to a file for the docs site.",
        "page": "Write the guide with its state as one HTML file.",
        "completion": "Completion for bash, zsh and fish.",
    },
}
COMMANDS = {name: words for group in GROUPS.values() for name, words in group.items()}
"""Each is a module of `fastrel_cli.commands`, which is imported only when it is needed: not to list them."""
READING = frozenset({"doctor", "lint", "status", "snapshot", "page", "board"})
"""Those that change nothing, whatever stops them."""
COMMON = frozenset({"--guide", "--repo", "--json", "--yes", "--dry-run"})
"""Options that many commands have."""


class Commands(click.Group):
    """Finds the subcommands in their modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"fastrel_cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        if not command.epilog:  # seen for the first time
            command.short_help = COMMANDS[cmd_name]
            command.params += verbosity_options()
            command.epilog = "Exit codes: 0 fine, 1 failed, 2 usage error, 3 stopped before the end."
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from fastrel.text.suggest import nearest

            hint = nearest(args[0], COMMANDS)
            more = f" Did you mean {hint}?" if hint else ""
            raise click.UsageError(f"{error.message}{more}", error.ctx) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name not in COMMON:
                raise
            words = f"The option {error.option_name} stands behind the command."
            raise click.UsageError(words, error.ctx) from None

    def invoke(self, ctx: click.Context) -> object:
        try:
            _require_folder()
            return super().invoke(ctx)
        except FastrelError as error:
            if ctx.invoked_subcommand in READING:
                error.done = error.done or "Nothing was changed."
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, COMMANDS))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<{width}}", words) for name, words in commands.items()])


def _require_folder() -> None:
    """UsageError when the folder that the shell is in was deleted."""
    try:
        Path.cwd()
    except FileNotFoundError:
        raise UsageError(
            "The folder that you are in no longer exists.",
            done="Nothing was changed.",
            next_step="Change into another one.",
        ) from None


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    params=verbosity_options(),
    no_args_is_help=False,
    invoke_without_command=True,
    epilog="\b\nExit codes:\n" + "\n".join(f"  {code:<4} {words}" for code, words in EXIT_CODES.items()),
)
@click.version_option(__version__, prog_name="fastrel-checklist")
@click.pass_context
def cli(context: click.Context) -> None:
    """Release checklists that tick themselves.

    The guide is a Markdown page with task lists. Its steps are checked against live GitHub state, executed from
    here, and ticked in the release issue when git and GitHub show that they are done.

    \b
    fastrel-checklist rehearse      # watch a whole release on a local GitHub
    fastrel-checklist status        # where the release stands
    fastrel-checklist open 0.2.0    # the release issue
    fastrel-checklist run           # go through the steps of that release
    """
    if context.invoked_subcommand is None:
        from fastrel_cli.start_here import start_here

        click.echo(context.get_help())
        click.echo(f"\n{start_here()}")


def main() -> None:
    """Entry point: runs a command and exits with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=ascii.NAME)
    hide_tokens()
    # Who ends a command by SIGTERM wants the same as by Ctrl-C: nothing temporary is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    keep_interrupts()
    try:
        code = exit_code(sys.argv[1:])
    except KeyboardInterrupt:  # once more, while the first one is being dealt with
        code = INTERRUPTED
    if code == INTERRUPTED:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        # Threads may wait for a network that is gone; nobody wants to wait for them.
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


def exit_code(arguments: list[str]) -> int:
    """Run one command line; every error becomes one message on stderr."""
    with escaped_commands():
        return _exit_code(arguments)


def _exit_code(arguments: list[str]) -> int:
    color = color_wanted()
    changes.forget()
    forget_options()
    try:
        with log_kept():
            result = cli.main(
                arguments,
                prog_name="fastrel-checklist",
                complete_var="_FASTREL_CHECKLIST_COMPLETE",
                standalone_mode=False,
                color=color,
            )
        return result if isinstance(result, int) else 0
    except FastrelError as error:
        from fastrel_cli.streams.messages import error_text
        from fastrel_cli.streams.wrap import folded_for

        click.echo(folded_for(sys.stderr, error_text(error)), err=True, color=color)
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        done = "What is done stays done; type the same command again to continue." if changes.any_made() else ""
        click.echo(f"\nStopped. {done or 'Nothing was changed.'}", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 1
