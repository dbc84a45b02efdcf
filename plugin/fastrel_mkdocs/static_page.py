"""A guide with its live state as one HTML file that needs no site around it. Knows no MkDocs."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from fastrel.guide.lines import split_lines
from fastrel.guide.model import Guide
from fastrel.guide.settings import front_matter
from fastrel_mkdocs.extension import ChecklistExtension, PageState
from fastrel_mkdocs.view import GuideView
from fastrel_mkdocs.words import Words

HERE = Path(__file__).parent
NEEDS = "pymdownx"
"""The package that reads code blocks inside of list items; it comes with Material for MkDocs."""


def is_possible() -> bool:
    """Whether the packages are installed that a page needs."""
    return find_spec(NEEDS) is not None


def static_page(
    guide: Guide, view: GuideView, sources: dict[str, str], *, language: str = "en", repository_url: str = ""
) -> str:
    """The whole file. `sources` says where it reads newer state; relative links of the guide lead to the repository."""
    words = Words(language)
    path, branch = view.guide_path, guide.settings.branch
    source = f"{repository_url}/blob/{branch}/{path}" if repository_url and path else ""
    state = PageState(guide.settings, view, whole_page=True, guide=guide, sources=sources, words=words)
    markdown = Markdown(
        extensions=[
            ChecklistExtension(provider=lambda: state),
            *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"),
            *("pymdownx.details", "pymdownx.highlight", "pymdownx.superfences", "pymdownx.tasklist"),
        ],
        extension_configs={
            "tables": {"use_align_attribute": True},  # the policy of the page forbids styles in elements
            "toc": {"permalink": True},
            "pymdownx.highlight": {"use_pygments": False},
            "pymdownx.tasklist": {"custom_checkbox": False},
        },
    )
    if source:
        links = _Links(markdown, repository_url, branch, path)
        markdown.treeprocessors.register(links, "fastrel-links", 1)
    article = markdown.convert(_body(guide.text))
    style, script = _asset("page.css") + _asset("fastrel.css"), _asset("fastrel.js")
    theme = _asset("page.js")
    return _template().render(
        language=words.language,
        title=_title(article) or f"Release {view.version}",
        policy=_policy((theme, script), style, sources.values()),
        style=style,
        theme=theme,
        script=script,
        article=article,
        source=source,
        source_name=f"{view.repository}: {path}",
    )


class _Links(Treeprocessor):
    """Makes relative links and pictures of the guide lead to the repository."""

    def __init__(self, md: Markdown, repository_url: str, branch: str, path: str) -> None:
        super().__init__(md)
        self._url, self._branch, self._path = repository_url, branch, path

    def run(self, root: Element) -> None:
        for element in root.iter():
            name, view = ("src", "raw") if element.tag == "img" else ("href", "blob")
            address = element.get(name, "")
            if address and not address.startswith("#") and not urlsplit(address).scheme and address[:2] != "//":
                element.set(name, self._absolute(address, view))

    def _absolute(self, address: str, view: str) -> str:
        file, mark, anchor = address.partition("#")
        relative = file.lstrip("/") if file.startswith("/") else f"{dirname(self._path)}/{file}".lstrip("/")
        target = normpath(relative)
        return address if target.startswith("..") else f"{self._url}/{view}/{self._branch}/{target}{mark}{anchor}"


def _body(text: str) -> str:
    """The guide without its front matter."""
    return "\n".join(split_lines(text)[front_matter(text)[1] :])


def _title(article: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", article, re.DOTALL)
    text = re.sub(r'<a class="headerlink".*?</a>|<[^>]+>', "", found[1]) if found else ""
    return unescape(text).strip()


def _policy(scripts: Iterable[str], style: str, sources: Iterable[str]) -> str:
    """A Content-Security-Policy under which nothing but the file's own scripts and style runs, and nobody but the
    named sources is asked."""
    asked = {f"{parts.scheme}://{parts.netloc}" for one in sources if (parts := urlsplit(one)).netloc}
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(map(_hash, scripts)),
        "style-src": _hash(style),
        "img-src": "'self' https: data:",
        "connect-src": " ".join(["'self'", *sorted(asked)]),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _asset(name: str) -> str:
    return (HERE / "assets" / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.get_template("page.html.jinja")
