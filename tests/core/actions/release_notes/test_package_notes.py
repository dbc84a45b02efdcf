"""The generated notes of one package."""

from __future__ import annotations

import pytest

from fastrel.actions.release_notes.package_notes import notes_of_pulls

URL = "https://github.com/octo/things/pull"
LINK = "**Full Changelog**: https://github.com/octo/things/compare/a-v0.1.0...a-v0.2.0"
NOTES = f"""<!-- Release notes generated using configuration in .github/release.yml at main -->

## What's Changed
### New
* Add a by @mia in {URL}/1
* Add b by @rae in {URL}/2
### Fixed
* Mend b by @rae in {URL}/3

## New Contributors
* @rae made their first contribution in {URL}/2

{LINK}
"""
CONFIGURED = NOTES.partition("\n")[0]


@pytest.mark.parametrize(
    ("numbers", "left"),
    [
        ([1, 2, 3], NOTES),
        ([1], f"{CONFIGURED}\n\n## What's Changed\n### New\n* Add a by @mia in {URL}/1\n\n{LINK}\n"),
        (
            [3],
            f"{CONFIGURED}\n\n## What's Changed\n### Fixed\n* Mend b by @rae in {URL}/3\n\n{LINK}\n",
        ),
        ([], f"{CONFIGURED}\n\n{LINK}\n"),
    ],
)
def test_pull_requests_of_other_packages_are_left_out(numbers: list[int], left: str) -> None:
    assert notes_of_pulls(NOTES, numbers) == left
