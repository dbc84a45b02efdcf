"""The package: built twice it is the same, and it holds what it needs and nothing else."""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from stage import ROOT


def test_each_package_that_is_imported_is_a_declared_dependency() -> None:
    """What only another dependency brings may go away with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [one for group in (project["dependencies"], *project["optional-dependencies"].values()) for one in group]
    declared = {canonicalize_name(Requirement(one).name) for one in wanted}
    own = {"fastrel", "fastrel_cli", "fastrel_mkdocs", "fastrel_twin"}
    packages = packages_distributions()
    missing = set()
    for file in (file for room in ("core", "plugin", "cli", "twin") for file in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for top in {name.partition(".")[0] for name in names} - own - sys.stdlib_module_names:
                if declared.isdisjoint(map(canonicalize_name, packages.get(top, []))):
                    missing.add(f"{top} in {file.relative_to(ROOT)}")
    assert not missing


def tracked(target: Path, mask: int) -> Path:
    """The files of this repository as another checkout has them, with other times and permissions."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so what belongs to it is not known")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    before = os.umask(mask)
    try:
        for name in filter(None, listed.split("\0")):
            file = target / name
            if (ROOT / name).is_file():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes((ROOT / name).read_bytes())
                file.chmod((0o777 if os.access(ROOT / name, os.X_OK) else 0o666) & ~mask)
                os.utime(file, (1_000_000_000 + mask, 1_000_000_000 + mask))
    finally:
        os.umask(before)
    return target


def built(source: Path, target: Path) -> dict[str, Path]:
    """Wheel and sdist by the ending of their names."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(target)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return {file.suffix: file for file in target.iterdir()}


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_wheel_and_sdist_are_the_same_wherever_they_are_built(tmp_path: Path) -> None:
    first = built(tracked(tmp_path / "one", 0o022), tmp_path / "first")
    second = built(tracked(tmp_path / "elsewhere" / "two", 0o077), tmp_path / "second")
    assert first.keys() == second.keys() == {".whl", ".gz"}
    assert {kind: digest(file) for kind, file in first.items()} == {kind: digest(file) for kind, file in second.items()}

    # What is built from the sdist is what is built from the checkout.
    with tarfile.open(first[".gz"]) as archive:
        if hasattr(tarfile, "data_filter"):  # since Python 3.11.4, and asked for since 3.12
            archive.extraction_filter = staticmethod(tarfile.data_filter)
        archive.extractall(tmp_path / "unpacked")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert digest(built(unpacked, tmp_path / "third")[".whl"]) == digest(first[".whl"])

    names = set(zipfile.ZipFile(first[".whl"]).namelist())
    tops = {name.partition("/")[0] for name in names}
    assert {one for one in tops if ".dist-info" not in one} == {
        "fastrel", "fastrel_cli", "fastrel_mkdocs", "fastrel_twin",
    }  # fmt: skip
    for name in (
        "fastrel/py.typed",
        "fastrel/tracker/body.md.j2",
        "fastrel_mkdocs/assets/fastrel.js",
        "fastrel_twin/graph/schema.graphql",
        "fastrel_twin/sample/release-guide.md",
        "fastrel_twin/sample/additions/dot-github/release.yml",
    ):
        assert name in names
    assert not [name for name in names if name.endswith((".pyc", ".orig")) or "node_modules" in name]
