"""Exit codes of the command."""

from __future__ import annotations

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""
EXIT_CODES = {
    0: "fine",
    1: "failed: a step, a request, a guide with mistakes",
    2: "usage error, or a precondition is not met; nothing was changed",
    3: "stopped before the end: a step waits, or needs a decision",
    INTERRUPTED: "stopped by Ctrl-C; what is done stays done",
}
