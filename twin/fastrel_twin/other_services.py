"""Services beside GitHub's: the container registry, the published docs site, the package index."""

from __future__ import annotations

import hashlib
import html
import json

from packaging.version import InvalidVersion
from packaging.version import Version as PythonVersion

from fastrel_twin.store import Store
from fastrel_twin.workflows.simulated_ci import SimulatedCi

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
ANONYMOUS = "anonymous-reader"
INDEX_TYPE = "application/vnd.pypi.simple.v1+json"


def manifest(store: Store, simulated_ci: SimulatedCi, image: str, reference: str) -> bytes | None:
    """The manifest of the image at a tag or digest, None when the registry does not serve it."""
    if image != store.name.lower():
        return None
    tags = [push.ref.removeprefix("refs/tags/") for push in store.pushes if push.ref.startswith("refs/tags/")]
    for version in dict.fromkeys(map(simulated_ci.version_of, tags)):
        content = _manifest(version)
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if reference in (*_image_tags(version, simulated_ci), digest) and simulated_ci.image_is_served(version):
            return content
    return None


def _image_tags(version: str, simulated_ci: SimulatedCi) -> list[str]:
    """The tags of the image of a version, as `docker/metadata-action` makes them of a git tag.

    Source: https://github.com/docker/metadata-action#typesemver and #typepep440
    """
    try:
        pep440 = str(PythonVersion(version))
    except InvalidVersion:
        return [version]
    return [version, pep440] if simulated_ci.semantic_images else [pep440]


def challenge(url: str, image: str) -> str:
    """The `WWW-Authenticate` header of a registry: https://distribution.github.io/distribution/spec/auth/token/"""
    return f'Bearer realm="{url}/registry-token",service="twin",scope="repository:{image}:pull"'


def site_page(simulated_ci: SimulatedCi) -> str:
    if not simulated_ci.site_workflow:
        return "<!doctype html><title>Documentation</title><h1>Documentation</h1><p>No page shows a version.</p>\n"
    versions = simulated_ci.site_versions()
    shown = html.escape(versions[0]) if versions else "none"
    name = html.escape(simulated_ci.store.name.partition("/")[2])
    return f"<!doctype html><title>{name}</title><h1>{name} documentation</h1><p>Version {shown}</p>\n"


def site_versions(simulated_ci: SimulatedCi) -> str:
    """`versions.json` as mike writes it."""
    versions = simulated_ci.site_versions()
    rows = [{"version": one, "title": one, "aliases": ["latest"] if not n else []} for n, one in enumerate(versions)]
    return json.dumps(rows)


def index_page(package: str, files: list[str]) -> dict[str, object]:
    """A package in an index: https://packaging.python.org/en/latest/specifications/simple-repository-api/"""
    rows = [
        {
            "filename": name.removesuffix(" yanked"),
            "url": f"/files/{name}",
            "hashes": {},
            "yanked": name.endswith("yanked"),
        }
        for name in files
    ]
    return {"meta": {"api-version": "1.0"}, "name": package, "files": rows}


def registry_page(npm: bool, name: str, versions: list[str]) -> str:
    """A package in npm's registry, or in the index of crates.io, a line for each version."""
    if npm:
        return json.dumps({"name": name, "versions": {one: {"name": name, "version": one} for one in versions}})
    return "".join(f"{json.dumps({'name': name, 'vers': one, 'yanked': False})}\n" for one in versions)


def _manifest(version: str) -> bytes:
    digest = hashlib.sha256(version.encode()).hexdigest()
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": f"sha256:{digest}", "size": 1}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": config, "layers": []}).encode()
