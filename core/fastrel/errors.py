"""The errors that users see: what is wrong, what has already happened, what to type next.

Only the command line's entry point and the plugin's hooks catch it; they choose the words and the exit code.
"""

from __future__ import annotations


class FastrelError(Exception):
    """The base of all errors that a user sees, each as one message.

    `problem` says what is wrong, `done` what was and was not done, `next_step` what to type or change next.
    `exit_code` is the command line's: 1 failed, 2 usage error, 3 stopped before the end.
    """

    exit_code = 1

    def __init__(self, problem: str, *, done: str = "", next_step: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.done = done
        self.next_step = next_step


class UsageError(FastrelError):
    """Wrong input: a version, a step, an option, a configuration."""

    exit_code = 2


class OtherServer(UsageError):
    """The checkout's remote is on another server than the API that is asked."""


class TrackerClosed(UsageError):
    """The tracker of a release is closed. Whether the release is finished, GitHub shows."""


class GuideError(UsageError):
    """The guide cannot be found, read or used; `lint` says where."""


class NoGuide(GuideError):
    """No page is a guide."""


class PreconditionError(FastrelError):
    """Something that must hold before the first effect does not. Nothing was changed."""

    exit_code = 2


class NotAllowed(FastrelError):
    """GitHub refuses what the token or its owner may not do."""


class RoleTooLow(NotAllowed):
    """The user's role is below what the step needs. Nothing was changed."""

    exit_code = 2


class RoleTooLowNow(RoleTooLow):
    """The same, after other steps were done."""

    exit_code = 3


class WorkRemains(FastrelError):
    """Stopped before the end: some steps wait for a person, a decision, CI, a registry or a site."""

    exit_code = 3


class RemoteError(FastrelError):
    """GitHub, a registry or a site could not be asked, or refused."""


class NotAuthenticated(RemoteError):
    """No token, or one that the server does not accept."""

    exit_code = 2


class RoleUnknown(RemoteError):
    """GitHub does not say what the user may do; neither allowed nor denied."""


class NotFound(RemoteError):
    """The server says that there is no such thing, or that this token may not see it."""


class GitError(FastrelError):
    """A git command failed; the message holds the command and what git said."""
