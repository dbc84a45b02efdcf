"""The changelog of a project, and how it gets the section of a version: by us, by towncrier or scriv, by hand. Pure."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastrel.changelog.sections import Changelog, read_changelog
from fastrel.changelog.title import UNRELEASED, clear, is_unreleased

NAMES = ("changelog", "changes", "history", "news", "release-notes", "release_notes", "releasenotes")
_PATH = re.compile(rf"(?i)(?:docs?/|\.github/)?(?P<name>{'|'.join(NAMES)})\.(?:md|markdown)")
_COMING = re.compile(
    r"(?i)\[?(?:upcoming|next|unpublished|pending|to be released|(?:in )?development|develop|main|master|head|trunk)"
    r"\b[^\d]{0,30}"
)
_WRITERS = {
    "release-please": r"release-please-config\.json|\.release-please-manifest\.json",
    "changesets": r"\.changeset/.*",
    "semantic-release": r"\.releaserc(?:\.\w+)?|release\.config\.\w+",
    "git-cliff": r"\.?cliff\.toml",
    "git-chglog": r"\.chglog/.*",
}
"""Programs that write a changelog from commits or pull requests, by files of theirs."""


@dataclass(frozen=True, slots=True)
class ChangelogFound:
    """A changelog, and how its next section is written."""

    path: str
    heading: str = ""
    """The heading of the changes to come, when it is there; empty: the section of a version is written by hand."""
    tool: str = ""
    """towncrier or scriv; empty when no program collects fragments."""
    command: str = ""
    """The command that collects them."""
    fragments: str = ""
    """The folder of the fragments."""

    @property
    def is_markdown(self) -> bool:
        return self.path.lower().endswith((".md", ".markdown"))

    @property
    def title(self) -> str:
        """What `heading=` must say; empty where it is the usual word."""
        words = clear(self.heading)
        return "" if not words or is_unreleased(self.heading, UNRELEASED) else words

    @property
    def words(self) -> str:
        """What people are told of it."""
        if self.tool:
            return f"{self.path} (fragments in {self.fragments}/, collected by {self.tool})"
        return f"{self.path} (“{self.heading}”)" if self.heading else f"{self.path} (a section for each version)"

    @property
    def committed(self) -> str:
        """What `files=` of the version commit must name besides what it takes by itself."""
        return f"{re.sub('{.*?}', '*', self.path)},{self.fragments}/**" if self.tool else ""

    @property
    def proof(self) -> str:
        """A command that succeeds when the collected section is there: a heading of the version."""
        start = "^#.*" if self.is_markdown else "^[^-* ].*"
        path = re.sub("{.*?}", "*", self.path)
        return f"grep -Eq '{start}\\b{{{{ version }}}}([^-.0-9A-Za-z]|$)' {path}"


def changelog_note(found: ChangelogFound, guide: str) -> tuple[str, ...]:
    """How a guide that knows nothing of the changelog would release it; nothing where it does."""
    if "changelog.release" in guide or (found.tool and f"{found.tool} " in guide):
        return ()
    if found.tool:
        words = f"a step with `{found.command}` before the version is committed"
        return (
            f'{found.path}: {words}, and `files="{found.committed}"` at the step that commits, bring it into the tag',
        )
    if not found.heading:
        return ()
    words = (
        f"makes “{found.heading}” the version, and `source=changelog` at the step with release.notes takes the notes"
    )
    return (f"{found.path}: a step with `uses=changelog.release` before the version is committed {words} from it",)


def changelog_of(
    paths: Sequence[str], texts: Mapping[str, str], package: str = ""
) -> tuple[ChangelogFound | None, tuple[str, ...]]:
    """The changelog of a project, and what to know about it; `package` is the folder of the texts, where it is not the
    top."""
    found = _of_towncrier(texts) or _of_scriv(texts)
    if found and package:
        return None, (f"{found.tool} collects the changelog of {package}: add a step with its command",)
    if found:
        return found, ()
    known = sorted(
        (path for path in texts if _PATH.fullmatch(path)),
        key=lambda path: (path.count("/"), NAMES.index(_name(path)), path),
    )
    writer = next((name for name, own in _WRITERS.items() if any(re.fullmatch(own, path) for path in paths)), "")
    folder = next((path.partition("/")[0] for path in paths if re.match(r"(?:changelog|changes|news)\.d/", path)), "")
    for path in known:
        changelog = read_changelog(texts[path], UNRELEASED)
        heading = _coming(changelog)
        if not heading and not changelog.released:
            continue
        if writer:
            return None, (f"{path} is written by {writer}, so no step is proposed for it",)
        if folder:
            words = f"{folder}/ holds fragments, and no program was found that collects them into {path}"
            return None, (f"{words}: add a step that does, with `files=` at the step that commits the version",)
        return ChangelogFound(f"{package}/{path}" if package else path, heading), ()
    return None, ()


def _name(path: str) -> str:
    match = _PATH.fullmatch(path)
    return match["name"].lower() if match else ""


def _coming(changelog: Changelog) -> str:
    """The heading of the changes to come; empty when there is none, or several."""
    if changelog.coming:
        return changelog.coming[0].heading.text if len(changelog.coming) == 1 else ""
    first = changelog.released[0].heading if changelog.released else None
    above = [
        one
        for one in changelog.page.headings
        if first and one.level == first.level and one.start < first.start and _COMING.fullmatch(one.text)
    ]
    return above[0].text if len(above) == 1 else ""


def _of_towncrier(texts: Mapping[str, str]) -> ChangelogFound | None:
    for path in ("towncrier.toml", "pyproject.toml"):
        settings = _table(texts.get(path, ""), "tool", "towncrier")
        if settings is None:
            continue
        package = str(settings.get("package") or "")
        around = PurePosixPath(str(settings.get("package_dir") or "."), *package.split("."))
        folder = str(settings.get("directory") or (around / "newsfragments" if package else "newsfragments"))
        file = str(settings.get("filename") or "NEWS.rst")
        return ChangelogFound(
            file.removeprefix("./"),
            tool="towncrier",
            command="towncrier build --yes --version {{ version }}",
            fragments=folder.removeprefix("./").strip("/"),
        )
    return None


def _of_scriv(texts: Mapping[str, str]) -> ChangelogFound | None:
    settings = _table(texts.get("pyproject.toml", ""), "tool", "scriv")
    for path in ("changelog.d/scriv.ini", "setup.cfg", "tox.ini"):
        settings = settings if settings is not None else _ini(texts.get(path, ""))
    if settings is None:
        return None
    form = str(settings.get("format") or "rst")
    file = str(settings.get("changelog") or "CHANGELOG.${config:format}")
    return ChangelogFound(
        file.replace("${config:format}", form),
        tool="scriv",
        command="scriv collect --version {{ version }}",
        fragments=str(settings.get("fragment_directory") or "changelog.d").strip("/"),
    )


def _table(text: str, *names: str) -> Mapping[str, object] | None:
    try:
        found: object = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _ini(text: str) -> Mapping[str, object] | None:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    name = next((one for one in ("tool.scriv", "scriv") if parser.has_section(one)), "")
    return dict(parser.items(name)) if name else None
