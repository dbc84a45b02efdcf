"""Where the browser reads newer state of a guide: a snapshot of the site, the release issue, or the list of issues."""

from __future__ import annotations

from urllib.parse import quote

from fastrel_mkdocs.view import GuideView


def sources_of(view: GuideView, label: str, api_url: str) -> dict[str, str]:
    """The address at GitHub for a view, by its kind; empty when the release is finished and nothing newer can come."""
    issues = f"{api_url}/repos/{view.repository}/issues"
    if view.tracker_number:
        return {"tracker": f"{issues}/{view.tracker_number}"} if view.tracker_open else {}
    return {"list": f"{issues}?labels={quote(label, safe='')}&state=open&per_page=30"}
