"""Which versions of a package npm's registry or the index of crates.io serves.

Sources: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md,
https://doc.rust-lang.org/cargo/reference/registry-index.html
"""

from __future__ import annotations

import json
from urllib.parse import quote, urljoin

from fastrel.errors import RemoteError
from fastrel.github.transport.fields import Fields
from fastrel.web.http import Reply, fetch

NPM, CRATES = "https://registry.npmjs.org/", "https://index.crates.io/"
ABBREVIATED = "application/vnd.npm.install-v1+json, application/json;q=0.8"


def npm_versions(name: str, registry: str = NPM) -> dict[str, bool]:
    """The versions of a package, none of them taken back: npm forgets those; empty where there is no such package."""
    reply = _reply(urljoin(registry, quote(name, safe="@")), {"Accept": ABBREVIATED})
    if reply is None:
        return {}
    try:
        return dict.fromkeys(Fields.of(json.loads(reply.text)).sub("versions").data, False)
    except ValueError:
        raise RemoteError(f"What {registry} serves for {name} is not JSON.") from None


def crate_versions(name: str, index: str = CRATES) -> dict[str, bool]:
    """The versions of a crate, each with whether it is yanked; empty where there is no such crate."""
    reply = _reply(urljoin(index, crate_path(name)), {})
    found: dict[str, bool] = {}
    try:
        for line in reply.text.splitlines() if reply else ():
            entry = Fields.of(json.loads(line))
            found[entry.text("vers").partition("+")[0]] = entry.flag("yanked")
    except ValueError:
        raise RemoteError(f"What {index} serves for {name} is not JSON.") from None
    return found


def crate_path(name: str) -> str:
    """Where the index has a crate."""
    name = name.lower()
    folder = {1: "1", 2: "2", 3: f"3/{name[:1]}"}.get(len(name), f"{name[:2]}/{name[2:4]}")
    return f"{folder}/{quote(name)}"


def _reply(url: str, headers: dict[str, str]) -> Reply | None:
    reply = fetch(url, headers)
    if reply.status in (404, 410, 451):
        return None
    if reply.status != 200:
        raise RemoteError(f"The registry refuses {url} ({reply.status}).")
    return reply
