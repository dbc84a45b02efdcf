"""The twin's answers have the status, the keys and the types of those that GitHub's own client library has recorded.

The recordings come with the npm package @octokit/fixtures (`make node`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests

from fastrel_twin.server import Twin
from github_conditions import CONDITIONS
from published import PACKAGES
from twin_requests import furnish

SCENARIOS = PACKAGES / "@octokit" / "fixtures" / "scenarios" / "api.github.com"
COMPARED = (
    ("get-repository", 0, "GET {repo}", None),
    ("get-content", 0, "GET {repo}/contents/docs", None),
    ("add-labels-to-issue", 0, "POST {repo}/issues", {"title": "Issue without a label"}),
    ("add-labels-to-issue", 1, "POST {repo}/issues/29/labels", {"labels": ["Foo", "bAr", "baZ"]}),
    ("create-status", 0, "POST {repo}/statuses/{head}", {"state": "failure", "target_url": "https://example.com"}),
    ("create-status", 3, "GET {repo}/commits/{head}/status", None),
    ("errors", 0, "POST {repo}/labels", {"name": "foo", "color": "invalid"}),
    ("git-refs", 1, "POST {repo}/git/refs", {"ref": "refs/heads/test", "sha": "{head}"}),
    ("git-refs", 4, "DELETE {repo}/git/refs/heads/clash", None),
    ("labels", 0, "GET {repo}/labels", None),
    ("labels", 1, "POST {repo}/labels", {"name": "test-label", "color": "663399"}),
    ("labels", 2, "GET {repo}/labels/bug", None),
    ("paginate-issues", 0, "GET {repo}/issues?per_page=3", None),
    ("release-assets", 0, "GET {repo}/releases/tags/v0.1.0", None),
    ("release-assets", 2, "GET {repo}/releases/{release}/assets", None),
    ("release-assets", 5, "DELETE {repo}/releases/assets/{asset}", None),
    ("rename-repository", 1, "GET {old}", None),
    ("rename-repository", 2, "GET /repositories/1", None),
    ("rename-repository", 3, "POST {old}/issues", {"title": "T"}),
)
"""Scenario, number of its exchange, the request of the same kind to the twin, and its body."""


@pytest.mark.skipif(not SCENARIOS.is_dir(), reason="needs GitHub's recordings: `make node`")
@pytest.mark.parametrize(
    ("scenario", "number", "request_line", "body"), COMPARED, ids=[f"{one[0]}-{one[1]}" for one in COMPARED]
)
def test_the_twin_answers_as_it_was_recorded(
    twin: Twin, scenario: str, number: int, request_line: str, body: dict[str, object] | None
) -> None:
    recorded = json.loads((SCENARIOS / scenario / "normalized-fixture.json").read_text(encoding="utf-8"))[number]
    names = {"repo": f"/repos/{twin.store.name}", **furnish(twin)}
    if scenario == "rename-repository":
        names |= CONDITIONS["renamed"](twin) or {}
    method, _, path = request_line.format(**names).partition(" ")
    sent = None if body is None else json.dumps(body).replace("{head}", names["head"])
    headers = {"Authorization": f"Bearer {twin.tokens['admin']}"}
    answer = requests.request(
        method, twin.api_url + path, data=sent, headers=headers, timeout=20, allow_redirects=False
    )
    assert answer.status_code == recorded["status"]
    assert recorded["method"].upper() == method or answer.status_code == 307
    found = list(differences(recorded["response"], answer.json() if answer.content else "", ""))
    assert [one for one in found if one.partition(":")[0] not in OPTIONAL] == []


OPTIONAL = frozenset({
    # Newer answers have them no more, or only for who may change the setting.
    ".allow_auto_merge", ".allow_forking", ".allow_update_branch", ".delete_branch_on_merge", ".is_template",
    ".merge_commit_message", ".merge_commit_title", ".organization", ".security_and_analysis",
    ".squash_merge_commit_message", ".squash_merge_commit_title", ".temp_clone_token", ".use_squash_pr_title_as_default",
    ".web_commit_signoff_required", ".custom_properties", ".performed_via_github_app", "[0].performed_via_github_app",
    ".reactions", "[0].reactions", ".timeline_url", "[0].timeline_url", ".mentions_count", ".permissions",
    # The host for uploads alone tells it.
    ".request_id",
})  # fmt: skip


def differences(recorded: object, answered: object, place: str) -> Iterator[str]:
    """Keys of a recording that an answer lacks, and other types, in words."""
    if isinstance(recorded, dict):
        if not isinstance(answered, dict):
            yield f"{place}: {type(answered).__name__}, not an object"
            return
        for key, value in recorded.items():
            if key not in answered:
                yield f"{place}.{key}: missing"
            else:
                yield from differences(value, answered[key], f"{place}.{key}")
    elif isinstance(recorded, list):
        if not isinstance(answered, list):
            yield f"{place}: {type(answered).__name__}, not a list"
        elif recorded and answered:
            yield from differences(recorded[0], answered[0], f"{place}[0]")
    elif recorded is not None and answered is not None and type(recorded) is not type(answered):
        yield f"{place}: {type(answered).__name__}, not {type(recorded).__name__}"
