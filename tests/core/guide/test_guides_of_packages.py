"""Several guides in one repository: each is found from the folder of its package."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastrel.errors import GuideError, NoGuide
from fastrel.guide.locate import guide_for


def page(path: str = "", tag: str = "v{version}") -> str:
    own = f"  path: {path}\n" if path else ""
    return f'---\nfastrel:\n  tag: "{tag}"\n{own}---\n- [ ] Say it\n'


def project(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_a_guide_in_the_folder_of_its_package_is_found_from_there(tmp_path: Path) -> None:
    files = {f"packages/{one}/RELEASING.md": page(f"packages/{one}", f"{one}-v{{version}}") for one in "ab"}
    root = project(tmp_path, {**files, "packages/a/src/x.py": "", "packages/c/README.md": "# c"})
    for folder in ("packages/a", "packages/a/src"):
        assert guide_for(root / folder, root) == root / "packages/a/RELEASING.md"
    assert guide_for(root / "packages/b", root) == root / "packages/b/RELEASING.md"
    for folder in (".", "packages/c"):
        with pytest.raises(NoGuide) as caught:
            guide_for(root / folder, root)
        assert "packages/a/RELEASING.md, packages/b/RELEASING.md" in caught.value.next_step


def test_guides_at_one_place_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    files = {f"docs/release-{one}.md": page(f"packages/{one}", f"{one}-v{{version}}") for one in "ab"}
    root = project(tmp_path, {**files, "packages/a/x": "", "packages/b/x": ""})
    assert guide_for(root / "packages/a", root) == root / "docs/release-a.md"
    assert guide_for(root / "packages/b", root) == root / "docs/release-b.md"
    with pytest.raises(GuideError, match="Several pages are guides") as caught:
        guide_for(root, root)
    assert caught.value.next_step == "Name one with --guide PATH, or change to the folder of its package."
    project(root, {"docs/release.md": page()})
    assert guide_for(root, root) == root / "docs/release.md"
    assert guide_for(root / "docs", root) == root / "docs/release.md"


def test_guides_without_paths_must_be_named(tmp_path: Path) -> None:
    root = project(tmp_path, {"A.md": page(), "B.md": page()})
    with pytest.raises(GuideError, match=r"A\.md, B\.md") as caught:
        guide_for(root, root)
    assert caught.value.next_step == "Name one with --guide PATH."
