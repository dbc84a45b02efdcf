"""The options of the MkDocs plugin."""

from __future__ import annotations

import re

from mkdocs.config import base
from mkdocs.config import config_options as option

from fastrel.errors import UsageError
from fastrel.release import require_version

ON_ERROR = ("ignore", "warn", "fail")


class NoToken(option.Type[str]):
    """An option that must not be set; what stands in it is never shown."""

    def run_validation(self, value: object) -> str:
        if value:
            raise base.ValidationError(
                "A token does not belong in mkdocs.yml, which everybody can read. Name the environment variable that "
                "holds it, such as `token_env: DOCS_TOKEN`; and revoke the token if it stood there."
            )
        return ""


class EnvironmentName(option.Type[str]):
    """The name of an environment variable; in capitals, so that a token in its place is noticed, and not shown."""

    def run_validation(self, value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"[A-Z_][A-Z0-9_]*|", value):
            raise base.ValidationError("This must be the name of an environment variable, in capitals.")
        return value


class VersionOption(option.Type[str]):
    """A version, of whatever scheme the guide has, or nothing."""

    def run_validation(self, value: object) -> str:
        if not isinstance(value, str):
            raise base.ValidationError('Write the version in quotes, such as `version: "0.2.0"`.')
        version = super().run_validation(value)
        try:
            return require_version(version) if version else ""
        except UsageError as error:
            raise base.ValidationError(f"{error.problem} {error.next_step}") from None


class FastrelConfig(base.Config):
    enabled = option.Type(bool, default=True)
    version = VersionOption(str, default="")
    """The release that is shown; empty: the one in progress, or what the guide pins."""
    token = NoToken(str, default="")
    """Refused: mkdocs.yml is a file that is committed."""
    token_env = EnvironmentName(str, default="")
    """The environment variable whose token is used instead of the usual ones; it never reaches a page."""
    offline = option.Type(bool, default=False)
    cache_ttl = option.Type(int, default=60)
    """Seconds for which `mkdocs serve` shows a kept state without asking GitHub again; a build always asks."""
    snapshot = option.Type((str, dict), default="")
    """Where the site publishes a snapshot (`fastrel-checklist snapshot`): an address, or a path in the site; for
    several guides, a mapping from their pages."""
    board_snapshot = option.Type(str, default="")
    """Where the site publishes a board (`fastrel-checklist board --json`), in the same way."""
    pinned = option.Type(dict, default={})
    """Guides whose state is read from a file instead of GitHub, for examples: a mapping from their pages to snapshots,
    with paths from mkdocs.yml."""
    pinned_board = option.Type(str, default="")
    """The board in the same way."""
    language = option.Type(str, default="")
    """The language of the words on the page; empty: the theme's."""
    refresh = option.Type(bool, default=True)
    """Whether the page asks for newer state in the browser."""
    views = option.Type(bool, default=True)
    """Whether a badge, a feed and a calendar of each guide are written into the site."""
    board = option.ListOfItems(option.Type(str), default=[])
    """Whose releases in progress a `<!-- board -->` shows: owners and OWNER/NAME."""
    board_label = option.Type(str, default="release")
    """The label of the release issues there."""
    on_error = option.Choice(ON_ERROR, default="ignore")
    """What to do when the state cannot be read, besides showing the kept one."""
