"""From what a checkout holds to what is known about the project. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import PurePosixPath

from fastrel.adopt.findings import Findings, Found
from fastrel.adopt.listing import Listing
from fastrel.adopt.mkdocs_file import CONFIGURATIONS, scalar
from fastrel.adopt.versions import tag_template, version_files
from fastrel.adopt.workflows import workflows
from fastrel.github.addresses import elsewhere, repository_of

RELEASE_NOTES = (".github/release.yml", ".github/release.yaml")


def detect(listing: Listing, *, repository: str = "") -> Findings:
    """Everything that files and git tell; `repository` is the one that a person has named."""
    found, remote_notes = _repository(listing, repository)
    versions = version_files(listing.texts)
    tag, tag_notes = tag_template(listing.tags)
    jobs = workflows(listing.texts, found.value if found else "")
    mkdocs = next((path for path in CONFIGURATIONS if path in listing.texts), "")
    site = scalar(listing.texts[mkdocs], "site_url") if mkdocs else ""
    package, npm = _python_name(listing), _npm_name(listing)
    notes = [*remote_notes, *versions.notes, *tag_notes]
    if not listing.tags and versions.version:
        notes.append("there is no tag yet; the first release is 0.1.0 or 1.0.0")
    return Findings(
        repository=found,
        branch=_branch(listing),
        tag=tag,
        version=versions.version,
        version_files=versions.files,
        docs=_docs(listing, mkdocs),
        mkdocs=mkdocs,
        site=Found(site, mkdocs) if re.match(r"https?://\S+$", site) else None,
        image=jobs.image,
        package=Found(package, jobs.pypi) if package and jobs.pypi else None,
        npm=Found(npm, jobs.npm) if npm and jobs.npm else None,
        release_notes=next((path for path in RELEASE_NOTES if path in listing.paths), ""),
        checks=jobs.checks,
        tag_checks=jobs.tag_checks,
        tag_workflow_names=jobs.tag_names,
        workflow_names=jobs.names,
        notes=tuple(notes),
    )


def with_note(findings: Findings, note: str) -> Findings:
    return replace(findings, notes=(*findings.notes, note))


def _repository(listing: Listing, given: str) -> tuple[Found | None, tuple[str, ...]]:
    if given:
        return Found(given, "as given"), ()
    names = {name: repository_of(address) for name, address in listing.remotes.items()}
    usable = {name: value for name, value in names.items() if value}
    for remote in ("upstream", "origin", *sorted(usable)):
        if remote in usable:
            others = {usable[one] for one in ("origin",) if one in usable} - {usable[remote]}
            notes = tuple(f"origin is {one}, upstream is {usable[remote]}: releases are upstream's" for one in others)
            return Found(usable[remote], f"remote {remote}"), notes if remote == "upstream" else ()
    if names:
        name = "origin" if "origin" in names else min(names)
        where = elsewhere(name, listing.remotes[name])
        return None, (f"{where}: give --repo OWNER/NAME, or write `repository:` into the guide",)
    return None, ("there is no remote yet; commands take the repository from `origin` once it is there",)


def _branch(listing: Listing) -> Found:
    if listing.default_branch:
        return Found(listing.default_branch, "the remote's default")
    if listing.branch in ("main", "master", "trunk", "develop") or (listing.branch and not listing.remotes):
        return Found(listing.branch, "checked out")
    return Found("main", "the default")


def _docs(listing: Listing, mkdocs: str) -> str:
    """The folder of the pages: MkDocs', or `docs` when it holds Markdown."""
    if mkdocs:
        return PurePosixPath(scalar(listing.texts[mkdocs], "docs_dir") or "docs").as_posix()
    return "docs" if any(re.fullmatch(r"docs/.*\.md", path) for path in listing.paths) else ""


def _python_name(listing: Listing) -> str:
    project = re.search(
        r"(?ms)^\[(?:project|tool\.poetry)\][ \t]*$(.*?)(?=^\[|\Z)", listing.texts.get("pyproject.toml", "")
    )
    name = re.search(r"(?m)^name\s*=\s*[\"']([\w.-]+)[\"']", project[1]) if project else None
    if name is None:
        name = re.search(r"(?m)^name\s*=\s*([\w.-]+)\s*$", listing.texts.get("setup.cfg", ""))
    return name[1] if name else ""


def _npm_name(listing: Listing) -> str:
    try:
        data = json.loads(listing.texts.get("package.json", ""))
    except ValueError:
        return ""
    if not isinstance(data, dict) or data.get("private") is True or not isinstance(data.get("name"), str):
        return ""
    return str(data["name"])
