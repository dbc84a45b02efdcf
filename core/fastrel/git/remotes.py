"""Finds the remote of a checkout that is a repository on the server whose API is asked."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping

from fastrel.errors import OtherServer, UsageError
from fastrel.github.transport.addresses import api_of, ending_of, host_of, is_by_ssh, may_be_at, web_host
from fastrel.text.redact import without_secrets


def remote_of(remotes: Mapping[str, str], repository: str, api_url: str) -> str:
    """The name of the remote that is this repository, on the server whose API is asked or on a disk; `remotes` are
    fetch addresses by name. UsageError when there is none, OtherServer when it is on another server."""
    wanted = repository.lower()
    named = [(name, address) for name, address in remotes.items() if ending_of(address).lower() == wanted]
    for name, address in named:
        if may_be_at(host_of(address), api_url) or may_be_at(_host_of_ssh(address), api_url):
            return name
    if named:
        raise _other_server(*named[0], repository, api_url)
    known = ", ".join(f"{name} ({without_secrets(address)})" for name, address in remotes.items()) or "none"
    raise UsageError(
        f"No remote of this checkout is {repository}; its remotes: {known}.",
        done="Nothing was changed.",
        next_step=f"Add it with `git remote add upstream …/{repository}.git`, or change to a clone of it.",
    )


def _host_of_ssh(address: str) -> str:
    """The server that ssh connects to for an address, as its configuration says; else that of the address."""
    host = host_of(address)
    if not is_by_ssh(address) or not re.fullmatch(r"[a-z0-9][\w.-]*", host):
        return host
    try:
        done = subprocess.run(
            ["ssh", "-G", host], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return host
    said = re.search(r"^hostname (\S+)$", done.stdout, re.MULTILINE)
    return said[1].lower() if said else host


def _other_server(name: str, address: str, repository: str, api_url: str) -> OtherServer:
    host, asked = host_of(address), without_secrets(api_url)
    api = api_of(host)
    by_remote = f"add the remote that is on {web_host(api_url)}: `git remote add upstream …/{repository}.git`"
    return OtherServer(
        f"The remote {name} is {repository} on {host}, but GitHub's API is asked at {asked}: two servers.",
        done="Nothing was changed.",
        next_step=f"Set `GITHUB_API_URL={api}`, or {by_remote}."
        if api
        else f"{host} is not a GitHub server; {by_remote}.",
    )
