"""Where the guide of a release issue is looked for. Pure."""

from __future__ import annotations

import pytest

from fastrel.engine.guide_changes import names_to_try

HERE = "docs/release-guide.md"


@pytest.mark.parametrize("named", ["docs/releasing.md", "guide.md", "a..b/guide.md"])
def test_a_guide_that_was_renamed_is_looked_for_under_both_names(named: str) -> None:
    assert names_to_try(HERE, named) == [HERE, named]


@pytest.mark.parametrize("named", ["", HERE, ".", "..", "../guide.md", "docs/../../guide.md", "/etc/passwd", "docs/.."])
def test_a_name_that_leads_out_of_the_repository_is_not_looked_for(named: str) -> None:
    assert names_to_try(HERE, named) == [HERE]
