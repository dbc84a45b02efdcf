"""A GitHub Enterprise Server: the twin at an https address with a name and a certificate of its own, on this machine."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlparse

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fastrel_twin.proxy import Proxy, twin_behind_proxy
from fastrel_twin.server import Twin
from fastrel_twin.workflows.simulated_ci import Timing
from stage import GUIDE

HOST = "ghe.corp.example"
_HERE = f"""
import socket

_asked = socket.getaddrinfo


def getaddrinfo(host, *arguments, **named):
    return _asked("127.0.0.1" if host in ({HOST!r}, b{HOST!r}) else host, *arguments, **named)


socket.getaddrinfo = getaddrinfo
"""
"""What each Python does first: it finds the server by its name."""


@contextmanager
def enterprise_server(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Twin, Proxy]]:
    """The server; this process, those that it starts, and git find it by its name and trust its certificate."""
    root.mkdir(parents=True)
    certificate = root / "certificate.pem"
    _certify(certificate)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    guide_text = GUIDE.read_text(encoding="utf-8")
    with twin_behind_proxy(root / "github", guide_text=guide_text, timing=Timing(), host=HOST, tls=tls) as (
        twin,
        proxy,
    ):
        _be_found(root, monkeypatch, urlparse(proxy.url).port or 0)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
        yield twin, proxy


def _be_found(root: Path, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Without a name server: by Python, also in processes of its own, and by git."""
    (root / "sitecustomize.py").write_text(_HERE)
    monkeypatch.setenv("PYTHONPATH", f"{root}{os.pathsep}{os.environ.get('PYTHONPATH', '')}".rstrip(os.pathsep))
    monkeypatch.setattr(socket, "getaddrinfo", socket.getaddrinfo)  # put back at the end
    exec(_HERE, {})
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "http.curloptResolve")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"{HOST}:{port}:127.0.0.1")


def _certify(file: Path) -> None:
    """A key and a certificate that it has signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
