"""The JSON shapes of times and people. Source of all shapes: https://docs.github.com/en/rest"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from fastrel_twin.call import Call, Json
from fastrel_twin.records import User


def time(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def user(call: Call, login: str) -> Json:
    known = call.store.users.get(login) or User(login, 1, "read")
    own = f"{call.api}/users/{quote(login)}"
    page = f"apps/{login.removesuffix('[bot]')}" if known.bot else login
    return {
        "login": login,
        "id": known.id,
        "node_id": f"U_{known.id}",
        "avatar_url": f"{call.store.url}/avatars/{known.id}",
        "gravatar_id": "",
        "url": own,
        "html_url": f"{call.store.url}/{page}",
        "followers_url": f"{own}/followers",
        "following_url": f"{own}/following{{/other_user}}",
        "gists_url": f"{own}/gists{{/gist_id}}",
        "starred_url": f"{own}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{own}/subscriptions",
        "organizations_url": f"{own}/orgs",
        "repos_url": f"{own}/repos",
        "events_url": f"{own}/events{{/privacy}}",
        "received_events_url": f"{own}/received_events",
        "type": "Bot" if known.bot else "User",
        "user_view_type": "public",
        "site_admin": False,
    }
