"""How long the open page takes to show what a command has done: `python -m bench.page`. Takes some minutes.

Each of ten commands ticks a step, or takes a tick back. `back`: somebody comes back to the page after the command.
`watched`: the page stays in sight and nobody touches it while commands follow one another.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from bench.measure import PYTHON, ROOT
from fastrel_twin.clone import clone_sample
from fastrel_twin.server import running_twin

COMMANDS = 10
PAUSE = 12_000
"""Milliseconds between two commands."""
STEP = "#step-docs-current"


def main() -> None:
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from browser import ARGUMENTS, CHROMIUM, served

    guide = (ROOT / "docs" / "release-guide.md").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, running_twin(Path(folder) / "github", guide_text=guide) as twin:
        os.environ.update(GITHUB_API_URL=twin.api_url, GH_TOKEN=twin.tokens["maintain"], NO_MKDOCS_2_WARNING="1")
        project = clone_sample(twin, Path(folder) / "work" / "Fast-LLM")
        _cli(project, "open", "0.2.0")
        subprocess.run([PYTHON, "-m", "mkdocs", "build", "--quiet"], cwd=project, check=True)
        with served(project / "site") as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page()
            page.goto(f"{address}/release-guide/")
            page.wait_for_selector(".fastrel-header .fastrel-read:not([hidden])")
            for name, comes_back in (("back", True), ("watched", False)):
                times = [_one(page, project, number, comes_back=comes_back) for number in range(COMMANDS)]
                print(f"{name}: median {median(times):.1f} s of {', '.join(f'{one:.1f}' for one in times)}", flush=True)
            browser.close()


def _one(page: Page, project: Path, number: int, *, comes_back: bool) -> float:
    """Seconds from the end of a command until the page shows what it has done."""
    page.wait_for_timeout(PAUSE)
    done = number % 2 == 0
    _cli(project, "tick" if done else "untick", "docs-current", "--version", "0.2.0")
    began = time.perf_counter()
    if comes_back:
        page.evaluate("dispatchEvent(new Event('focus'))")
    shown = f"document.querySelector('{STEP}').classList.contains('fastrel-done') === {str(done).lower()}"
    page.wait_for_function(shown, polling=20, timeout=400_000)
    return time.perf_counter() - began


def _cli(project: Path, *arguments: str) -> None:
    subprocess.run([PYTHON, "-m", "fastrel_cli", *arguments], cwd=project, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
