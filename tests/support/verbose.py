"""Runs a module as a program with every log of every library at its most talkative: `python verbose.py MODULE ARGUMENTS`."""

from __future__ import annotations

import faulthandler
import logging
import runpy
import sys
import warnings

faulthandler.enable()
warnings.simplefilter("default")
logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
logging.captureWarnings(True)
for name in ("github", "github.Requester", "github.GithubRetry", "urllib3", "requests", "mkdocs"):
    logging.getLogger(name).setLevel(logging.DEBUG)
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
