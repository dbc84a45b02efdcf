"""A web server for a test: pages by path."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """Pages by path; a path that is not here is answered with 404. Change them while it runs."""

    url: str
    pages: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html"


@contextmanager
def running_site(path: str = "") -> Iterator[Site]:
    """A server on a free port, stopped at the end; `path` is part of its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = served.pages.get(self.path)
            content = (body or "").encode()
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", served.kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Site(f"http://127.0.0.1:{server.server_address[1]}{path}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
