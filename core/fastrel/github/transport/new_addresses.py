"""The new addresses of renamed repositories and branches, and of transferred issues."""

from __future__ import annotations

import threading
from collections.abc import Callable

from fastrel.errors import FastrelError, RemoteError
from fastrel.github.transport.addresses import address_by_number, repository_in
from fastrel.github.transport.failures import Unusable, gone_branch, issue_moved, moved, renamed
from fastrel.github.transport.fields import Fields
from fastrel.github.transport.redirect import Redirected


class NewAddresses:
    """Asks GitHub once for the name of each repository that has another one by now."""

    def __init__(self, get: Callable[[str], Fields], api_url: str) -> None:
        self._get = get
        self._api_url = api_url
        self._lock = threading.Lock()
        self._names: dict[str, str] = {}
        """Names of repositories by their addresses."""

    def problem(self, verb: str, path: str, found: Redirected) -> RemoteError:
        """The error for a request that GitHub wants at another address: it names the repository's new name."""
        asked = repository_in(path)
        place = address_by_number(found.location, self._api_url)
        if not asked or not place:
            return moved(verb, path, found.location, self._api_url)
        root = f"/repos/{asked}"
        if path.partition("?")[0] != root:
            try:
                self._get(root)
            except Unusable as error:
                return error
            except FastrelError:
                return moved(verb, path, found.location, self._api_url)
            if branch := gone_branch(path, found.location):
                return branch
            # The repository is where it was, so it is the issue that went elsewhere.
            return issue_moved(asked, path, self._name_at(place))
        name = self._name_at(place)
        if name.lower() != asked.lower():
            return renamed(asked, name)
        return moved(verb, path, found.location, self._api_url)

    def _name_at(self, place: str) -> str:
        """The name of a repository by its address; empty when GitHub does not say."""
        with self._lock:
            known = self._names.get(place)
        if known is None:
            try:
                known = self._get(place).text("full_name")
            except FastrelError:
                known = ""
            with self._lock:
                self._names[place] = known
        return known
