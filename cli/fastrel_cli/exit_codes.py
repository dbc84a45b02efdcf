"""Exit codes of the command."""

from __future__ import annotations

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""
EXIT_CODES = {
    0: "fine",
    1: "failed: a step, a request, a guide with mistakes",
    2: "wrong use, or something must hold first; nothing was changed",
    3: "stopped in good order, work remains: a decision, or a wait",
    INTERRUPTED: "stopped by Ctrl-C; what is done stays done",
}
