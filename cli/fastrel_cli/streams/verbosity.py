"""Output on standard error: `--quiet` only errors and warnings, `--verbose` each request and git command."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from fastrel.text.plain import plain

_QUIET = "fastrel.quiet"
_LOG = logging.getLogger("fastrel")


def verbosity_options() -> list[click.Option]:
    """`--quiet` and `--verbose`, for the group and for each of its commands."""
    quiet = click.Option(
        ["-q", "--quiet"],
        is_flag=True,
        expose_value=False,
        callback=_set_quiet,
        help="Only results, warnings and errors.",
    )
    verbose = click.Option(
        ["-v", "--verbose"],
        is_flag=True,
        expose_value=False,
        callback=_set_verbose,
        help="Each request and each git command, with its time, on standard error.",
    )
    return [quiet, verbose]


def say(text: str = "") -> None:
    """A line of progress on standard error, unless `--quiet` was given."""
    if not is_quiet():
        click.echo(text, err=True)


def is_quiet() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.find_root().meta.get(_QUIET))


@contextmanager
def log_kept() -> Iterator[None]:
    """Whatever `--verbose` changes of the log is put back at the end."""
    handlers, level = list(_LOG.handlers), _LOG.level
    try:
        yield
    finally:
        _LOG.handlers[:] = handlers
        _LOG.setLevel(level)


def color_wanted() -> bool | None:
    """Whether to colour; None: where it is a terminal. https://no-color.org, https://force-color.org, CLICOLOR."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0" or os.environ.get("CLICOLOR_FORCE", "0") != "0":
        return True
    return False if os.environ.get("CLICOLOR") == "0" or os.environ.get("TERM") == "dumb" else None


class _OnStandardError(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        click.echo(click.style(f"  {plain(record.getMessage())}", dim=True), err=True)


def _set_quiet(context: click.Context, option: click.Parameter, given: bool) -> None:
    if given:
        context.find_root().meta[_QUIET] = True


def _set_verbose(context: click.Context, option: click.Parameter, given: bool) -> None:
    if given and not any(isinstance(one, _OnStandardError) for one in _LOG.handlers):
        _LOG.addHandler(_OnStandardError())
        _LOG.setLevel(logging.DEBUG)
        sys.stdout.flush()  # so that both streams appear in their order
