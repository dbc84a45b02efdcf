"""What breaks off a run in the middle of its effects: a token that expires, a proxy that answers web pages, a form that is
refused. One message, nothing half done and nothing ticked that is not; later the run goes on, and does nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from fastrel_twin.faults import ANSWERS, Fault, Wrong
from fastrel_twin.server import Twin
from recording import Recorder
from stage import Cli, Project, ReleasedUpTo, run_until, step_of

RUN = ("run", "--yes", "--defer-open", "--interval", "0.02", "--timeout", "0.1", "--until")


@dataclass(frozen=True, slots=True)
class Place:
    """A step, the request of its effects that goes wrong, and what of it is there then."""

    before: str
    step: str
    method: str
    path: str
    count: Callable[[Twin], int]
    """How much of the effect is there."""
    half: int
    whole: int
    body: str = ""
    after: int = 0


def deferred(twin: Twin) -> int:
    return sum(one.milestone != 2 for one in (twin.store.issues[number] for number in (29, 30, 31)))


def releases(twin: Twin) -> int:
    return sum(one.tag == "v0.2.0" for one in twin.store.releases.values())


def published(twin: Twin) -> int:
    return sum(one.tag == "v0.2.0" and not one.draft for one in twin.store.releases.values())


def posts(twin: Twin) -> int:
    return sum("is released" in one.title for one in twin.store.discussions.values())


ISSUES = Place("", "milestone-issues", "PATCH", "/issues/", deferred, 1, 3, after=2)
DRAFT = Place("push-tag", "draft-release", "POST", "/Fast-LLM/releases", releases, 0, 1)
PUBLISH = Place("release-discussion", "publish-release", "PATCH", "/releases/", published, 0, 1)
FORUM = Place("announce-discussion", "announce-forum", "POST", "/graphql", posts, 0, 1, body="createDiscussion")


def expires(twin: Twin, place: Place) -> Fault:
    """The token is no longer accepted, from this request on."""

    def revoke() -> None:
        twin.store.users["mia"].token = "renewed"

    return Fault(place.method, place.path, wrong=Wrong.NOTHING, meanwhile=revoke)


def from_then_on(name: str) -> Callable[[Twin, Place], Fault]:
    return lambda twin, place: ANSWERS[name].at(place.method, place.path, times=99)


TOKEN = "does not accept the token (401 Bad credentials)"


@pytest.mark.parametrize(
    ("place", "trouble", "says"),
    [
        (ISSUES, expires, TOKEN),
        (DRAFT, expires, TOKEN),
        (PUBLISH, expires, TOKEN),
        (FORUM, expires, TOKEN),
        (ISSUES, from_then_on("login page"), "is not JSON"),
        (PUBLISH, from_then_on("blocked page"), "is a web page (403), not one of GitHub's API"),
        (FORUM, from_then_on("login page"), "is not JSON"),
        (DRAFT, from_then_on("refused form"), "refuses the form of POST"),
        (FORUM, from_then_on("refused form"), "refuses the form of POST"),
    ],
    ids=lambda one: one.step if isinstance(one, Place) else None,
)  # fmt: skip
def test_what_breaks_off_an_effect_is_one_message_and_the_run_goes_on_later(
    cli: Cli,
    project: Project,
    twin: Twin,
    released_up_to: ReleasedUpTo,
    recorder: Recorder,
    place: Place,
    trouble: Callable[[Twin, Place], Fault],
    says: str,
) -> None:
    released_up_to(place.before)
    twin.faults.add(replace(trouble(twin, place), body=place.body, after=place.after))
    stopped = cli(*RUN, place.step)
    twin.faults.clear()
    recorder.exchanges.clear()
    twin.store.users["mia"].token = project.token
    assert stopped.code in (1, 2), stopped.err
    message = stopped.err[stopped.err.index("\nerror: ") :]
    assert says in message, message
    assert message.count("\n  done: ") == message.count("\n  next: ") == 1, message
    assert f"{place.step} is not ticked." in message or "may not be written" in message, message
    assert place.count(twin) == place.half
    assert step_of(cli, place.step)["ticked"] is None
    run_until(cli, place.step)
    assert place.count(twin) == place.whole
