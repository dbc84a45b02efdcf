"""What a rehearsal is of: the release of this checkout, or the sample project, and that it says which."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fastrel.errors import GuideError, UsageError
from fastrel_cli.rehearsal.subject import Own, Sample, subject

Folder = Callable[..., Path]
NO_NAME = "---\nfastrel:\n  tag: 'v{version}'\n---\n- [ ] Wave\n"
NAMED = NO_NAME.replace("fastrel:\n", "fastrel:\n  repository: octo/thing\n")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Makes a checkout with a guide and a remote, and changes into it."""

    def make(guide: str = "", remote: str = "") -> Path:
        monkeypatch.chdir(tmp_path)
        git("init", "--quiet")
        if guide:
            (tmp_path / "RELEASING.md").write_text(guide)
        if remote:
            git("remote", "add", "origin", remote)
        return tmp_path

    return make


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True)


@pytest.mark.parametrize(
    ("guide", "remote", "repo"),
    [
        (NO_NAME, "https://github.com/octo/thing.git", ""),
        (NAMED, "git@github.com:octo/thing.git", ""),
        (NAMED, "/srv/git/octo/thing.git", ""),
        (NAMED, "https://github.com/me/fork", "octo/thing"),
        (NO_NAME, "", "octo/thing"),
    ],
)
def test_a_checkout_with_a_guide_is_rehearsed(checkout: Folder, guide: str, remote: str, repo: str) -> None:
    checkout(guide, remote)
    found = subject(None, repo)
    assert isinstance(found, Own)
    assert found.guide.settings.repository == "octo/thing"


@pytest.mark.parametrize("remote", ["", "../own.git", "/srv/git/octo/thing.git"])
def test_where_nothing_names_the_repository_it_is_asked_for(checkout: Folder, remote: str) -> None:
    checkout(NO_NAME, remote)
    with pytest.raises(UsageError, match="Which repository is not known") as caught:
        subject(None, "")
    assert "Give --repo OWNER/NAME" in caught.value.next_step


def test_without_a_guide_it_is_the_sample_and_says_how_to_get_one(checkout: Folder) -> None:
    checkout()
    found = subject(None, "")
    assert found == Sample(
        why="No guide in this folder: this is the sample project. `fastrel-checklist init` makes a guide of yours."
    )


@pytest.mark.parametrize("remote", ["", "../own.git", "https://github.com/me/fork", "https://gitlab.com/octo/other"])
def test_the_checkout_of_another_repository_is_not_taken_for_that_of_the_guide(checkout: Folder, remote: str) -> None:
    checkout(NAMED, remote)
    with pytest.raises(
        UsageError, match="The guide's repository is octo/thing, and no remote of this checkout is"
    ) as caught:
        subject(None, "")
    assert "`fastrel-checklist rehearse --repo octo/thing`" in caught.value.next_step
    assert "`fastrel-checklist rehearse --sample`" in caught.value.next_step


def test_outside_of_a_checkout_a_guide_comes_to_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "RELEASING.md").write_text(NAMED)
    found = subject(None, "")
    assert isinstance(found, Sample)
    assert found.guide == tmp_path / "RELEASING.md"
    assert "its guide is rehearsed on the sample project" in found.why


def test_a_guide_that_cannot_be_used_is_not_replaced_by_the_sample(checkout: Folder) -> None:
    folder = checkout(NO_NAME.replace("Wave", "Wave <!-- step wave uses=no.such -->"), "https://github.com/octo/thing")
    with pytest.raises(GuideError, match=r"unknown action “no\.such”"):
        subject(None, "")
    (folder / "OTHER.md").write_text(NAMED)
    with pytest.raises(GuideError, match="Several pages are guides"):
        subject(None, "")
