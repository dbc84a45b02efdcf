"""Git over HTTP, served by git's own `git http-backend` (https://git-scm.com/docs/git-http-backend)."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Mapping

from fastrel_twin.access import Kind, kind_of, may
from fastrel_twin.records import User
from fastrel_twin.store import Store


def serve_git(
    store: Store, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body. Anybody may read what is public; a push needs a token (as password) of a user with
    write access, which has the permission for contents or the scope."""
    pushes = "git-receive-pack" in path or "service=git-receive-pack" in query
    user = user_of(store, headers.get("authorization", ""))
    if (pushes or store.private) and user is None:
        return 401, {"WWW-Authenticate": 'Basic realm="GitHub"'}, b"Authentication required"
    if pushes and user and not user.may("write"):
        return 403, {}, f"Permission to {store.name}.git denied to {user.login}.".encode()
    if pushes and store.archived:
        return 403, {}, b"This repository was archived so it is read-only."
    if user and not _may(store, user, pushes=pushes):
        return 403, {}, b"Write access to repository not granted."
    root = store.bare.path.parents[1]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "REQUEST_METHOD": method,
        # The folder keeps its name when the repository gets another one.
        "PATH_INFO": path.replace(f"/{store.name}.git", f"/{store.bare.path.relative_to(root)}", 1),
        "QUERY_STRING": query,
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_USER": user.login if user else "",
    }
    if "content-encoding" in headers:
        environment["HTTP_CONTENT_ENCODING"] = headers["content-encoding"]
    if "git-protocol" in headers:
        environment["GIT_PROTOCOL"] = headers["git-protocol"]
    done = subprocess.run(["git", "http-backend"], env=environment, input=body, capture_output=True, check=False)
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode().splitlines() if ": " in line)
    status = int(fields.pop("Status", "200").split()[0]) if done.returncode == 0 or head else 500
    return status, fields, content


def _may(store: Store, user: User, *, pushes: bool) -> bool:
    """Whether the token may do it, whatever the role of its owner is."""
    if not pushes and not store.private:
        return True
    if kind_of(user) is Kind.CLASSIC:
        return bool(({"repo"} if store.private else {"repo", "public_repo"}) & set(user.scopes or ()))
    return may(user, f"contents={'write' if pushes else 'read'}")


def user_of(store: Store, authorization: str) -> User | None:
    """Whose token an `Authorization` header carries, as password or as bearer."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return store.user_of_token(value) if value else None
    try:
        _, _, password = base64.b64decode(value).decode().partition(":")
    except ValueError:
        return None
    return store.user_of_token(password)
