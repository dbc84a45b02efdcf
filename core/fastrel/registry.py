"""Container images, over the registry's own protocol with its anonymous token flow.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md and
https://distribution.github.io/distribution/spec/auth/token/
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode, urljoin, urlparse

from fastrel.errors import RemoteError
from fastrel.outside import Reply, fetch

MANIFESTS = ", ".join(
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ]
)


def manifest_digest(image: str, tag: str) -> str:
    """The digest of the manifest that the registry serves for `REGISTRY/NAME` at a tag; empty when there is none.

    RemoteError when the registry does not answer or refuses anonymous readers.
    """
    registry, _, name = image.partition("/")
    local = registry.partition(":")[0] in ("127.0.0.1", "localhost")
    url = f"{'http' if local else 'https'}://{registry}/v2/{name}/manifests/{tag}"
    reply = fetch(url, {"Accept": MANIFESTS})
    if reply.status == 401:
        token = _anonymous_token(reply, url)
        reply = fetch(url, {"Accept": MANIFESTS, "Authorization": f"Bearer {token}"})
    if reply.status == 404:
        return ""
    if reply.status != 200:
        raise RemoteError(f"The registry {registry} refuses {name}:{tag} ({reply.status}).")
    digest = reply.headers.get("docker-content-digest", "")
    if not digest:
        raise RemoteError(f"The registry {registry} gave no digest for {name}:{tag}.")
    return digest


def _anonymous_token(reply: Reply, url: str) -> str:
    challenge = reply.headers.get("www-authenticate", "")
    fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    realm = urljoin(url, fields.get("realm", ""))
    same_security = urlparse(realm).scheme == urlparse(url).scheme or urlparse(realm).scheme == "https"
    if not challenge.lower().startswith("bearer") or not fields.get("realm") or not same_security:
        raise RemoteError(f"The registry asks for credentials that an anonymous reader does not have ({url}).")
    query = urlencode({key: fields[key] for key in ("service", "scope") if key in fields})
    answer = fetch(f"{realm}?{query}")
    try:
        data = json.loads(answer.text)
        token = data.get("token") or data.get("access_token")
    except (ValueError, AttributeError):
        token = None
    if answer.status != 200 or not isinstance(token, str):
        raise RemoteError(f"The registry gives no token to an anonymous reader ({realm}, {answer.status}).")
    return token
