"""The MkDocs plugin: finds guides among the pages, asks for their state once per build, hands it to the extension."""

from __future__ import annotations

import gc
import hashlib
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlparse

from mkdocs.config import config_options as option
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority
from mkdocs.utils import get_relative_url

from fastrel.actions.guide_problems import problems_of
from fastrel.errors import FastrelError, GuideError, NotAuthenticated, UsageError
from fastrel.github.transport.addresses import repository_of
from fastrel.github.transport.connection import Connection, checked_token, connection_from_environment
from fastrel.guide.locate import is_guide
from fastrel.guide.model import Guide, Problem, Settings, Step
from fastrel.guide.parser import read_guide
from fastrel.guide.site_source import block_comments
from fastrel_mkdocs.extension import BLOCKS, PageState
from fastrel_mkdocs.options import FastrelConfig
from fastrel_mkdocs.search_text import without_state
from fastrel_mkdocs.sources import sources_of
from fastrel_mkdocs.state.background import Asking
from fastrel_mkdocs.state.cache import read_kept
from fastrel_mkdocs.state.guide_state import begin_asking, kept_file, published_view, state_of
from fastrel_mkdocs.view import view_of
from fastrel_mkdocs.words import TABLES, Words

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

    from fastrel_mkdocs.state.board_state import FoundBoard
    from fastrel_mkdocs.view import GuideView

log = logging.getLogger("mkdocs.plugins.fastrel")
ASSETS = Path(__file__).parent / "assets"


@cache
def _keep_what_is_imported() -> None:
    """Once in a process, before the pages are read: the modules that are there by now stay to its end. Else Python's
    collector of cycles goes through them, ours among them, again and again while the pages are made, which costs a
    large site about as much as all else that this plugin does.

    Source: https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.freeze()


class FastrelPlugin(BasePlugin[FastrelConfig]):
    """Hooks only; the work is in `state` and in the extension."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self._ttl = self.config.cache_ttl if command == "serve" else 0

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self._states: dict[str, PageState] = {}
        self._asking: dict[str, Asking | None] = {}
        self._guides: dict[Path, Guide] = {}
        self._repository = repository_of(str(config.repo_url or ""))
        self._files: dict[str, Path] = {}
        self._own: frozenset[str] = frozenset()
        """The files of the site without ours."""
        self._urls: dict[str, str] = {}
        """Of the guides, from the top of the site."""
        self._words = Words(self._language(config))
        self._board: FoundBoard | None = None
        self._current: PageState | None = None
        self._connection = self._connect() if self.config.enabled else None
        if self.config.enabled:
            config.mdx_configs["fastrel"] = {"provider": lambda: self._current}
        if self.config.enabled and "fastrel" not in config.markdown_extensions:  # i18n asks once for each language
            config.markdown_extensions.append("fastrel")
            config.extra_css.insert(0, _asset("fastrel.css"))  # before the site's own, which may set other colours
            script = option.ExtraScriptValue(_asset("fastrel.js"))
            script.defer = True
            config.extra_javascript.append(script)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        if self.config.enabled:
            from mkdocs.structure.files import File

            self._own = frozenset(file.dest_uri for file in files)
            for name in ("fastrel.css", "fastrel.js"):
                files.append(File.generated(config, _asset(name), abs_src_path=str(ASSETS / name)))
            for page in files.documentation_pages():
                if page.abs_src_path and is_guide(Path(page.abs_src_path)):
                    self._files[page.src_uri] = Path(page.abs_src_path)
                    self._urls[page.src_uri] = page.url
                    self._begin(Path(page.abs_src_path), page.src_uri, config)
            _keep_what_is_imported()
        return files

    @event_priority(100)  # before plugins that fill in `{{ }}` themselves
    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        self._current = None
        path = page.file.abs_src_path
        if not self.config.enabled or not path:
            return markdown
        name = page.file.src_uri
        state = None
        if "fastrel" in page.meta and "macros" in config.plugins and "render_macros" not in page.meta:
            # mkdocs-macros would put its own values, such as its `version`, into the guide.
            page.meta["render_macros"] = False
        if "fastrel" in page.meta:
            state = replace(
                self._state_once(Path(path), name, config),
                missing=lambda steps, all_steps: self._warn_of_missing(name, Path(path), steps, all_steps),
            )
        elif name in self._files:
            # MkDocs passes over front matter that it cannot read, and shows it on the page.
            self._warn(name, self._read(Path(path)).problems)
        blocks = block_comments(markdown, ("releases", "release", "board")) if BLOCKS.search(markdown) else []
        if any(word != "board" for word, _ in blocks):
            guides = {one: self._state_once(file, one, config) for one, file in self._files.items()}
            self._check_names(name, [attributes for word, attributes in blocks if word != "board"])
            guides = {one: self._with_sources(found, one, page.url) for one, found in guides.items()}
            state = replace(state or PageState(Settings(), None, words=self._words), guides=guides) if guides else state
        if any(word == "board" for word, _ in blocks):
            board = self._board_once(name, config)
            view = board.view and replace(board.view, snapshot=self._address(self.config.board_snapshot, page.url))
            state = replace(state or PageState(Settings(), None, words=self._words), board=view, has_board=True)
        self._current = self._with_sources(state, name, page.url) if state else None
        return markdown

    @event_priority(100)
    def _hide_state(self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        """Before the search plugins read the page."""
        self._content = page.content
        if self.config.enabled and page.content:
            page.content = without_state(page.content)

    @event_priority(-100)
    def _show_state(self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation) -> None:
        """After they have read it."""
        page.content = self._content

    on_page_context = CombinedEvent(_hide_state, _show_state)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        name = page.file.src_uri
        if not (self.config.enabled and self.config.views and name in self._files):
            return output
        view = self._state_once(self._files[name], name, config).view
        if view is None:
            return output
        from fastrel_mkdocs.views import place_of, with_head

        return with_head(output, view, self._words, feed_url=get_relative_url(place_of(name, "atom"), page.url))

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        if not (self.config.enabled and self.config.views):
            return
        from fastrel_mkdocs.views import FOLDER, board_calendar, files_of

        found: dict[str, str] = {}
        top = f"{config.site_url.rstrip('/')}/" if config.site_url else ""
        for name, path in self._files.items():
            view = self._state_once(path, name, config).view
            page = f"{top}{self._urls[name]}" if top else ""
            found |= files_of(name, view, self._words, page_url=page, site_url=top)
        if self._board and self._board.view:
            found[f"{FOLDER}/milestones.ics"] = board_calendar(self._board.view.board, self._words)
        for place, text in found.items():
            file = Path(config.site_dir) / place
            if text and place not in self._own:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="")

    def _check_names(self, name: str, blocks: Sequence[dict[str, str]]) -> None:
        """Say which blocks name no guide of the site."""
        known = ", ".join(self._files)
        if not self._files:
            log.warning("%s: no page of this site is a guide, so there are no releases to show.", name)
        for attributes in blocks:
            guide = attributes.get("guide")
            if guide and self._files and not any(one == guide or one.endswith(f"/{guide}") for one in self._files):
                log.warning("%s: “guide=%s” names no guide of this site; there are %s.", name, guide, known)

    def _with_sources(self, state: PageState, name: str, url: str) -> PageState:
        page = get_relative_url(self._urls[name], url) if name in self._urls else ""
        return replace(state, sources={**self._sources(state, name, url), "page": page})

    def _state_once(self, path: Path, name: str, config: MkDocsConfig) -> PageState:
        if str(path) not in self._states:
            self._states[str(path)] = self._state(path, name, config)
        return self._states[str(path)]

    def _begin(self, path: Path, name: str, config: MkDocsConfig) -> None:
        """Ask for the state of a guide while MkDocs reads the pages."""
        with suppress(GuideError):
            guide = self._read(path)
            if name in self.config.pinned:
                return
            asked = None if self.config.offline or not guide.settings.repository else self._connection
            ttl = timedelta(seconds=self._ttl)
            kept, published = kept_file(_cache_folder(config), guide, name), self._published(guide, name, config)
            self._asking[str(path)] = begin_asking(guide, asked, kept, ttl, published)

    def _read(self, path: Path) -> Guide:
        if path not in self._guides:
            guide = read_guide(path)
            version = self.config.version or guide.settings.version
            repository = guide.settings.repository or self._repository
            self._guides[path] = replace(
                guide, settings=replace(guide.settings, version=version, repository=repository)
            )
        return self._guides[path]

    def _state(self, path: Path, name: str, config: MkDocsConfig) -> PageState:
        guide = self._read(path)
        settings = guide.settings
        if name in self.config.pinned:
            return self._pinned(guide, name, config)
        if not settings.repository:
            self._warn(name, problems_of(guide))
            words = "neither `repository:` in the guide's front matter nor `repo_url:` in mkdocs.yml names a repository"
            log.info("%s: %s, so no state is shown.", name, words)
            return PageState(settings, None, whole_page=True, guide=guide, unread=True, words=self._words)
        asked = None if self.config.offline else self._connection
        ttl, asking = timedelta(seconds=self._ttl), self._asking.get(str(path))
        kept, published = kept_file(_cache_folder(config), guide, name), self._published(guide, name, config)
        found = state_of(guide, asked, kept, ttl, asking=asking, published=published)
        self._warn(name, found.mistakes)
        if found.problem:
            self._tell(name, found.problem, found.view.at if found.view else None)
        view = found.view
        return PageState(settings, view, whole_page=True, guide=guide, unread=view is None, words=self._words)

    def _published(self, guide: Guide, name: str, config: MkDocsConfig) -> GuideView | None:
        """The state of the site's own snapshot, where it is a file among the pages."""
        place = self._snapshot_of(name)
        return published_view(Path(config.docs_dir) / place, guide) if place in self._own else None

    def _snapshot_of(self, name: str) -> str:
        """The option `snapshot` for a page."""
        given = self.config.snapshot
        return str(given.get(name, "") if isinstance(given, dict) else given)

    def _pinned(self, guide: Guide, name: str, config: MkDocsConfig) -> PageState:
        """The state of a file, for a page that shows an example."""
        self._warn(name, problems_of(guide))
        file = Path(config.config_file_path).parent / str(self.config.pinned[name])
        view = None
        try:
            view = view_of(read_kept(file), "snapshot")
        except FastrelError as error:
            log.warning("%s: %s holds no snapshot: %s", name, self.config.pinned[name], error.problem)
        if view and not view.is_about(step.id for step in guide.steps()):
            log.warning("%s: %s is about other steps than this page.", name, self.config.pinned[name])
            view = None
        settings = guide.settings
        return PageState(settings, view, whole_page=True, guide=guide, unread=view is None, words=self._words)

    def _board_once(self, name: str, config: MkDocsConfig) -> FoundBoard:
        from fastrel_mkdocs.state.board_state import FoundBoard, kept_board, state_of_board

        if self._board is None and self.config.pinned_board:
            self._board = FoundBoard(kept_board(Path(config.config_file_path).parent / self.config.pinned_board))
        if self._board is None:
            places = self.config.board
            if not places:
                log.warning("%s: the option `board` of the plugin names no owner and no repository", name)
                self._board = FoundBoard(None)
                return self._board
            asked = None if self.config.offline else self._connection
            ttl = timedelta(seconds=self._ttl)
            self._board = state_of_board(places, self.config.board_label, asked, _cache_folder(config), ttl)
            if self._board.problem:
                view = self._board.view
                self._tell(name, self._board.problem, view.board.at if view else None)
        return self._board

    def _connect(self) -> Connection | None:
        name = self.config.token_env
        token = os.environ.get(name, "").strip() if name else ""
        if name and not token:
            log.info("the environment variable %s is not set; the usual token is used", name)
        try:
            found = connection_from_environment()
            return replace(found, token=checked_token(token, name)) if token else found
        except UsageError as error:
            log.warning("%s %s", error.problem, error.next_step)
            return None

    def _warn(self, name: str, mistakes: Sequence[Problem]) -> None:
        for one in mistakes:
            log.warning("%s:%s: %s %s", name, one.line, one.message, one.suggestion)

    def _warn_of_missing(self, name: str, path: Path, steps: Sequence[Step], all_steps: Sequence[Step]) -> None:
        lines = {step.id: step.line for step in self._read(path).steps()}
        added = [step.id for step in all_steps if step.id not in lines]
        if added:
            log.warning(
                "%s: %s on the page and not in the file: another plugin has included %s, and the command line does "
                "not know %s. Write the items into the guide.",
                name,
                f"step {added[0]} is" if len(added) == 1 else f"steps {', '.join(added[:5])} are",
                *(["it"] * 2 if len(added) == 1 else ["them"] * 2),
            )
        for step in steps:
            log.warning(
                "%s:%s: step %s is not on the page: something above it takes it away, such as an HTML tag that is not "
                "closed. Close it, or put blank lines around it.",
                name,
                lines.get(step.id, step.line),
                step.id,
            )

    def _tell(self, name: str, problem: FastrelError, at: datetime | None) -> None:
        """A wrong token and a wrong version are a warning in any case, so that strict builds fail; no network is not,
        unless asked for."""
        shown = f"the state of {at:%Y-%m-%d %H:%M} UTC is shown" if at else "no state is shown"
        words = f"{name}: {problem.problem} Therefore {shown}. {problem.next_step}".rstrip()
        if self.config.on_error == "fail":
            raise PluginError(words)
        if self.config.on_error == "warn" or isinstance(problem, NotAuthenticated | UsageError):
            log.warning("%s", words)
        else:
            log.info("%s", words)

    def _sources(self, state: PageState, name: str, url: str) -> dict[str, str]:
        """Where the browser finds newer state for a page: the site's own snapshot, else the release issue."""
        view, snapshot = state.view, self._snapshot_of(name)
        if view is None or not self.config.refresh or name in self.config.pinned:
            return {}
        if snapshot:
            return {"snapshot": self._address(snapshot, url)}
        if self._connection is None:
            return {}
        return sources_of(view, state.settings.label, self._connection.api_url)

    def _address(self, place: str, url: str) -> str:
        """The address of a file of the site, from one of its pages."""
        if not place or not self.config.refresh:
            return ""
        return place if urlparse(place).scheme else get_relative_url(place, url)

    def _language(self, config: MkDocsConfig) -> str:
        theme = config.theme.get("language") if config.theme else ""
        wanted = self.config.language or (theme if isinstance(theme, str) else "") or "en"
        if self.config.language and self.config.language.lower().split("-")[0] not in TABLES:
            log.warning("the plugin has no words in “%s”; there are %s", self.config.language, ", ".join(TABLES))
        return wanted


def _cache_folder(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent / ".cache" / "plugin" / "fastrel"


@cache
def _asset(name: str) -> str:
    """The path of an asset in the site; a new content has a new name, so that no browser keeps the old one."""
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:8]
    return f"assets/{stem}.{digest}.{ending}"
