"""A server of programs, as in `forked`, in which every log of every library is at its most talkative."""

from __future__ import annotations

import faulthandler
import logging
import sys
import warnings

from forked import NEEDED, serve

if __name__ == "__main__":
    faulthandler.enable()
    warnings.simplefilter("default")
    logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.captureWarnings(True)
    for name in ("github", "github.Requester", "github.GithubRetry", "urllib3", "requests", "mkdocs"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    serve((*NEEDED, "fastrel_mkdocs.plugin", "mkdocs.commands.build"))
