"""The sample's bare repository, written by `git fast-import` with fixed names and dates."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from fastrel_twin.sample.history import BEFORE_LAST_RELEASE, OPEN_PULLS, SINCE_LAST_RELEASE, PullStory

START = 1_785_000_000
"""The first commit's time, in seconds since 1970; each commit comes six hours after the one before."""
STEP = 6 * 3600
FILES = Path(__file__).parent / "files"
ADDITIONS = Path(__file__).parent / "additions"
PROTECTION = """#!/bin/sh
# Refuses what protected branches and rulesets do not take; only builtins and git, so that any PATH will do.
new_line='
'
if [ -f protected-branches ]; then
  while read -r name; do
    if [ "$name" = "$1" ]; then
      echo "error: GH006: Protected branch update failed for $1." >&2
      echo "error: Changes must be made through a pull request." >&2
      exit 1
    fi
  done < protected-branches
fi
[ -f rules ] || exit 0
reasons=""
page=""
while IFS='	' read -r pattern bypass when reason; do
  if [ -z "$page" ]; then page="$pattern"; continue; fi
  case "$1" in $pattern) ;; *) continue ;; esac
  case "$bypass" in *,"$REMOTE_USER",*) [ -n "$REMOTE_USER" ] && continue ;; esac
  case "$when" in
    new) case "$2" in *[!0]*) continue ;; esac ;;
    unsigned)
      unsigned=""
      for sha in $(git rev-list "$3" --not --branches --tags); do
        case "$(git cat-file commit "$sha")" in
          *"${new_line}gpgsig"*) ;;
          *) unsigned="$unsigned  $sha$new_line$new_line" ;;
        esac
      done
      [ -n "$unsigned" ] || continue
      reason="$reason$new_line  Found 1 violation:$new_line$new_line$unsigned"
      ;;
  esac
  reasons="$reasons- $reason$new_line$new_line"
done < rules
[ -n "$reasons" ] || exit 0
echo "error: GH013: Repository rule violations found for $1." >&2
echo "Review all repository rules at $page?ref=$1" >&2
echo "" >&2
echo "$reasons" >&2
exit 1
"""


def build_repository(path: Path, *, guide_text: str, url: str, additions: bool = False) -> dict[str, str]:
    """Create the bare repository; returns the commits of pull requests and releases by their keys, such as `#21`.

    It is made like that of Fast-LLM: the version stands in one file, the workflow CI runs for tags, the docs are
    deployed from the branch. With `additions`, setup.cfg states the version, too, and there is `.github/release.yml`.

    The guide's `image:` and `site:` point to the twin at `url`, so that nothing outside of this machine is asked.
    """
    prepare_bare(path, "main")
    stream = _Stream()
    _tell(stream, adapted_guide(guide_text, url), additions)
    marks = path / "sample-marks"
    subprocess.run(
        ["git", "fast-import", "--quiet", f"--export-marks={marks}"],
        cwd=path,
        input=b"".join(stream.parts),
        check=True,
        capture_output=True,
    )
    shas = dict(line.split() for line in marks.read_text().splitlines())
    marks.unlink()
    return {key: shas[f":{mark}"] for key, mark in stream.keys.items()}


def prepare_bare(path: Path, branch: str) -> None:
    """An empty bare repository that takes pushes over HTTP, except to branches that are protected."""
    path.mkdir(parents=True)
    _git(path, "init", "--quiet", "--bare", f"--initial-branch={branch}")
    _git(path, "config", "http.receivepack", "true")
    hook = path / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(PROTECTION)
    hook.chmod(0o755)


def adapted_guide(text: str, url: str) -> str:
    """The guide with the twin's registry and site in its front matter; nothing else is changed."""
    host = url.partition("://")[2]
    text = re.sub(r"(?m)^(\s+image:[ \t]*)\S+", rf"\g<1>{host}/servicenow/fast-llm", text, count=1)
    return re.sub(r"(?m)^(\s+site:[ \t]*)\S+", rf"\g<1>{url}/pages/ServiceNow/Fast-LLM/", text, count=1)


def _tell(stream: _Stream, guide: str, additions: bool) -> None:
    files = {**_files(FILES), **(_files(ADDITIONS) if additions else {})}

    def versions(version: str) -> dict[str, str]:
        return _versions(version, additions)

    stream.commit("mia", "Initial commit", {**files, **versions("0.1.0-dev"), "docs/release-guide.md": guide})
    for pull in BEFORE_LAST_RELEASE:
        _merge(stream, pull)
    release = stream.commit("mia", "Bump version to 0.1.0", versions("0.1.0"), key="v0.1.0")
    stream.tag("v0.1.0", release, "mia", "Release version 0.1.0")
    stream.commit("mia", "Start development on version 0.1.1", versions("0.1.1-dev"))
    for pull in SINCE_LAST_RELEASE:
        _merge(stream, pull)
    stream.commit("carl", "Correct a typing error in the docs", {"docs/faq.md": "# Questions\n\nNone yet.\n"})
    for one in OPEN_PULLS:
        stream.commit(one.author, one.title, {one.file: f"# {one.title}\n"}, branch=one.branch)


def _merge(stream: _Stream, pull: PullStory) -> None:
    content = {pull.file: f"# {pull.title}\n"}
    if pull.how == "squash":
        stream.commit(pull.author, f"{pull.title} (#{pull.number})", content, key=f"#{pull.number}")
        return
    base = stream.head
    first = stream.commit(pull.author, f"{pull.title}: begin", content, parents=[base], key=f"#{pull.number}a")
    second = stream.commit(
        pull.author,
        f"{pull.title}: finish",
        {pull.file: f"# {pull.title}\n\ndone = True\n"},
        parents=[first],
        key=f"#{pull.number}b",
    )
    # A merge in the stream begins with the files of its first parent, so what the branch did is told again.
    stream.commit(
        "mia",
        f"Merge pull request #{pull.number} from {pull.author}/work\n\n{pull.title}",
        {pull.file: f"# {pull.title}\n\ndone = True\n"},
        parents=[base, second],
        key=f"#{pull.number}",
    )


def _files(folder: Path) -> dict[str, str]:
    """Texts by path. Names that package builders would leave out have none of the leading dots in the folder."""
    found = {one.relative_to(folder).as_posix(): one.read_text() for one in sorted(folder.rglob("*")) if one.is_file()}
    return {re.sub(r"(^|/)dot-", r"\1.", name): text for name, text in found.items()}


def _versions(version: str, in_setup: bool) -> dict[str, str]:
    stated = f"version = {version}\n" if in_setup else ""
    return {
        "fast_llm/__init__.py": f'"""Fast training of language models."""\n\n__version__ = "{version}"\n',
        "setup.cfg": f"[metadata]\nname = fast_llm\n{stated}\n[options]\npackages = find_namespace:\n",
    }


class _Stream:
    """A stream for `git fast-import`: https://git-scm.com/docs/git-fast-import"""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.keys: dict[str, int] = {}
        self.head = 0
        self._mark = 0

    def commit(
        self,
        author: str,
        message: str,
        files: dict[str, str],
        *,
        parents: list[int] | None = None,
        key: str = "",
        branch: str = "main",
    ) -> int:
        """A commit on the newest of the main branch, or on other parents."""
        self._mark += 1
        when = START + STEP * self._mark
        login = author.removesuffix("[bot]")
        who = f"{login.title()} <{login}@example.org> {when} +0000"
        self._add(f"commit refs/heads/{branch}\nmark :{self._mark}\nauthor {who}\ncommitter {who}\n")
        self._data(message)
        before = parents if parents is not None else ([self.head] if self.head else [])
        for number, parent in enumerate(before):
            self._add(f"{'merge' if number else 'from'} :{parent}\n")
        for name, text in files.items():
            self._add(f"M 100644 inline {name}\n")
            self._data(text)
        if branch == "main":
            self.head = self._mark
        if key:
            self.keys[key] = self._mark
        return self._mark

    def tag(self, name: str, mark: int, tagger: str, message: str) -> None:
        self._add(
            f"tag {name}\nfrom :{mark}\ntagger {tagger.title()} <{tagger}@example.org> {START + STEP * mark} +0000\n"
        )
        self._data(message)

    def _data(self, text: str) -> None:
        content = text.encode()
        self.parts.append(b"data %d\n%s\n" % (len(content), content))

    def _add(self, text: str) -> None:
        self.parts.append(text.encode())


def _git(path: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=path, check=True, capture_output=True)
