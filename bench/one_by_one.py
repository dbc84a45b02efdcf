"""Reads what a report reads with plain PyGithub, one request after the other.

Its arguments are the paths; `graphql` stands for a query.
"""

from __future__ import annotations

import os
import sys

from github import Auth, Github, GithubException


def main() -> None:
    github = Github(auth=Auth.Token(os.environ["GH_TOKEN"]), base_url=os.environ["GITHUB_API_URL"])
    for path in sys.argv[1:]:
        try:
            if path == "graphql":
                github.requester.graphql_query("query Viewer { viewer { login } }", {})
            else:
                github.requester.requestJsonAndCheck("GET", path)
        except GithubException as error:
            if error.status != 404:  # what is not there was asked for all the same
                raise


if __name__ == "__main__":
    main()
