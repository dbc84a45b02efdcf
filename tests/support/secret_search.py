"""Searching for a secret in what a test left behind: as it is, encoded, and inside of compressed files."""

from __future__ import annotations

import base64
import gzip
import subprocess
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote


@cache
def forms(secret: str) -> tuple[bytes, ...]:
    """The secret as it is, percent-encoded, and as any base64 text holds it: at each of its three alignments."""
    raw = secret.encode()
    found = [raw, quote(secret, safe="").encode(), quote(secret).encode()]
    for shift in range(3):
        # The characters at both ends also depend on what is around.
        encoded = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        found.append(encoded[(0, 2, 3)[shift] : -1])
    return tuple(dict.fromkeys(found))


def leaks(text: str | bytes, secrets: Iterable[str]) -> list[str]:
    """The secrets that a text holds in any form."""
    content = text.encode(errors="surrogateescape") if isinstance(text, str) else text
    return [secret for secret in secrets if any(form in content for form in forms(secret))]


def files_with(folders: Iterable[Path], secrets: Iterable[str]) -> list[str]:
    """The files below some folders that hold a secret in their name or content; git's objects are unpacked."""
    secrets = tuple(secrets)
    found = []
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            contents = _contents(file) if file.is_file() and not file.is_symlink() else iter(())
            if leaks(str(file.relative_to(folder)), secrets) or any(leaks(one, secrets) for one in contents):
                found.append(str(file))
            if file.is_dir() and (file / "objects").is_dir() and (file / "HEAD").is_file():
                found += [f"{file}: an object" for _ in leaks(_git_objects(file), secrets)]
    return found


def _contents(file: Path) -> Iterator[bytes]:
    content = file.read_bytes()
    yield content
    if content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    elif content.startswith((b"\x78\x01", b"\x78\x9c", b"\x78\xda")):
        yield zlib.decompressobj().decompress(content)


def _git_objects(folder: Path) -> bytes:
    command = ["git", "--git-dir", str(folder), "cat-file", "--batch", "--batch-all-objects", "--unordered"]
    return subprocess.run(command, check=True, capture_output=True).stdout
