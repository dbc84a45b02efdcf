"""Names of repositories and servers: which one the address of a git remote means, and that of an API. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlparse

from fastrel.text.redact import without_secrets

_SERVER = re.compile(r"(?:https?|ssh|git|git\+ssh|ssh\+git)://[^/]|(?:[^/:@\s]*@)?[^/:@\s]{2,}:(?!//|:)")
"""A web address, an ssh address, or `[user@]host:path`; a single letter before the colon is a disk of Windows."""

_OTHER_SERVERS = re.compile(
    r"(?:[\w+]+://)?(?:[^/@\s]*@)?(?:[\w-]+\.)*"
    r"(?:gitlab\.com|bitbucket\.org|codeberg\.org|git\.sr\.ht|dev\.azure\.com|visualstudio\.com|gitea\.com)(?=[:/])",
    re.IGNORECASE,
)
"""Servers that are known and not GitHub's. Any other may be a GitHub Enterprise."""


def is_local(url: str) -> bool:
    """Whether a web address is one of this machine."""
    return urlparse(url).hostname in ("127.0.0.1", "localhost", "::1")


def is_repository(name: str) -> bool:
    """Whether a text has the form `OWNER/NAME` and could be one: `../own` is a folder."""
    return re.fullmatch(r"[\w.-]+/[\w.-]+", name) is not None and all(part.strip(".") for part in name.split("/"))


def repository_of(address: str) -> str:
    """`OWNER/NAME` of a remote's address on a server, GitHub's or that of an enterprise; empty for a path on a disk, a
    server that is known to be none of GitHub's, and whatever else names none."""
    text = address.strip()
    return ending_of(text) if _SERVER.match(text) and not _OTHER_SERVERS.match(text) else ""


def other_server_words(remote: str, address: str) -> str:
    """What is said of a remote that names no repository."""
    return f"{remote} is {without_secrets(address)}, which is on no GitHub server"


def ending_of(address: str) -> str:
    """The last two parts of an address of any kind, or a path, as `OWNER/NAME`; empty when it has no such form."""
    path = without_secrets(address.strip()).rstrip("/").removesuffix(".git").rstrip("/")
    owner, slash, name = path.rpartition("/")
    owner = owner.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    found = f"{owner}/{name}" if slash and owner and name else ""
    return found if is_repository(found) else ""


def host_of(address: str) -> str:
    """The server in a remote's address, in small letters; empty for a path on a disk."""
    text = address.strip()
    if not _SERVER.match(text):
        return ""
    try:
        host = urlparse(text).hostname if "://" in text else text.partition(":")[0].rpartition("@")[2]
    except ValueError:  # such as half an address of IPv6
        return ""
    return (host or "").lower().rstrip(".")


def is_by_ssh(address: str) -> bool:
    """Whether git asks ssh for a remote, which may know its server by another name."""
    text = address.strip()
    return bool(host_of(text)) and ("://" not in text or "ssh" in text.partition("://")[0])


def web_host(api_url: str) -> str:
    """The server of GitHub's pages and remotes, by the address of its API."""
    host = (urlparse(api_url).hostname or "").lower().rstrip(".")
    return host.removeprefix("api.") if host == "api.github.com" or host.endswith(".ghe.com") else host


def web_address(api_url: str) -> str:
    """The address of GitHub's pages, by that of its API."""
    parts = urlparse(api_url)
    return f"{parts.scheme}://{web_host(api_url)}{f':{parts.port}' if parts.port else ''}"


def may_be_at(host: str, api_url: str) -> bool:
    """Whether a remote's server may be the one whose API is asked.

    A server on this machine, and a name without a dot, such as one of ssh's configuration, may be any.
    """
    own = web_host(api_url)
    if "." not in host or _is_here(host) or _is_here(own):
        return True
    # Source: https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port
    return host in (own, f"ssh.{own}", f"www.{own}")


def api_of(host: str) -> str:
    """The address of the API of a remote's server; empty when the server is known to be none of GitHub's."""
    if _OTHER_SERVERS.match(f"{host}/"):
        return ""
    name = host.removeprefix("ssh.").removeprefix("www.")
    if name == "github.com" or name.endswith(".ghe.com"):
        return f"https://api.{name}"
    return f"https://{host}/api/v3"


def repository_in(path: str) -> str:
    """`OWNER/NAME` in a path of the API that names a repository; else empty."""
    found = re.match(r"(?:https?://[^/]+)?(?:/api/(?:v3|uploads))?/repos/([^/?]+/[^/?]+)", path)
    return found[1] if found else ""


def address_by_number(location: str, api_url: str) -> str:
    """`/repositories/NUMBER`, where a redirection goes to an address of that form of the API that is asked; else empty.

    Source: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    """
    try:
        there, api = urlparse(location), urlparse(api_url)
        same = not there.netloc or (there.scheme, there.hostname, there.port) == (api.scheme, api.hostname, api.port)
    except ValueError:
        return ""
    prefix = re.escape(api.path.rstrip("/"))
    found = re.match(rf"(?:{prefix})?(/repositories/[0-9]+)(?=/|\Z)", there.path)
    return found[1] if found and same else ""


def _is_here(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
