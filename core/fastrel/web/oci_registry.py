"""Container images, over the registry's own protocol with its anonymous token flow.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md and
https://distribution.github.io/distribution/spec/auth/token/

Own code for these two requests: the clients of the field (oras, docker) use the stored credentials of the user and need
an engine or many dependencies, while this one must read as anybody does.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlparse

from fastrel.errors import RemoteError
from fastrel.github.transport.fields import Fields
from fastrel.web.http import Reply, fetch

MANIFESTS = ", ".join(
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ]
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a registry serves at a tag: its digest and, for an index, the platforms such as `linux/amd64`."""

    digest: str
    platforms: tuple[str, ...] = ()


def read_manifest(image: str, tag: str) -> Manifest | None:
    """The manifest that the registry serves for `REGISTRY/NAME` at a tag, its content checked against its digest; None
    when there is none.

    RemoteError when the registry does not answer, refuses anonymous readers, or serves something else than it says.
    """
    registry, _, name = image.partition("/")
    local = registry.partition(":")[0] in ("127.0.0.1", "localhost")
    url = f"{'http' if local else 'https'}://{registry}/v2/{name}/manifests/{tag}"
    reply = fetch(url, {"Accept": MANIFESTS})
    if reply.status == 401:
        token = _anonymous_token(reply, url)
        reply = fetch(url, {"Accept": MANIFESTS, "Authorization": f"Bearer {token}"})
    if reply.status == 404:
        return None
    if reply.status != 200:
        raise RemoteError(f"The registry {registry} refuses {name}:{tag} ({reply.status}).")
    digest = f"sha256:{hashlib.sha256(reply.content).hexdigest()}"
    said = reply.headers.get("docker-content-digest", digest)
    if said.startswith("sha256:") and said != digest:
        raise RemoteError(f"The registry {registry} serves {name}:{tag} with another content than its digest says.")
    return Manifest(said, _platforms(reply, f"{registry}/{name}:{tag}"))


def _platforms(reply: Reply, image: str) -> tuple[str, ...]:
    try:
        data = Fields.of(json.loads(reply.text))
    except (ValueError, RecursionError, RemoteError):
        raise RemoteError(f"What the registry serves for {image} is not a manifest.") from None
    places = [entry.sub("platform") for entry in data.items("manifests")]
    parts = [[one.text("os"), one.text("architecture"), one.text("variant")] for one in places]
    # Attestations stand in an index as well, for the platform unknown/unknown.
    return tuple("/".join(filter(None, one)) for one in parts if one[0] not in ("", "unknown"))


def _anonymous_token(reply: Reply, url: str) -> str:
    challenge = reply.headers.get("www-authenticate", "")
    fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    try:
        realm = urljoin(url, fields.get("realm", ""))
        same_security = urlparse(realm).scheme in (urlparse(url).scheme, "https")
    except ValueError:  # the realm is no address
        same_security = False
    if not challenge.lower().startswith("bearer") or not fields.get("realm") or not same_security:
        raise RemoteError(f"The registry asks for credentials that an anonymous reader does not have ({url}).")
    query = urlencode({key: fields[key] for key in ("service", "scope") if key in fields})
    answer = fetch(f"{realm}?{query}")
    try:
        data = json.loads(answer.text)
        token = data.get("token") or data.get("access_token")
    except (ValueError, RecursionError, AttributeError):
        token = None
    if answer.status != 200 or not isinstance(token, str):
        raise RemoteError(f"The registry gives no token to an anonymous reader ({realm}, {answer.status}).")
    return token
