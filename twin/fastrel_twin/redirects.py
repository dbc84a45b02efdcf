"""Redirects from the old names of renamed and transferred repositories, and addresses by number.

GitHub answers what asks for an old name with the address by number, the query kept: 301, and 307 for what changes
something. Its links between the pages of a list are by number, too. git and browsers are sent to the new name.

Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects and
the recording `rename-repository` of the npm package @octokit/fixtures
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fastrel_twin.call import DOCUMENTATION
from fastrel_twin.store import Store

Told = Callable[[str, str, int], None]


def addressed(application: ASGIApp, store: Store, told: Told) -> ASGIApp:
    """The application, which also knows repositories by their numbers and by their former names. `told` hears of
    answers that the application does not give itself: method, path with query, status."""

    async def found(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        path, query = str(scope["path"]), scope["query_string"].decode()
        answer = _redirection(store, scope["method"], path, f"?{query}" if query else "")
        if answer:
            told(scope["method"], path + (f"?{query}" if query else ""), answer.status_code)
            await answer(scope, receive, send)
            return
        named = _by_name(store, path)
        await application({**scope, "path": named, "raw_path": quote(named).encode()}, receive, send)

    return found


def _by_name(store: Store, path: str) -> str:
    """A path that names a repository by its number, with its name instead."""
    match = re.fullmatch(r"(/api/(?:v3|uploads))/repositories/([0-9]+)(/.*)?", path)
    one = store.repository_of_id(int(match[2])) if match else None
    return f"{match[1]}/repos/{one.name}{match[3] or ''}" if match and one else path


def _redirection(store: Store, method: str, path: str, query: str) -> Response | None:
    match = re.fullmatch(r"/api/(v3|uploads)/repos/([^/]+/[^/]+)(/.*)?", path)
    if match:
        one = store.former.get(match[2].lower())
        if one is None:
            return None
        status = 301 if method in ("GET", "HEAD") else 307
        location = f"{store.url}/api/{match[1]}/repositories/{one.id}{quote(match[3] or '')}{query}"
        words = "Moved Permanently" if status == 301 else "Temporary Redirect"
        content = {"message": words, "url": location, "documentation_url": DOCUMENTATION}
        return JSONResponse(content, status, headers={"Location": location})
    match = re.fullmatch(r"/([^/]+/[^/]+?)((?:\.git)?(?:/.*)?)", path)
    one = store.former.get(match[1].lower()) if match else None
    return RedirectResponse(f"{store.url}/{one.name}{match[2]}{query}", 301) if match and one else None
