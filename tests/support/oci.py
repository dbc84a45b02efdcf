"""A real OCI registry, Debian's `docker-registry`, on a free port with a temporary folder; with or without GHCR's token
flow. Source of the flow: https://distribution.github.io/distribution/spec/auth/token/"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

START_TIMEOUT = 30
"""Seconds in which the registry must answer."""
PROGRAM = shutil.which("docker-registry")
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"


@dataclass
class Tokens:
    """A token server: anonymous readers may pull what is public; with `mint`, a test may push."""

    folder: Path
    private: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    """Scopes that were asked for."""
    url: str = ""

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self._x5c = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
        self.bundle = self.folder / "token.pem"
        self.bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def mint(self, name: str, actions: list[str]) -> str:
        """A token for these actions on a repository of the registry."""
        now = int(time.time())
        claims = {
            "iss": "tests", "sub": "", "aud": "tests", "exp": now + 300, "nbf": now - 10, "iat": now, "jti": "1",
            "access": [{"type": "repository", "name": name, "actions": actions}],
        }  # fmt: skip
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"x5c": [self._x5c]})

    def anonymous(self, scope: str) -> str | None:
        self.asked.append(scope)
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        if kind != "repository" or actions != "pull" or name in self.private:
            return None
        return self.mint(name, ["pull"])


@dataclass
class Registry:
    """A running registry."""

    address: str
    tokens: Tokens | None = None

    def push(self, name: str, tag: str, platforms: tuple[tuple[str, str, str], ...] = ()) -> str:
        """Push a tiny image, or an index of one for each (os, architecture, variant); returns its digest."""
        if not platforms:
            return self._manifest(name, tag, self._image(name, tag, "amd64"), MANIFEST)
        entries = []
        for system, architecture, variant in platforms:
            content = self._image(name, tag, architecture)
            digest = self._manifest(name, "", content, MANIFEST)
            place = {"os": system, "architecture": architecture, **({"variant": variant} if variant else {})}
            entries.append({"mediaType": MANIFEST, "digest": digest, "size": len(content), "platform": place})
        index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).encode()
        return self._manifest(name, tag, index, INDEX)

    def _image(self, name: str, tag: str, architecture: str) -> bytes:
        layer = self._blob(name, f"layer of {tag} for {architecture}".encode())
        rootfs = {"type": "layers", "diff_ids": [layer["digest"]]}
        config = json.dumps({"architecture": architecture, "os": "linux", "rootfs": rootfs, "config": {}}).encode()
        stored = {**self._blob(name, config), "mediaType": CONFIG}
        layers = [{**layer, "mediaType": "application/vnd.oci.image.layer.v1.tar"}]
        return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": stored, "layers": layers}).encode()

    def _blob(self, name: str, content: bytes) -> dict[str, object]:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        begun = requests.post(f"{self._url}/v2/{name}/blobs/uploads/", headers=self._headers(name), timeout=20)
        begun.raise_for_status()
        place = begun.headers["Location"]
        joined = "&" if "?" in place else "?"
        requests.put(
            f"{place}{joined}digest={digest}", data=content, headers=self._headers(name), timeout=20
        ).raise_for_status()
        return {"digest": digest, "size": len(content)}

    def _manifest(self, name: str, tag: str, content: bytes, kind: str) -> str:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        headers = {**self._headers(name), "Content-Type": kind}
        url = f"{self._url}/v2/{name}/manifests/{tag or digest}"
        requests.put(url, data=content, headers=headers, timeout=20).raise_for_status()
        return digest

    def _headers(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens.mint(name, ['pull', 'push'])}"} if self.tokens else {}

    @property
    def _url(self) -> str:
        return f"http://{self.address}"


@contextmanager
def running_registry(folder: Path, *, with_tokens: bool) -> Iterator[Registry]:
    """A registry, stopped at the end. Skips the test where the program is not installed."""
    if PROGRAM is None:
        pytest.skip("docker-registry is not installed")
    folder.mkdir()
    address = f"127.0.0.1:{_free_port()}"
    lines = [
        "version: 0.1", "log: {level: error, accesslog: {disabled: true}}",
        f"storage: {{filesystem: {{rootdirectory: {folder / 'storage'}}}}}", f"http: {{addr: '{address}'}}",
    ]  # fmt: skip
    with _tokens(folder) as tokens:
        if with_tokens:
            lines.append("auth:\n  token:")
            lines += [f"    realm: {tokens.url}/token", "    service: tests", "    issuer: tests"]
            lines.append(f"    rootcertbundle: {tokens.bundle}")
        configuration = folder / "registry.yml"
        configuration.write_text("\n".join(lines))
        with (folder / "log").open("w") as log:
            process = subprocess.Popen([PROGRAM, "serve", str(configuration)], stdout=log, stderr=log)
        try:
            _wait_for(f"http://{address}/v2/", process, folder / "log")
            yield Registry(address, tokens if with_tokens else None)
        finally:
            process.kill()
            process.wait(timeout=10)


@contextmanager
def _tokens(folder: Path) -> Iterator[Tokens]:
    tokens = Tokens(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            scope = parse_qs(urlparse(self.path).query).get("scope", [""])[0]
            token = tokens.anonymous(scope)
            body = json.dumps({"token": token} if token else {"errors": [{"code": "DENIED"}]}).encode()
            self.send_response(200 if token else 403)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tokens.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield tokens
    finally:
        server.shutdown()
        server.server_close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            requests.get(url, timeout=5)
        except requests.RequestException:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"docker-registry did not start: {log.read_text()}") from None
            time.sleep(0.05)
        else:
            return
