"""The package in an index or registry, verified by the version that it serves.

Source: https://packaging.python.org/en/latest/specifications/simple-repository-api/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from fastrel.actions.action import Action, Context
from fastrel.errors import GuideError, RemoteError
from fastrel.github.transport.fields import Fields
from fastrel.report.verdict import Link, Verdict, blocked, done, failed, waiting
from fastrel.web.http import Reply, fetch
from fastrel.web.package_registries import CRATES, NPM, crate_versions, npm_versions

ACCEPTED = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"


class PackageAvailable(Action):
    name = "package.available"
    summary = (
        "Done when the package index serves files of the version: PyPI, or with `registry=` npm's registry or "
        "crates.io. `run` waits."
    )
    parameters = {
        "registry": "`pypi` when absent, `npm` or `crates`",
        "package": "name of the package; the repository's name when absent",
        "index": "URL of the index, when it is not the usual one, which for `pypi` is `https://pypi.org/simple/`",
        "version": "the package's version, instead of the release's",
    }

    def check(self, context: Context) -> Verdict:
        name = context.parameter("package", context.repository.name.partition("/")[2])
        registry = context.parameter("registry", "pypi")
        if registry != "pypi":
            return _in_registry(context, registry, name)
        index = context.parameter("index", "https://pypi.org/simple/")
        version = _version(context.parameter("version", "{{ version }}"))
        if context.release.tag not in context.repository.code.tags():
            return blocked(f"{context.release.tag} is not on the remote yet")
        url = urljoin(index if index.endswith("/") else f"{index}/", f"{canonicalize_name(name)}/")
        link = Link(name, url)
        files = served_files(url)
        own = [(file, yanked) for file, yanked in files if _version_of(file) == version]
        if not own:
            return waiting(f"the index does not serve {name} {version} yet", link)
        if all(yanked for _, yanked in own):
            return failed(f"{name} {version} is yanked", link)
        return done(f"the index serves {len(own)} {'file' if len(own) == 1 else 'files'} of {name} {version}", link)


def _in_registry(context: Context, registry: str, name: str) -> Verdict:
    """Whether npm's registry or crates.io serves the version."""
    if registry not in REGISTRIES:
        raise GuideError(
            f"There is no registry “{registry}”.", next_step="Give `registry=pypi`, `npm` or `crates` in the guide."
        )
    if context.release.tag not in context.repository.code.tags():
        return blocked(f"{context.release.tag} is not on the remote yet")
    called, page, index, versions = REGISTRIES[registry]
    version = context.parameter("version", "{{ version }}")
    index = context.parameter("index", index)
    found = versions(name, index if index.endswith("/") else f"{index}/")
    link = Link(name, page.format(name=name))
    if version not in found:
        return waiting(f"{called} does not serve {name} {version} yet", link)
    if found[version]:
        return failed(f"{name} {version} is yanked", link)
    return done(f"{called} serves {name} {version}", link)


REGISTRIES = {
    "npm": ("npm's registry", "https://www.npmjs.com/package/{name}", NPM, npm_versions),
    "crates": ("crates.io", "https://crates.io/crates/{name}", CRATES, crate_versions),
}
"""What each is called, the page of a package, the usual index, and how its versions are read."""


def served_files(url: str) -> list[tuple[str, bool]]:
    """The files of a package's page in an index, each with whether it is yanked; none when there is no such package.
    RemoteError when the index does not answer."""
    reply = fetch(url, {"Accept": ACCEPTED})
    if reply.status == 404:
        return []
    if reply.status != 200:
        raise RemoteError(f"The index refuses {url} ({reply.status}).")
    if "json" in reply.headers.get("content-type", ""):
        return list(_from_json(reply, url))
    page = _Page()
    page.feed(reply.text)
    return page.files


def _from_json(reply: Reply, url: str) -> Iterator[tuple[str, bool]]:
    try:
        data = Fields.of(json.loads(reply.text))
    except ValueError:
        raise RemoteError(f"What the index serves at {url} is not JSON.") from None
    for file in data.items("files"):
        yield file.text("filename"), bool(file.data.get("yanked"))


class _Page(HTMLParser):
    """The HTML form: a link for each file."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            name = unquote(str(found["href"]).partition("#")[0].rstrip("/").rpartition("/")[2])
            self.files.append((name, "data-yanked" in found))


def _version(text: str) -> Version:
    try:
        # A semantic version is not always one of Python's: `0.2.0-alpha.1` is `0.2.0a1`.
        return Version(re.sub(r"-(alpha|beta|rc)\.", r"\1", text))
    except InvalidVersion:
        raise GuideError(
            f"“{text}” is not a version of a Python package.", next_step="Give `version=` of the step in the guide."
        ) from None


def _version_of(file: str) -> Version | None:
    try:
        return parse_wheel_filename(file)[1] if file.endswith(".whl") else parse_sdist_filename(file)[1]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None
