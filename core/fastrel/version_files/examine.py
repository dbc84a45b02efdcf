"""Problems of a guide's version files in a checkout, for `lint`."""

from __future__ import annotations

from collections.abc import Sequence

from fastrel.errors import FastrelError
from fastrel.guide.model import Guide, Problem
from fastrel.version_files.locks import lock_files
from fastrel.version_files.reading import Read, read_versions


def file_problems(guide: Guide, read: Read) -> tuple[Problem, ...]:
    """Version files that state no version, each at its line in the guide."""
    found = []
    for file in guide.settings.version_files:
        try:
            if not file.optional:
                read_versions([file], read)
        except FastrelError as error:
            found.append(Problem(guide.path, file.line, error.problem.rstrip("."), error.next_step.rstrip(".")))
    return tuple(found)


def file_warnings(guide: Guide, read: Read, paths: Sequence[str] = ()) -> tuple[Problem, ...]:
    """Lock files and path dependencies that would be stale in the tag, and optional version files that are left out."""
    files = guide.settings.version_files
    if not files:
        return ()
    found = [
        Problem(guide.path, files[0].line, one.problem, one.mend)
        for one in lock_files(guide, read, paths)
        if one.problem
    ]
    try:
        left_out = read_versions(files, read).left_out
    except FastrelError:
        return tuple(found)
    found += [
        Problem(guide.path, file.line, f"{file.name} is left out: it {why}", "nothing to do, unless it should state it")
        for file, why in left_out.items()
    ]
    return tuple(found)
