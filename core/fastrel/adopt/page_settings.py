"""Settings that the instructions themselves name: the package, the image, the site, files that may state the version,
and that releases are discussed.
What the checkout or GitHub says counts more. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from fastrel.adopt.findings import Findings, Found
from fastrel.guide.model import VersionFile

BY_DEFAULT = "Announcements"
"""The category that GitHub makes where Discussions are switched on."""
_PACKAGE = re.compile(r"https?://pypi\.(?:org|python\.org)/(?:project|p|pypi)/([A-Za-z0-9][\w.-]*[A-Za-z0-9])")
_PLACEHOLDER = r"(?:v?\d+\.\d+(?:\.\d+)?|v?[xX]\.[yY](?:\.[zZ])?|[<${\[][^`\s]*)"
_REFERENCE = re.compile(
    rf"(?<![\w./-])((?:[a-z0-9-]+(?:\.[a-z0-9-]+)+/)[a-z0-9._-]+(?:/[a-z0-9._-]+)+):{_PLACEHOLDER}(?=[`\s]|$)"
)
_PULLED = re.compile(
    rf"(?:docker|podman) (?:pull|manifest inspect) ([a-z0-9][a-z0-9._/-]*/[a-z0-9._-]+):{_PLACEHOLDER}"
)
_SITE = re.compile(
    r"https?://(?:[a-z0-9-]+\.(?:readthedocs\.io|rtfd\.io)|([a-z0-9-]+)\.github\.io/([\w.-]+))(?=[/)>\s\"'`]|$)",
    re.IGNORECASE,
)
_DISCUSSED = re.compile(r"(?i)\bcreate (?:a )?discussion for (?:this|the) release|\brelease(?:'s)? discussion\b")


def with_settings_of(findings: Findings, text: str) -> Findings:
    """The findings with what a page names, where nothing else is known."""
    notes: list[str] = []
    if findings.package is None and (name := _only(_PACKAGE.findall(text))):
        findings = replace(findings, package=Found(name, "the page"))
        notes.append(f"package {name} is taken from the page")
    if findings.image is None and (name := _only([*_REFERENCE.findall(text), *_PULLED.findall(text)])):
        name = name if "." in name.partition("/")[0] else f"registry-1.docker.io/{name}"
        findings = replace(findings, image=Found(name, "the page"))
        notes.append(f"image {name} is taken from the page")
    if findings.site is None and (address := _site(findings, text)):
        findings = replace(findings, site=Found(address, "the page"))
        notes.append(f"site {address} is taken from the page")
    if findings.categories is None and _DISCUSSED.search(text):
        findings = replace(findings, categories=(BY_DEFAULT,))
        notes.append(
            f"discussion_category is {BY_DEFAULT}, which GitHub has by default, since the page starts a discussion; "
            "GitHub was not asked"
        )
    optional = [path for path in findings.unstated if findings.version_files and _versioned(path, text)]
    if optional:
        more = tuple(VersionFile(path, optional=True) for path in optional)
        findings = replace(findings, version_files=(*findings.version_files, *more))
        notes += [f"{path} is optional: the page sets the version there, and it states none now" for path in optional]
    return replace(findings, notes=(*findings.notes, *notes))


def _versioned(path: str, text: str) -> bool:
    """Whether a line of the page names a file together with the version."""
    name = re.compile(rf"(?<![\w./-]){re.escape(path)}(?![\w/-])")
    return any(name.search(line) and "version" in line.lower() for line in text.splitlines())


def _site(findings: Findings, text: str) -> str:
    """The one site that is named; of GitHub's pages, only the repository's own."""
    own = findings.repository.value.casefold() if findings.repository else ""
    addresses = [
        f"{match[0]}/" for match in _SITE.finditer(text) if not match[1] or f"{match[1]}/{match[2]}".casefold() == own
    ]
    return _only(addresses)


def _only(names: Iterable[str]) -> str:
    """The name, when it is one and the same everywhere."""
    found = set(names)
    return found.pop() if len(found) == 1 else ""
