"""What workflow files tell about a project: which run for pushes and tags, which image and packages they publish. Pure.

Images are guesses: their names are often put together from expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastrel.adopt.findings import Found
from fastrel.adopt.release_makers import ReleaseMaker, release_maker, without_comments
from fastrel.github.workflow_file import read_workflow
from fastrel.guide.model import Settings

PYPI = re.compile(
    r"pypa/gh-action-pypi-publish|\btwine upload\b|\b(?:uv|poetry|flit|hatch|pdm) publish\b|maturin (?:publish|upload)"
)
NPM = re.compile(r"\b(?:npm|pnpm|yarn(?: npm)?) publish\b|JS-DevTools/npm-publish")
CRATES = re.compile(r"\bcargo publish\b|\bkatyo/publish-crates\b|\bcargo release\b|\brelease-plz\b")
OWN = Settings().workflow_path
"""The workflow that adopting adds; it tells nothing about the project."""
_PUSHED = re.compile(r"docker (?:buildx )?(?:push|build\b[^\n]*--push)\b[^\n]*")
_IMAGE = re.compile(r"(?:[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?/)?[a-z0-9._-]+/[a-z0-9._/-]+")
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}|\$\{?([A-Z_]+)\}?")


@dataclass(frozen=True, slots=True)
class Workflows:
    """What all workflow files together show."""

    checks: tuple[str, ...] = ()
    tag_checks: tuple[str, ...] = ()
    tag_names: tuple[str, ...] = ()
    """What `required=` calls those that run for tags."""
    names: tuple[str, ...] = ()
    """What `workflow_run` calls those that run for pushes."""
    image: Found | None = None
    pypi: str = ""
    """The file that publishes to the Python package index."""
    npm: str = ""
    crates: str = ""
    release_names: tuple[str, ...] = ()
    """What `required=` calls those that run when a release is published."""
    files: tuple[str, ...] = ()
    """All workflow files of the project's own."""
    maker: ReleaseMaker | None = None
    """What makes the GitHub releases."""


def workflows(texts: Mapping[str, str], repository: str, tag: str = "v1.0.0", branch: str = "main") -> Workflows:
    """Read the workflow files of a project, of whose tags one is given; those that are no YAML are passed over."""
    files = {path: text for path, text in sorted(texts.items()) if path.startswith(".github/workflows/")}
    files.pop(OWN, None)
    read = {path: found for path, text in files.items() if (found := read_workflow(path, text))}
    bare = {path: without_comments(files[path]) for path in read}
    on_tag = {path: one for path, one in read.items() if one.runs_for_tag(tag)}
    makers = [
        maker
        for path, one in read.items()
        if (maker := release_maker(path, one.name, bare[path], runs_for_tags=path in on_tag))
    ]
    images = [image for path, one in read.items() if (image := _image(path, one.data, repository))]
    return Workflows(
        tuple(path for path, one in read.items() if one.runs_for_branch(branch)),
        tuple(on_tag),
        tuple(one.name for one in on_tag.values()),
        tuple(one.name for one in read.values() if "push" in one.triggers),
        images[0] if images else None,
        pypi=_first(bare, PYPI),
        npm=_first(bare, NPM),
        crates=_first(bare, CRATES),
        release_names=tuple(one.name for path, one in read.items() if "release" in one.triggers and path not in on_tag),
        files=tuple(read),
        maker=next((one for one in makers if not one.drafter), makers[0] if makers else None),
    )


def _first(texts: Mapping[str, str], pattern: re.Pattern[str]) -> str:
    return next((path for path, text in texts.items() if pattern.search(text)), "")


def _image(path: str, data: Mapping[str, object], repository: str) -> Found | None:
    values = _values(data, repository)
    for step, more in _steps(data):
        own = {**values, **more}
        for text in _image_texts(step):
            name = _resolved(text, own).strip().strip("\"'").lower()
            name = re.sub(r":[^/]*$", "", name)
            if _IMAGE.fullmatch(name):
                return Found(_with_registry(name), path, guess=True)
    return None


def _image_texts(step: Mapping[str, object]) -> Iterator[str]:
    """Texts that may name an image which the step pushes."""
    uses, given = str(step.get("uses", "")), step.get("with")
    given = given if isinstance(given, dict) else {}
    if uses.startswith("docker/metadata-action"):
        yield from re.split(r"[\n,]", str(given.get("images", "")))
    if uses.startswith("docker/build-push-action") and str(given.get("push", "false")) != "false":
        yield from re.split(r"[\n,]", str(given.get("tags", "")))
    for command in _PUSHED.findall(str(step.get("run", ""))):
        yield from (word for word in re.sub(r"\$\{\{\s*(\S+?)\s*\}\}", r"${{\1}}", command).split()[2:] if "/" in word)


def _steps(data: Mapping[str, object]) -> Iterator[tuple[Mapping[str, object], dict[str, str]]]:
    jobs = data.get("jobs")
    for job in jobs.values() if isinstance(jobs, dict) else ():
        steps = job.get("steps") if isinstance(job, dict) else None
        for step in steps if isinstance(steps, list) else ():
            if isinstance(step, dict):
                yield step, {**_environment(job), **_environment(step)}


def _values(data: Mapping[str, object], repository: str) -> dict[str, str]:
    owner, _, name = repository.partition("/")
    known = {"github.repository": repository, "github.repository_owner": owner, "github.event.repository.name": name}
    return {**known, **_environment(data)} if repository else _environment(data)


def _environment(data: Mapping[str, object]) -> dict[str, str]:
    env = data.get("env")
    pairs = env.items() if isinstance(env, dict) else ()
    return {key: value for name, text in pairs if isinstance(value := text, str) for key in (f"env.{name}", str(name))}


def _resolved(text: str, values: Mapping[str, str]) -> str:
    """The text with the expressions that are known filled in; others stay, so that it is no name of an image."""
    for _ in range(3):  # values hold expressions themselves
        text = _EXPRESSION.sub(lambda match: values.get(match[1] or match[2], match[0]), text)
    return text


def _with_registry(name: str) -> str:
    first = name.partition("/")[0]
    return name if "." in first or ":" in first else f"registry-1.docker.io/{name}"
