"""Whatever goes wrong with a request, the command succeeds all the same or says what to do; typed again, it goes on.

Each kind of request meets each kind of trouble, and the world is then that of a run without any. Without `--long`, each
kind of request meets some of the troubles, and each trouble some of the requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from torture.final_state import difference, final_state
from torture.scenario import Command, environment, people_lost, scene_of, steps_of

from fastrel_twin.faults import ANSWERS, Fault, Wrong
from hostile import TRIED
from snapshot import Scene, Snapshot, restore, take
from stage import Cli

READ_TRIES = 3
"""How often PyGithub asks for something before it gives up, where it asks again at all."""
LOSSES = ("cut", "half a body", "bad gateway", "malformed", "garbled")
"""Ways in which the answer to a change is lost; without `--long`, the first two."""
SHARES = 12
"""Into so many shares the troubles are divided without `--long`: the 12 kinds of requests take them in turn."""
MOST = 40
"""Commands after which a release must be through."""
RUN = ("run", "0.2.0", "--yes", "--defer-open", "--interval", "0.05", "--timeout", "0.2")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request, and the step that makes it."""

    method: str
    path: str
    step: str
    body: str = ""

    @property
    def reads(self) -> bool:
        return self.method == "GET"


KINDS = {
    "fetch with git": Kind("GET", "/info/refs?service=git-upload-pack", "commit-version"),
    "push of the version": Kind("POST", "/git-receive-pack", "commit-version"),
    "push of the tag": Kind("POST", "/git-receive-pack", "push-tag"),
    "list of release issues": Kind("GET", "labels=release&", "draft-release"),
    "creation of the draft": Kind("POST", "/Fast-LLM/releases", "draft-release"),
    "write into the release issue": Kind("PATCH", "/issues/38", "generate-notes"),
    "publication": Kind("PATCH", "/Fast-LLM/releases/", "publish-release"),
    "registry": Kind("GET", "/v2/", "image-available"),
    "site": Kind("GET", "/pages/", "docs-live"),
    "question in GraphQL": Kind("POST", "/graphql", "announce-discussion", "query Discussion("),
    "comment on the discussion": Kind("POST", "/graphql", "announce-discussion", "addDiscussionComment"),
    "post in the forum": Kind("POST", "/graphql", "announce-forum", "createDiscussion"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    scene: Scene
    root: Path
    before: dict[str, Snapshot]
    """The state before a step, and what is there once it is done, by the step's id."""
    after: dict[str, str]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A release that nothing disturbs, and its states on the way."""
    from fastrel_cli.main import exit_code

    root = tmp_path_factory.mktemp("faults")
    with scene_of("minor", root) as scene:
        for step in steps_of("minor")[:-1]:
            if isinstance(step, Command):
                assert exit_code(list(step.arguments)) == 0
            else:
                step.do(scene.twin)
        built = Stage(scene, root, {}, {})
        wanted = list(dict.fromkeys(kind.step for kind in KINDS.values()))
        for step_id in wanted:
            assert exit_code([*RUN, "--until", BEFORE[step_id]]) == 0
            built.before[step_id] = take(scene, root / step_id)
            assert exit_code([*RUN, "--until", step_id]) == 0
            built.after[step_id] = final_state(scene.twin, scene.checkout)
        yield built


BEFORE = {
    "commit-version": "set-version",
    "push-tag": "create-tag",
    "draft-release": "push-tag",
    "generate-notes": "draft-release",
    "publish-release": "release-discussion",
    "image-available": "tag-ci",
    "docs-live": "image-available",
    "announce-discussion": "docs-live",
    "announce-forum": "announce-discussion",
}


@pytest.fixture
def scene(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Scene:
    for name, value in environment(stage.scene.twin, stage.root).items():
        if name != "PATH":
            monkeypatch.setenv(name, value)
    monkeypatch.chdir(stage.scene.checkout)
    stage.scene.proxy.faults.clear()
    return stage.scene


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    long = metafunc.config.getoption("--long")
    if "loss" in metafunc.fixturenames:
        metafunc.parametrize("loss", LOSSES if long else LOSSES[:2])
    if "troubles" in metafunc.fixturenames:
        some = [list(ANSWERS) if long else list(ANSWERS)[number % SHARES :: SHARES] for number in range(len(KINDS))]
        metafunc.parametrize(("kind", "troubles"), list(zip(KINDS.values(), some, strict=True)), ids=list(KINDS))


def through(cli: Cli, scene: Scene, step: str) -> int:
    """Type the command until it succeeds, reading what it says each time; returns how often it did not."""
    for failed in range(MOST):
        left = to_come(scene)
        done = cli(*RUN, "--until", step)
        if done.code == 0:
            return failed
        assert done.code in (1, 2, 3), done.err
        message = re.split(r"^(?:error|stopped): ", done.err, flags=re.M)[-1]
        assert message.count("\n  done: ") == 1, message
        assert message.count("\n  next: ") == 1, message
        assert "twin-token" not in done.err
        assert to_come(scene) < left, f"it fails without a reason: {message}"
    raise AssertionError("it never ends")


def to_come(scene: Scene) -> int:
    return sum(one.times for one in scene.proxy.faults.coming)


def there(scene: Scene) -> str:
    return final_state(scene.twin, scene.checkout)


def test_one_trouble_after_the_other(cli: Cli, scene: Scene, stage: Stage, kind: Kind, troubles: Sequence[str]) -> None:
    restore(scene, stage.before[kind.step])
    for fault in (ANSWERS[name] for name in troubles):
        if "Retry-After" in fault.headers:
            fault = replace(fault, headers={"Retry-After": "1"})  # it waits as long as it is told
        if fault.wrong is not Wrong.STALE and not (fault.applied and not kind.reads):
            times = READ_TRIES if kind.reads and fault.status >= 500 else 1
            scene.proxy.faults.add(fault.at(kind.method, kind.path, body=kind.body, times=times))
    scene.proxy.faults.add(Fault(kind.method, kind.path, body=kind.body, wrong=Wrong.NOTHING, delay=0.2))
    TRIED["troubles of requests"] += len(scene.proxy.faults.coming)
    through(cli, scene, kind.step)
    assert scene.proxy.faults.coming == []
    assert difference(stage.after[kind.step], there(scene)) == ""
    assert people_lost(scene.twin) == []


@pytest.mark.parametrize("kind", [one for one in KINDS.values() if not one.reads], ids=lambda one: one.step)
def test_what_was_applied_before_its_answer_was_lost_is_not_done_twice(
    cli: Cli, scene: Scene, stage: Stage, kind: Kind, loss: str
) -> None:
    restore(scene, stage.before[kind.step])
    scene.proxy.faults.add(ANSWERS[loss].at(kind.method, kind.path, body=kind.body, applied=True))
    through(cli, scene, kind.step)
    assert scene.proxy.faults.coming == []
    assert difference(stage.after[kind.step], there(scene)) == ""
    TRIED["lost answers to changes"] += 1


def test_a_trouble_at_any_time_leaves_the_release_as_it_should_be(cli: Cli, scene: Scene, stage: Stage) -> None:
    """The whole rest of the release, with reads that are stale for a while after each change."""
    restore(scene, stage.before["draft-release"])
    for path in ("/releases?", "/issues/38", "labels=release&", "/milestones?", "/git/matching-refs/tags/"):
        scene.proxy.faults.add(*[Fault("GET", path, wrong=Wrong.STALE, after=after) for after in (1, 2, 4, 7)])
    through(cli, scene, "announce-forum")
    assert difference(stage.after["announce-forum"], there(scene)) == ""
