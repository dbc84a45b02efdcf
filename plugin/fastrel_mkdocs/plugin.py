"""The MkDocs plugin: finds guides among the pages, asks for their state once per build, hands it to the extension."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.config import base
from mkdocs.config import config_options as option
from mkdocs.plugins import BasePlugin

from fastrel.connection import Connection, connection_from_environment
from fastrel.errors import NotAuthenticated, UsageError
from fastrel.guide.model import Guide, Problem
from fastrel.guide.parser import read_guide
from fastrel_mkdocs.extension import PageState
from fastrel_mkdocs.state import state_of

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

log = logging.getLogger("mkdocs.plugins.fastrel")
STYLE = "assets/fastrel.css"


class FastrelConfig(base.Config):
    enabled = option.Type(bool, default=True)
    version = option.Type(str, default="")
    """The release that is shown; empty: the one in progress, or what the guide pins."""
    offline = option.Type(bool, default=False)
    cache_ttl = option.Type(int, default=60)
    """Seconds for which `mkdocs serve` shows a kept state without asking GitHub again; a build always asks."""


class FastrelPlugin(BasePlugin[FastrelConfig]):
    """Hooks only; the work is in `state` and in the extension."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self._ttl = self.config.cache_ttl if command == "serve" else 0

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self._states: dict[str, PageState] = {}
        self._current: PageState | None = None
        if self.config.enabled:
            config.markdown_extensions.append("fastrel")
            config.mdx_configs["fastrel"] = {"provider": lambda: self._current}
            config.extra_css.append(STYLE)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        if self.config.enabled:
            from mkdocs.structure.files import File

            style = Path(__file__).parent / "assets" / "fastrel.css"
            files.append(File.generated(config, STYLE, abs_src_path=str(style)))
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        self._current = None
        if self.config.enabled and "fastrel" in page.meta and page.file.abs_src_path:
            path = page.file.abs_src_path
            if path not in self._states:
                self._states[path] = self._state(Path(path), page.file.src_uri, config)
            self._current = self._states[path]
        return markdown

    def _state(self, path: Path, name: str, config: MkDocsConfig) -> PageState:
        guide = read_guide(path)
        if self.config.version:
            guide = replace(guide, settings=replace(guide.settings, version=self.config.version))
        for problem in _problems(guide):
            log.warning("%s:%s: %s %s", name, problem.line, problem.message, problem.suggestion)
        return _page_state(guide, name, self._connection(), Path(config.config_file_path).parent, self._ttl)

    def _connection(self) -> Connection | None:
        if self.config.offline:
            return None
        try:
            return connection_from_environment()
        except UsageError as error:
            log.warning("%s %s", error.problem, error.next_step)
            return None


def _page_state(guide: Guide, name: str, connection: Connection | None, root: Path, ttl: int) -> PageState:
    """What is known of a guide. A wrong token is a warning, so that strict builds fail; no network is not."""
    settings = guide.settings
    if not settings.repository:
        log.warning("%s: the guide's front matter names no `repository:`, so no state is shown", name)
        return PageState(settings, None, whole_page=True)
    cache = root / ".cache" / "plugin" / "fastrel"
    found = state_of(guide, settings.repository, connection, cache, timedelta(seconds=ttl))
    if isinstance(found.problem, NotAuthenticated):
        log.warning("%s: %s %s", name, found.problem.problem, found.problem.next_step)
    elif found.problem:
        what = (
            f"the state of {found.view.at:%Y-%m-%d %H:%M} UTC is shown"
            if found.view and found.view.at
            else ("no state is shown")
        )
        log.info("%s: %s Therefore %s.", name, found.problem.problem, what)
    return PageState(settings, found.view, whole_page=True)


def _problems(guide: Guide) -> tuple[Problem, ...]:
    from fastrel.actions.registry import parameters_of_actions
    from fastrel.guide.lint import lint

    return lint(guide, parameters_of_actions())
