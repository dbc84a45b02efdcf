"""Findings about a project from the files of its checkout. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from fastrel.adopt.changelogs import changelog_of
from fastrel.adopt.findings import Findings, Found
from fastrel.adopt.listing import Listing
from fastrel.adopt.mkdocs_file import CONFIGURATIONS, scalar
from fastrel.adopt.packages import Package, is_private_root, package_in, packages_of, tag_of_package, words_of
from fastrel.adopt.release_makers import ReleaseMaker
from fastrel.adopt.schemes import schemes, versions_in
from fastrel.adopt.versions import VersionFindings, tag_template, version_files
from fastrel.adopt.workflows import workflows
from fastrel.github.transport.addresses import other_server_words, repository_of
from fastrel.guide.model import VersionFile
from fastrel.version_files.cargo_paths import stale_paths

PYTHON_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
RELEASE_NOTES = (".github/release.yml", ".github/release.yaml")


def detect(listing: Listing, *, repository: str = "", path: str = "") -> Findings:
    """Everything that files and git tell; `repository` is the one that a person has named, `path` the folder of the
    package that is released, where that is not the whole repository."""
    found, remote_notes = _repository(listing, repository)
    packages, branch = packages_of(listing), _branch(listing)
    package = package_in(listing, path) if path else None
    own = _texts_of(listing, path)
    versions = _below(version_files(own), path)
    tags = listing.tags if package else _of_no_package(listing.tags, packages)
    tag, tag_notes = (tag_of_package(tags, package), ()) if package else tag_template(tags)
    released = [str(one) for tag_name in listing.tags if (one := _inner(tag_name, tag.value))]
    versions = _with_path_dependencies(versions, listing)
    scheme = schemes(_ascending(released), versions.version, python=any(one in own for one in PYTHON_FILES))
    sample = tag.value.replace("{version}", released[-1] if released else "1.0.0")
    jobs = workflows(listing.texts, found.value if found else "", sample, branch.value)
    mkdocs = next((name for name in CONFIGURATIONS if name in listing.texts), "") if not path else ""
    site = scalar(listing.texts[mkdocs], "site_url") if mkdocs else ""
    python, npm, crate = _python_name(own), _npm_name(own), _crate_name(own)
    changelog, changelog_notes = changelog_of(listing.paths, own, path)
    notes = [*remote_notes, *versions.notes, *tag_notes, *changelog_notes]
    if packages and not path:
        notes.append(words_of(packages))
    if not listing.tags and versions.version:
        notes.append(
            f"there is no tag here: the first version that is proposed is what {versions.files[0].path} prepares; "
            "if the tags are only missing in this clone, type `git fetch --tags`"
            if versions.files
            else "there is no tag yet; the first release is 0.1.0 or 1.0.0"
        )
    if jobs.maker:
        notes.append(_words_of_maker(jobs.maker))
    return Findings(
        repository=found,
        branch=branch,
        tag=tag,
        version=versions.version,
        version_files=versions.files,
        unstated=versions.unstated,
        versions=scheme.versions,
        calver=scheme.calver,
        dev_version=scheme.dev_version,
        path=path,
        workflow=f"release-checklist-{package.short}.yml" if package else "",
        docs=_docs(listing, mkdocs) if not path else "",
        mkdocs=mkdocs,
        site=Found(site, mkdocs) if re.match(r"https?://\S+$", site) else None,
        image=jobs.image if not path else None,
        package=Found(python, jobs.pypi) if python and jobs.pypi else None,
        npm=Found(npm, jobs.npm) if npm and jobs.npm else None,
        crate=Found(crate, jobs.crates) if crate and jobs.crates else None,
        release_notes=next((name for name in RELEASE_NOTES if name in listing.paths), ""),
        changelog=changelog,
        checks=jobs.checks,
        workflow_files=jobs.files,
        tag_checks=jobs.tag_checks,
        tag_workflow_names=jobs.tag_names,
        release_workflow_names=jobs.release_names,
        workflow_names=jobs.names,
        maker=jobs.maker,
        notes=tuple(notes),
    )


def with_history(findings: Findings, diff: str) -> Findings:
    """The findings with the development version that the files have had, where they state none now."""
    if findings.dev_version or not findings.version:
        return findings
    found = schemes([], findings.version, python=False, past=versions_in(diff)).dev_version
    return replace(findings, dev_version=found)


def _texts_of(listing: Listing, path: str) -> Mapping[str, str]:
    """The texts of a package as if its folder were the top; of the repository without a private package.json, whose
    version is that of no package."""
    if path:
        return {
            name.removeprefix(f"{path}/"): text for name, text in listing.texts.items() if name.startswith(f"{path}/")
        }
    left_out = {"package.json", "package-lock.json"} if is_private_root(listing.texts) else set()
    return {name: text for name, text in listing.texts.items() if name not in left_out}


def _with_path_dependencies(versions: VersionFindings, listing: Listing) -> VersionFindings:
    """The findings with Cargo's path dependencies that have the version of the release beside the path."""
    manifests = [one for one in listing.texts if one.endswith("Cargo.toml")]
    found = stale_paths(versions.files, listing.texts.get, manifests)
    more = [VersionFile(one.path, key=one.key) for one in found if one.requirement == versions.version]
    return replace(versions, files=(*versions.files, *more))


def _of_no_package(tags: tuple[str, ...], packages: Sequence[Package]) -> tuple[str, ...]:
    """The tags that are not those of a single package of a workspace."""
    own = [tag_of_package(tags, one).value.partition("{version}")[0] for one in packages]
    return tuple(one for one in tags if not any(one.startswith(prefix) for prefix in own))


def _below(versions: VersionFindings, path: str) -> VersionFindings:
    """The findings of a package, its files by their paths in the repository."""
    if not path:
        return versions
    return replace(
        versions,
        files=tuple(replace(one, path=f"{path}/{one.path}") for one in versions.files),
        unstated=tuple(f"{path}/{one}" for one in versions.unstated),
    )


def _inner(tag: str, template: str) -> str:
    before, _, after = template.partition("{version}")
    inner = tag.removeprefix(before).removesuffix(after)
    return inner if tag == f"{before}{inner}{after}" and inner[:1].isdigit() else ""


def _ascending(versions: Iterable[str]) -> list[str]:
    """By their numbers, the lowest first."""
    return sorted(versions, key=lambda one: [int(part[:9]) for part in re.findall(r"\d+", one)])


def _words_of_maker(maker: ReleaseMaker) -> str:
    if maker.tags:
        return f"{maker.file} sets the version and makes tag and release with {maker.tool}: the guide leaves them to it"
    if maker.drafter:
        return f"{maker.file} keeps a draft with {maker.tool}: the guide makes none of its own"
    return f"{maker.file} makes the release on GitHub with {maker.tool}: the guide waits for it and drafts none"


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
        where = other_server_words(name, listing.remotes[name])
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


def _python_name(texts: Mapping[str, str]) -> str:
    project = re.search(r"(?ms)^\[(?:project|tool\.poetry)\][ \t]*$(.*?)(?=^\[|\Z)", texts.get("pyproject.toml", ""))
    name = re.search(r"(?m)^name\s*=\s*[\"']([\w.-]+)[\"']", project[1]) if project else None
    if name is None:
        name = re.search(r"(?m)^name\s*=\s*([\w.-]+)\s*$", texts.get("setup.cfg", ""))
    return name[1] if name else ""


def _npm_name(texts: Mapping[str, str]) -> str:
    try:
        data = json.loads(texts.get("package.json", ""))
    except ValueError:
        return ""
    if not isinstance(data, dict) or data.get("private") is True or not isinstance(data.get("name"), str):
        return ""
    return str(data["name"])


def _crate_name(texts: Mapping[str, str]) -> str:
    try:
        package = tomllib.loads(texts.get("Cargo.toml", "")).get("package")
    except (tomllib.TOMLDecodeError, RecursionError):
        return ""
    name = package.get("name") if isinstance(package, dict) and package.get("publish") is not False else None
    return name if isinstance(name, str) and re.fullmatch(r"[\w-]+", name) else ""
