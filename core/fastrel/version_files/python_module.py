"""Which files a Python module may be."""

from __future__ import annotations

from pathlib import PurePosixPath

ROOTS = ("", "src", "lib")
"""Folders in which packages lie."""


def module_files(folder: str, module: str) -> tuple[str, ...]:
    """Where a module such as `thing.version` may be, below the folder of a project; the likeliest first."""
    parts = [part for part in module.split(".") if part]
    if not parts:
        return ()
    path = PurePosixPath(*parts).as_posix()
    # A name without dots is a package rather than a file, one with dots a file in a package.
    forms = (f"{path}/__init__.py", f"{path}.py") if len(parts) == 1 else (f"{path}.py", f"{path}/__init__.py")
    return tuple((PurePosixPath(folder) / root / form).as_posix() for root in ROOTS for form in forms)
