"""Versions in files: found where the format has them, changed and nothing else; what is computed is refused."""

from __future__ import annotations

import pytest

from fastrel.errors import GuideError, UsageError
from fastrel.guide.model import VersionFile
from fastrel.version_files.formats import statement_of, with_version
from fastrel.version_files.reading import read_versions
from fastrel.version_files.statement import NotStated

ROOT_CARGO = '[workspace]\nmembers = ["crates/*"]\n\n[workspace.package]\nversion = "0.1.0" # all\n\n[workspace.dependencies]\nserde = { version = "1.0" }\n'
LOCK = '{\n  "name": "a",\n  "version": "0.1.0",\n  "lockfileVersion": 3,\n  "packages": {\n    "": {"name": "a", "version": "0.1.0"},\n    "node_modules/b": {"version": "0.1.0"}\n  }\n}\n'
UV = 'version = 1\n\n[[package]]\nname = "a"\nversion = "0.1.0"\nsource = { editable = "." }\n\n[[package]]\nname = "b"\nversion = "0.1.0"\nsource = { registry = "https://pypi.org/simple" }\n'
CARGO_LOCK = 'version = 4\n\n[[package]]\nname = "serde"\nversion = "0.1.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n\n[[package]]\nname = "thing"\nversion = "0.1.0"\n'
FORMATS = [
    # Python
    ("pkg/__init__.py", "import os\n__version__ = '0.1.0'  # the version\n", 1),
    ("pkg/__init__.py", '__version__: str = "0.1.0"', 1),
    ("pkg/__init__.py", 'from typing import Final\n__version__: Final[str] = "0.1.0"\n', 1),
    ("pkg/__init__.py", '__version__: Final = ("0.1.0")\n', 1),
    ("pkg/__init__.py", '__version__ = version = "0.1.0"\n', 1),
    ("pkg/__init__.py", '__author__, __version__ = "é ä", "0.1.0"\n', 1),
    ("pkg/__init__.py", 'VERSION = "0.1.0"\n__version__ = VERSION\n', 1),
    ("pkg/__init__.py", 'try:\n    import x\nexcept ImportError:\n    x = None\nif True:\n    __version__ = "0.1.0"\n', 1),
    ("pkg/__init__.py", 'def f():\n    __version__ = "9.9.9"\n\nTEXT = """\n__version__ = "9.9.8"\n"""\n__version__ = "0.1.0"\n', 1),
    ("pkg/__init__.py", "\r\n__version__='0.1.0'\r\nx = 1", 1),
    ("pkg/__init__.py", '\ufeff__version__ = "0.1.0" \t# 0.1 was the first\n\n\n', 1),
    ("pkg/__init__.py", 'x = "\\d"; __version__ = "0.1.0"\n', 1),
    ("pkg/version.py", 'VERSION = "0.1.0"\n', 1),
    ("pkg/_version.py", "version = '0.1.0'\n", 1),
    ("pkg/__about__.py", "__version__ = 'v0.1.0'\n", 1),
    ("setup.py", 'from setuptools import setup\nsetup(name="x", version="0.1.0", install_requires=["b==0.1.0.1"])\n', 1),
    ("setup.py", 'import setuptools\nVERSION = "0.1.0"\nsetuptools.setup(\n    version=VERSION,\n)\n', 1),
    # INI
    ("setup.cfg", "[metadata]\nname = a\nversion = 0.1.0\n[options]\nversion = 9.9.9\n", 1),
    ("setup.cfg", '[metadata]\nversion = "0.1.0" # c\n', 1),
    ("setup.cfg", "[metadata]\r\nversion=0.1.0\r\nname = a", 1),
    ("setup.cfg", "# version = 9.9.9\n[metadata]\n; version = 9.9.8\nlong = a\n\tversion = 1\nversion:  0.1.0  \n", 1),
    ("setup.cfg", "[metadata]\nVersion =\n    0.1.0\nname = a\n", 1),
    # TOML
    ("pyproject.toml", '[project]\nname = "a"\nversion = "0.1.0"\n\n[tool.x]\nversion = "3.0.0"\n', 1),
    ("pyproject.toml", '[tool.poetry]\r\nversion = "0.1.0"\r\n', 1),
    ("pyproject.toml", "[project]\nversion = '0.1.0'\ndependencies = ['a==0.1.0']", 1),
    ("pyproject.toml", '[project]\nname = "a"\nversion    =   "0.1.0"   # keep  \ndescription = """\nversion = "9.9.9"\n"""\n', 1),
    ("pyproject.toml", '[tool.poetry]\nname = "x"\n[tool.a]\nb = 1\n[tool.poetry.dependencies]\npython = "^3"\n[project]\nversion = "0.1.0"\n', 1),
    ("pyproject.toml", 'project = { name = "a", version = "0.1.0" }\n', 1),
    ("pyproject.toml", 'project.version = "0.1.0"\n', 1),
    ("pyproject.toml", '\ufeff[project]\nversion = "0.1.0"\n', 1),
    ("pyproject.toml", '[project]\nname = "a"\nversion = "0.1.0"\n\n[tool.poetry]\nversion = "0.1.0"\n', 2),
    ("pyproject.toml", '[project]\nversion = "0.1.0"\n[tool.poetry]\nversion = "0.0.0"\n', 1),
    ("pyproject.toml", '[project]\nname = "a"\ndynamic = ["version"]\n[tool.poetry]\nversion = "0.1.0"\n', 1),
    ("Cargo.toml", '[package]\nname = "a"\nversion = "0.1.0"\n[dependencies]\nb = { version = "0.1" }\n', 1),
    ("Cargo.toml", ROOT_CARGO, 1),
    ("Cargo.toml", ROOT_CARGO + '[package]\nname = "a"\nversion.workspace = true\n', 1),
    # JSON
    ("package.json", '{\n  "name": "a",\n  "version": "0.1.0",\n  "engines": {\n      "version": "2.0.0"\n  }\n}', 1),
    ("package.json", '{\r\n\t"version":"0.1.0",\r\n\t"name": "a"\r\n}', 1),
    ("package.json", '{"a": {"version": "9.9.9"}, "b": ["\\"version\\": \\"8\\""], "version" : "0.1.0"}', 1),
    ("package-lock.json", LOCK, 2),
    ("package-lock.json", '{"name": "a", "version": "0.1.0", "lockfileVersion": 1, "dependencies": {}}', 1),
    # YAML
    ("CITATION.cff", "cff-version: 1.2.0\nversion: 0.1.0\n", 1),
    ("CITATION.cff", "cff-version: 1.2.0\r\nversion: '0.1.0' # c\r\nmessage: version 0.1.1", 1),
    ("CITATION.cff", 'references:\n  - version: 9.9.9\nversion:   "0.1.0"\nabstract: |\n  version: 8.8.8\n', 1),
    ("Chart.yaml", 'apiVersion: v2\nname: a\nversion: 0.1.0 # chart\nappVersion: "0.1.0"\ndependencies:\n  - name: b\n    version: 9.9.9\n', 2),
    ("Chart.yaml", 'apiVersion: v2\nversion: 0.1.0\nappVersion: "5.6.7"\n', 1),
    # Others
    ("VERSION", "0.1.0\n", 1),
    ("VERSION", "0.1.0", 1),
    ("version.txt", "\ufeffv0.1.0\r\n\r\n", 1),
    ("gradle.properties", "# version=9\norg.gradle.jvmargs=-Xmx2g\nversion=0.1.0\n", 1),
    ("gradle.properties", "VERSION_NAME = 0.1.0\r\nversionCode=3\r\n", 1),
    ("uv.lock", UV, 1),
    ("Cargo.lock", CARGO_LOCK, 1),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "places"), FORMATS)
def test_each_format_is_read_and_only_the_version_is_changed(path: str, text: str, places: int) -> None:
    file = VersionFile(path)
    stated = statement_of(file, text)
    assert (stated.value, len(stated.places)) == ("0.1.0", places)
    assert all(text[place.start : place.end] == "0.1.0" for place in stated.places)
    changed = with_version(file, text, "0.2.0-rc.1")
    assert statement_of(file, changed).value == "0.2.0-rc.1"
    assert changed == "0.2.0-rc.1".join(stated.gaps(text))
    assert with_version(file, changed, "0.1.0") == text


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        # Python
        ("pkg/__init__.py", '__version__ = ".".join(map(str, PARTS))\n', "states an expression"),
        ("pkg/__init__.py", '__version__ = f"{MAJOR}.1.0"\n', "states an expression"),
        ("pkg/__init__.py", '__version__ = "0.1" ".0"\n', "states an expression"),
        ("pkg/__init__.py", '__version__ = "0.1.0"\n__version__ += "+local"\n', "2 values"),
        ("pkg/__init__.py", 'VERSION = (0, 1, 0, "final", 0)\n__version__ = get(VERSION)\n', "states an expression"),
        ("pkg/__init__.py", '__version__ = "1.0.0"\n__version__ = "1.0.1"\n', "2 values"),
        ("pkg/__init__.py", '__version__ = "unknown"\n', "states an expression"),
        ("pkg/__init__.py", "", "no value"),
        ("pkg/__init__.py", "__version__: str\n", "no value"),
        ("pkg/__init__.py", "def f(:\n", "not valid Python"),
        ("setup.py", "setup(version=get_version())\n", "states an expression"),
        ("setup.py", "setup()\n", "no `version`"),
        # INI
        ("setup.cfg", "[metadata]\nversion = attr: thing.__version__\n", r"states an expression, `attr: thing.__version__`"),
        ("setup.cfg", "[metadata]\nversion = %(base)s.1\n", "states an expression"),
        ("setup.cfg", "[options]\nversion = 1.0.0\n", r"no `version` in \[metadata\]"),
        ("setup.cfg", "[metadata]\nversion = 1.0.0\nversion = 1.0.1\n", "2 times"),
        ("setup.cfg", "[metadata]\nversion = 1.0\n    .0\n", "states an expression"),
        # TOML
        ("Cargo.toml", '[package]\nname = "a"\nversion = { workspace = true }\n', "states an expression, `version.workspace = true`"),
        ("Cargo.toml", "[package]\nversion.workspace = true\n", "states an expression"),
        ("Cargo.toml", '[package]\nname = "a"\n', "no `version`"),
        ("Cargo.toml", '[package]\nversion = "1.0.0"\n[workspace.package]\nversion = "1.0.1"\n', "different versions"),
        ("pyproject.toml", '[project]\ndynamic = ["version"]\n', "states an expression"),
        ("pyproject.toml", "[project]\nversion = 1.0\n", "states an expression"),
        ("pyproject.toml", '[project]\nversion = "0.\\u0031.0"\n', "states an expression"),
        ("pyproject.toml", '[project\n', "not valid TOML"),
        ("pyproject.toml", '[tool.bumpversion]\nversion = "1.0.0"\n', "no `version`"),
        # JSON
        ("package.json", '{\n    "name": "a",\n    "config": {\n    "version": "1.0.0"\n    }\n}\n', "no `version`"),
        ("package.json", '{"version": 1}', "states an expression"),
        ("package.json", '{"version": "1.0.0", "version": "1.0.1"}', "2 times"),
        ("package.json", '// c\n{"version": "1.0.0"}', "not valid JSON"),
        ("package.json", "[]", "no `version`"),
        # YAML
        ("Chart.yaml", "version: {{ version }}\n", "not valid YAML"),
        ("CITATION.cff", "version: [1.0.0]\n", "not text"),
        ("CITATION.cff", "title: a\n", "no `version`"),
        ("CITATION.cff", "a: [\n", "not valid YAML"),
        # Others
        ("VERSION", "1.0.0\n2.0.0\n", "more than a version"),
        ("VERSION", "see-git\n", "states an expression"),
        ("VERSION", "\n", "empty"),
        ("gradle.properties", "version=${base}.1\n", "states an expression"),
        ("poetry.lock", '[[package]]\nname = "b"\nversion = "0.1.0"\n', "does not state one version"),
        ("Makefile", "VERSION := 1.0.0", "not known"),
    ],
)  # fmt: skip
def test_what_states_no_version_is_refused_and_never_written(path: str, text: str, words: str) -> None:
    with pytest.raises(NotStated, match=words) as caught:
        with_version(VersionFile(path), text, "0.2.0")
    assert path in caught.value.problem
    assert "not changed" in caught.value.done
    assert caught.value.next_step


# Where the version stands instead


@pytest.mark.parametrize(
    ("path", "texts", "where"),
    [
        ("setup.cfg", {"setup.cfg": "[metadata]\nversion = attr: thing.__version__\n", "thing/__init__.py": "__version__ = '0.1.0'\n"}, "thing/__init__.py"),
        ("setup.cfg", {"setup.cfg": "[metadata]\nversion = attr: thing.__version__\n", "src/thing/__init__.py": "from .about import __version__\n", "src/thing/about.py": "__version__ = '0.1.0'\n"}, "src/thing/about.py"),
        ("setup.cfg", {"setup.cfg": "[metadata]\nversion = file: VERSION\n", "VERSION": "0.1.0\n"}, "VERSION"),
        ("crates/a/Cargo.toml", {"crates/a/Cargo.toml": "[package]\nversion = { workspace = true }\n", "Cargo.toml": ROOT_CARGO}, "Cargo.toml"),
        ("pyproject.toml", {"pyproject.toml": '[project]\ndynamic = ["version"]\n[tool.hatch.version]\npath = "src/ns/thing/__about__.py"\n', "src/ns/thing/__about__.py": "__version__ = '0.1.0'\n"}, "src/ns/thing/__about__.py"),
        ("pyproject.toml", {"pyproject.toml": '[project]\ndynamic = ["version"]\n[tool.setuptools.dynamic]\nversion = {attr = "a.b.version"}\n', "a/b.py": "version = '0.1.0'\n"}, "a/b.py"),
        ("pyproject.toml", {"pyproject.toml": '[project]\ndynamic = ["version"]\n[tool.setuptools.dynamic]\nversion = {file = ["VERSION.txt"]}\n', "VERSION.txt": "0.1.0\n"}, "VERSION.txt"),
        ("pyproject.toml", {"pyproject.toml": '[project]\nname = "my-thing"\ndynamic = ["version"]\n[build-system]\nbuild-backend = "flit_core.buildapi"\n', "my_thing/__init__.py": "__version__ = '0.1.0'\n"}, "my_thing/__init__.py"),
        ("pyproject.toml", {"pyproject.toml": '[project]\nname = "a"\ndynamic = ["version"]\n[tool.pdm.version]\nsource = "file"\npath = "src/a/v.py"\n', "src/a/v.py": "__version__ = '0.1.0'\n"}, "src/a/v.py"),
        ("pyproject.toml", {"pyproject.toml": '[project]\nname = "a"\ndynamic = ["version"]\n[build-system]\nbuild-backend = "maturin"\n', "Cargo.toml": '[package]\nversion = "0.1.0"\n'}, "Cargo.toml"),
        ("pkg/__init__.py", {"pkg/__init__.py": "from importlib.metadata import version\n__version__ = version('pkg')\n", "pyproject.toml": '[project]\nversion = "0.1.0"\n'}, "pyproject.toml"),
        ("pkg/__init__.py", {"pkg/__init__.py": "from pkg._version import __version__\n", "pkg/_version.py": "__version__ = '0.1.0'\n"}, "pkg/_version.py"),
        ("setup.py", {"setup.py": 'about = {}\nexec(open("thing/__about__.py").read(), about)\nsetup(version=about["__version__"])\n', "thing/__about__.py": "__version__ = '0.1.0'\n"}, "thing/__about__.py"),
        ("packages/a/setup.cfg", {"packages/a/setup.cfg": "[metadata]\nversion = attr: a.__version__\n", "packages/a/a/__init__.py": "__version__ = '0.1.0'\n"}, "packages/a/a/__init__.py"),
    ],
)  # fmt: skip
def test_an_expression_is_refused_with_the_file_in_which_the_version_really_stands(
    path: str, texts: dict[str, str], where: str
) -> None:
    with pytest.raises(NotStated) as caught:
        read_versions([VersionFile(path)], texts.get)
    assert caught.value.candidates == (where,)
    assert f"the version stands in {where}" in caught.value.problem
    assert where in caught.value.next_step


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", '[project]\ndynamic = ["version"]\n[build-system]\nrequires = ["setuptools>=64", "setuptools-scm>=8"]\n'),
        ("pyproject.toml", '[project]\ndynamic = ["version"]\n[tool.hatch.version]\nsource = "vcs"\n'),
        ("pyproject.toml", '[project]\ndynamic = ["version"]\n[tool.versioningit]\n'),
        ("pyproject.toml", '[project]\ndynamic = ["version"]\n[tool.pdm.version]\nsource = "scm"\n'),
        ("pyproject.toml", '[tool.poetry]\nversion = "0.0.0"\n[tool.poetry-dynamic-versioning]\nenable = true\n'),
        ("a/_version.py", "# file generated by setuptools-scm\n# don't change, don't track in version control\n__version__ = version = '0.1.0'\n"),
        ("setup.py", "import versioneer\nsetup(version=versioneer.get_version())\n"),
    ],
)  # fmt: skip
def test_a_version_that_is_made_from_tags_needs_no_file(path: str, text: str) -> None:
    with pytest.raises(NotStated, match="made from git's tags") as caught:
        read_versions([VersionFile(path)], {path: text}.get)
    assert "needs no file" in caught.value.next_step


# Tuples, keys, patterns, several places


def test_a_tuple_of_numbers_is_the_version_and_takes_no_words() -> None:
    text = 'VERSION = (0, 1, 0)  # numbers\n__version__ = ".".join(map(str, VERSION))\n'
    file = VersionFile("pkg/__init__.py")
    assert statement_of(file, text).value == "0.1.0"
    assert with_version(file, text, "0.2.0") == text.replace("0, 1, 0", "0, 2, 0")
    with pytest.raises(UsageError, match=r"cannot say 0\.2\.1-dev"):
        with_version(file, text, "0.2.1-dev")


def test_a_key_names_a_place_of_a_structured_file() -> None:
    cargo = ROOT_CARGO + 'a = { path = "crates/a", version = "0.1.0" }\n'
    file = VersionFile("Cargo.toml", key="workspace.dependencies.a.version")
    assert with_version(file, cargo, "0.2.0") == cargo.replace(
        'crates/a", version = "0.1.0"', 'crates/a", version = "0.2.0"'
    )
    chart = "image:\n  tag: 0.1.0 # c\nversion: 0.1.0\n"
    assert with_version(VersionFile("values.yaml", key="image.tag"), chart, "0.2.0").startswith(
        "image:\n  tag: 0.2.0 # c\n"
    )


def test_a_pattern_of_the_guide_is_used() -> None:
    file = VersionFile("Makefile", r"^VERSION := (\S+)$")
    assert with_version(file, "A := 1\nVERSION := 0.1.0\n", "0.2.0") == "A := 1\nVERSION := 0.2.0\n"
    with pytest.raises(NotStated, match="no line states"):
        statement_of(file, "A := 1\n")
    with pytest.raises(NotStated, match="2 lines state"):
        statement_of(file, "VERSION := 1\nVERSION := 2\n")


def test_both_places_of_a_lock_are_judged_and_written() -> None:
    file = VersionFile("package-lock.json")
    stale = LOCK.replace('"version": "0.1.0"', '"version": "0.0.9"', 1)
    assert statement_of(file, stale).value == "0.0.9 and 0.1.0"
    assert with_version(file, stale, "0.2.0").count("0.2.0") == 2


# Optional files


def test_an_optional_file_that_states_no_version_is_left_out_visibly() -> None:
    files = [
        VersionFile("pkg/__init__.py"),
        VersionFile("setup.cfg", optional=True),
        VersionFile("VERSION", optional=True),
    ]
    texts = {"pkg/__init__.py": "__version__ = '0.1.0'\n", "setup.cfg": "[metadata]\nname = a\n"}
    found = read_versions(files, texts.get)
    assert found.paths == ["pkg/__init__.py"]
    assert found.words() == (
        "pkg/__init__.py says 0.1.0; setup.cfg is left out: it has no `version` in [metadata]; "
        "VERSION is left out: it does not exist"
    )
    texts["setup.cfg"] = "[metadata]\nversion = 0.1.0\n"
    assert read_versions(files, texts.get).paths == ["pkg/__init__.py", "setup.cfg"]


def test_files_that_are_all_left_out_are_no_version() -> None:
    with pytest.raises(GuideError, match=r"No version file states the version: VERSION does not exist\."):
        read_versions([VersionFile("VERSION", optional=True)], lambda path: None)
