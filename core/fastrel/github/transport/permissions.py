"""What a token lacks, by its kind: the scope, the permission, or single sign-on of the organization. Pure.

Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlparse

CHECKS = (
    "Fine-grained tokens have no permission for checks on private repositories; those of GitHub Actions are read by "
    "`actions: read`, those of other apps only with a classic token or an app's."
)
"""Source: https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens,
which names none, and https://github.com/orgs/community/discussions/129512"""


ANNOUNCEMENTS = (
    "Only maintainers start discussions in a category of the format for announcements: ask one, or name another "
    "category in the guide."
)


def what_it_lacks(headers: Mapping[str, str], said: str, api_url: str = "") -> str:
    """What to do about a token that GitHub refuses; empty when nothing of that kind is known."""
    return _single_sign_on(headers, api_url) or _permission(headers, said) or _scope(headers)


def _single_sign_on(headers: Mapping[str, str], api_url: str) -> str:
    """Source: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api"""
    required = headers.get("x-github-sso", "")
    if not required.startswith("required"):
        return ""
    url = next((part.strip()[4:] for part in required.split(";") if part.strip().startswith("url=")), "")
    words = "The organization uses SAML single sign-on, and the token is not authorised for it."
    if not _belongs_to(url, api_url):
        return f"{words} Authorise it in your settings on GitHub, where the token is listed."
    return f"{words} Authorise it: {url}"


def _belongs_to(url: str, api_url: str) -> bool:
    """Whether an address is an https page of the site whose API is asked."""
    try:
        parts, host = urlparse(url), urlparse(api_url).hostname or ""
    except ValueError:
        return False
    plain = re.fullmatch(r"[!-~]+", url) is not None and "@" not in parts.netloc
    return plain and parts.scheme == "https" and bool(host) and parts.hostname == host.removeprefix("api.")


def policy_words(said: str) -> str:
    """What to do where a policy of the owner refuses a token, whatever it may; empty for other refusals.

    Source: https://docs.github.com/en/organizations/managing-programmatic-access-to-your-organization
    """
    words = said.lower()
    if "ip allow list" in words:
        return "Work from an IP address that is on the organization's list, or ask an owner to add yours."
    if "forbids access via a personal access token" not in words:
        return ""
    if "lifetime" in words:
        return "Make a fine-grained token with a shorter lifetime: Settings, Developer settings."
    if "(classic)" in words:
        return "Make a fine-grained token for the organization (Settings, Developer settings), or `gh auth login`."
    return "Sign in with `gh auth login`, which uses an OAuth app, or use the token of a GitHub App."


def role_words(said: str) -> str:
    """Which role GitHub's refusal names; empty when it names none."""
    found = re.match(r"Must have (admin rights|push access)", said, re.IGNORECASE)
    return {"admin rights": " (admin)", "push access": " (write)"}[found[1].lower()] if found else ""


def _permission(headers: Mapping[str, str], said: str) -> str:
    """For fine-grained tokens and those of apps."""
    header = headers.get("x-accepted-github-permissions", "")
    needs = _permission_words(header)
    if "not accessible by integration" in said.lower():
        wanted = needs or "what the step does, such as `contents: write` or `issues: write`"
        return f"The app's token lacks a permission. In GitHub Actions, add to the workflow's `permissions:` {wanted}."
    if "not accessible by personal access token" in said.lower():
        if re.fullmatch(r"\s*checks=[a-z]+\s*", header):
            return CHECKS
        wanted = f" {needs}" if needs else ""
        return f"The fine-grained token lacks the permission{wanted}, or was not given this repository."
    return ""


def _permission_words(header: str) -> str:
    """`issues=write,contents=read; pull_requests=write` in words; a comma means and, a semicolon or."""
    ways = []
    for way in header.split(";"):
        pairs = re.findall(r"([a-z_]+)=([a-z]+)", way)
        if pairs:
            ways.append(" and ".join(f"`{name}: {level}`" for name, level in pairs))
    return ", or ".join(ways)


def _scope(headers: Mapping[str, str]) -> str:
    """For classic tokens, whose answers name the scopes that they have and those that would do."""
    accepted, own = _names(headers.get("x-accepted-oauth-scopes", "")), _names(headers.get("x-oauth-scopes", ""))
    if not accepted or set(accepted) & set(own):
        return ""
    needed = f"the scope {accepted[0]}" if len(accepted) == 1 else f"one of the scopes {', '.join(accepted)}"
    has = f"it has {', '.join(own) or 'none'}" if "x-oauth-scopes" in headers else ""
    return f"The token needs {needed}{f'; {has}' if has else ''}."


def _names(header: str) -> list[str]:
    return [one for one in re.split(r"[,\s]+", header) if re.fullmatch(r"[a-z_:]+", one)]
