"""Debian's Firefox for a test of pages, driven by its own protocol: Playwright drives only builds of its own.

Protocol: https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FIREFOX = shutil.which("firefox-esr", path="/usr/bin:/usr/local/bin") or shutil.which(
    "firefox", path="/usr/bin:/usr/local/bin"
)
PATIENCE = 60
"""Seconds to wait for the browser to start, and for each answer."""
PREFERENCES = {
    "marionette.port": 0,  # any free one, which it writes into its profile
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.normandy.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "http://127.0.0.1:9/",
}


class Firefox:
    """A page of a browser."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._receive()  # it says hello
        self._command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": False}}})

    def open(self, url: str) -> None:
        """Go to an address and wait until the page is loaded."""
        self._command("WebDriver:Navigate", {"url": url})

    def run(self, script: str) -> object:
        """The value that a script in the page returns."""
        answer = self._command("WebDriver:ExecuteScript", {"script": script, "args": []})
        return answer.get("value") if isinstance(answer, dict) else None

    def wait_for(self, condition: str) -> None:
        """Wait until an expression in the page is true."""
        script = f"""
          const [resolve] = arguments, began = Date.now();
          (function look() {{
            if ({condition}) resolve(true);
            else if (Date.now() - began > {PATIENCE // 2 * 1000}) resolve(false);
            else setTimeout(look, 20);
          }})();
        """
        answer = self._command("WebDriver:ExecuteAsyncScript", {"script": script, "args": []})
        assert isinstance(answer, dict)
        assert answer.get("value") is True, f"this does not become true: {condition}"

    def quit(self) -> None:
        self._command("Marionette:Quit", {"flags": ["eForceQuit"]})
        self._socket.close()

    def _command(self, name: str, parameters: dict[str, object]) -> object:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(f"{len(message)}:".encode() + message)
        received = self._receive()
        assert isinstance(received, list)
        _, _, error, answer = received
        assert error is None, error
        return answer

    def _receive(self) -> object:
        length = b""
        while (digit := self._stream.read(1)) != b":":
            assert digit, "Firefox has closed the connection"
            length += digit
        return json.loads(self._stream.read(int(length)))


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """A headless browser with an empty profile. Skips the test where it is not installed."""
    if FIREFOX is None:
        pytest.skip("firefox-esr is not installed")
    profile.mkdir()
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items())
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    arguments = [FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        running = Firefox(_port(process, profile / "MarionetteActivePort"))
        yield running
        running.quit()
    finally:
        process.kill()
        process.wait()


def _port(process: subprocess.Popen[bytes], file: Path) -> int:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.skip(f"firefox-esr does not start here (exit code {process.returncode})")
        text = file.read_text().strip() if file.is_file() else ""
        if text:
            return int(text)
        time.sleep(0.05)
    raise AssertionError("Firefox does not start")
