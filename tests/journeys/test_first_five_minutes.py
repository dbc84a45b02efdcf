"""README's lines typed in fresh projects of several kinds: they end in a rehearsed release of that project, with its page.

Commands and questions are counted. There is no token and no network, as on the first day.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stage import ROOT, Cli, converse

QUESTION = "[y/"
INSTALL = 1
"""The command that installs; tests/test_package.py and continuous integration try it."""
CI = "name: CI\non: [push, pull_request]\njobs: {test: {runs-on: ubuntu-latest, steps: [{run: make test}]}}\n"
AT_TAG = 'name: Publish\non: {push: {tags: ["v*"]}}\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n'
PROSE = """# Releasing

Only maintainers make releases.

1. Make sure that CI is green on `main`.
2. Update the version in `pyproject.toml` and commit it: `git commit -am "Bump version to 1.4.0"`.
3. Create the tag with `git tag -a v1.4.0 -m "v1.4.0"` and push it with `git push origin v1.4.0`.
4. Wait until the package is on PyPI.
5. Publish the release on GitHub.
6. Tell everybody on the mailing list.
"""


@dataclass(frozen=True)
class Kind:
    """A project as people have it."""

    files: dict[str, str]
    tags: tuple[str, ...]
    guide: str
    expected: tuple[str, ...]
    """What the rehearsal says that the release would do."""
    steps: tuple[str, ...] = field(default=())


KINDS = {
    "python": Kind(
        {
            "pyproject.toml": '[project]\nname = "thing"\nversion = "0.3.0"\n',
            "src/thing/__init__.py": "",
            ".github/workflows/ci.yml": CI,
            ".github/workflows/publish.yml": f"{AT_TAG}      - uses: pypa/gh-action-pypi-publish@release/v1\n",
            "docs/index.md": "# Thing\n",
            "mkdocs.yml": "site_name: Thing\n",
        },
        ("v0.2.0", "v0.3.0"),
        "docs/release-guide.md",
        ('+version = "0.4.0"', "Tag v0.4.0 on "),
    ),
    "prose": Kind(
        {
            "pyproject.toml": '[project]\nname = "thing"\nversion = "1.4.0"\n',
            "RELEASING.md": PROSE,
            ".github/workflows/ci.yml": CI,
        },
        ("v1.3.0", "v1.4.0"),
        "RELEASING.md",
        ('+version = "1.5.0"', "Tag v1.5.0 on "),
        ("Tell everybody on the mailing list.",),
    ),
    "javascript": Kind(
        {
            "package.json": '{\n  "name": "thing",\n  "version": "2.1.0"\n}\n',
            "package-lock.json": '{\n  "name": "thing",\n  "version": "2.1.0",\n  "lockfileVersion": 3,\n'
            '  "packages": {"": {"name": "thing", "version": "2.1.0"}}\n}\n',
            ".github/workflows/ci.yml": CI,
        },
        ("v2.0.0", "v2.1.0"),
        "RELEASING.md",
        ('+  "version": "2.2.0"', "Tag v2.2.0 on "),
    ),
    "rust": Kind(
        {
            "Cargo.toml": '[package]\nname = "thing"\nversion = "0.7.0"\nedition = "2021"\n',
            "Cargo.lock": 'version = 4\n\n[[package]]\nname = "thing"\nversion = "0.7.0"\n',
            "src/main.rs": "fn main() {}\n",
            ".github/workflows/ci.yml": CI,
        },
        ("v0.6.0", "v0.7.0"),
        "RELEASING.md",
        ('+version = "0.8.0"', "Tag v0.8.0 on "),
    ),
}


def typed_lines() -> list[str]:
    """The commands that README has for one's own project, behind those that install."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## Use it in your project")[2].partition("\n## ")[0]
    block = re.search(r"```bash\n(.*?)```", section, re.DOTALL)
    assert block
    return [line.partition("#")[0].strip() for line in block[1].splitlines() if line.strip()]


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Kind], Path]:
    """Makes a project of a kind, and changes into it."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ann@example.org")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # the network ends here
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    def make(kind: Kind) -> Path:
        path = tmp_path / "thing"
        for name, text in kind.files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text(text)
        monkeypatch.chdir(path)
        git("init", "--quiet", "--initial-branch=main")
        git("remote", "add", "origin", "https://github.com/octo/thing.git")
        git("add", "--all")
        git("commit", "--quiet", "--message", "Files")
        for tag in kind.tags:
            git("tag", tag)
            git("commit", "--quiet", "--allow-empty", "--message", f"Work after {tag}")
        return path

    return make


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("name", KINDS)
def test_readme_leads_to_a_rehearsed_release_of_ones_own(name: str, cli: Cli, fresh: Callable[[Kind], Path]) -> None:
    kind, lines = KINDS[name], typed_lines()
    assert len(lines) + INSTALL <= 4
    path = fresh(kind)
    assert "fastrel-checklist init" in cli().out  # without arguments it says what to type
    assert [line.split()[:2] for line in lines] == [
        ["fastrel-checklist", one] for one in ("init", "doctor", "rehearse")
    ]

    code, said = converse(["init"], [], otherwise=(QUESTION, "y"))
    assert code == 0, said
    assert said.count(QUESTION) <= 3
    assert (path / kind.guide).is_file()

    examined = cli("doctor")  # what is missing on the first day is a token
    assert "Traceback" not in examined.err
    assert "token" in examined.out

    done = cli("rehearse")
    assert done.code == 0, done.err
    for words in kind.expected:
        assert words in done.out
    counted = re.search(r"(\d+) of (\d+) steps are done or skipped", done.err)
    assert counted
    assert counted[1] == counted[2]
    shown = re.search(r"The guide's page with the final state: (\S+)", done.err)
    assert shown
    page = Path(shown[1]).read_text(encoding="utf-8")
    assert "Finished: every step is done or skipped" in page
    assert "https://github.com/octo/thing/" in page
    assert "127.0.0.1" not in page
    for words in kind.steps:
        assert words in page
