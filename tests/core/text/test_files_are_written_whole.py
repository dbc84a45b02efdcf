"""Every file of the product is written by one function."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from fastrel.text.atomic_write import write_whole


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    write_whole(link, "new", 0o644)
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_link_that_leads_to_nothing_makes_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("target")
    write_whole(link, "new", 0o644)
    assert link.is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_whole(pipe, "words", 0o644)
    reader.join(10)
    assert read == ["words"]
    assert pipe.is_fifo()


def test_a_device_is_written_to_and_stays_one() -> None:
    write_whole(Path("/dev/null"), "words", 0o644)
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("place", ["missing/file", "."])
def test_a_folder_that_is_missing_is_not_made(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError):  # any of them; its words are the system's
        write_whole(folder / place, "words", 0o644)
    assert list(folder.iterdir()) == []


def test_what_is_not_ours_is_left_when_the_write_fails(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "file"
    file.parent.mkdir()
    file.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "\udc80", 0o644)
    assert file.read_text() == "old"
    assert list(file.parent.iterdir()) == [file]
