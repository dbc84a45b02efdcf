"""The conditions of the table of facts about GitHub: each puts a twin into a state.

A condition is a function here without a leading underscore; its name with hyphens is what the table writes under
`given:`. It returns further names for paths and bodies, or nothing.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from urllib.parse import quote

from fastrel_twin.records import Deployment, Release
from fastrel_twin.rulesets import Ruleset
from fastrel_twin.server import Twin

Condition = Callable[[Twin], dict[str, str] | None]


def many_issues(twin: Twin) -> dict[str, str]:
    """300 issues, all new, 60 of them with the label `bug`; `{after_bug_50}` is the cursor behind the 50th of these."""
    store = twin.store
    store.issues.clear()
    made = [store.add_issue(f"Issue {number}", "carl", labels=["bug"] if number < 60 else []) for number in range(300)]
    place = f"cursor:v2:{made[49].created_at}|{made[49].number}"
    return {"after_bug_50": quote(base64.b64encode(place.encode()).decode())}


def renamed(twin: Twin) -> dict[str, str]:
    """The repository has another name now; `{old}` is its former path."""
    old = twin.store.name
    twin.store.rename("ServiceNow/Faster-LLM")
    return {"old": f"/repos/{old}", "repo": f"/repos/{twin.store.name}"}


def archived(twin: Twin) -> None:
    """The repository is archived."""
    twin.store.archived = True


def issues_disabled(twin: Twin) -> None:
    """Issues are switched off in the settings."""
    twin.store.has_issues = False


def empty(twin: Twin) -> None:
    """The repository has no commit."""
    for name in twin.store.bare.refs():
        twin.store.bare.delete_ref(name)


def issue_deleted(twin: Twin) -> None:
    """Issue 29 was deleted."""
    twin.store.delete(29)


def issue_transferred(twin: Twin) -> None:
    """Issue 29 was transferred to another repository."""
    twin.store.transfer(29, "ServiceNow/Elsewhere")


def issue_locked(twin: Twin) -> None:
    """The conversation of issue 29 is locked."""
    twin.store.issues[29].locked = True


def assigned(twin: Twin) -> None:
    """Issue 29 alone is assigned to somebody."""
    for issue in twin.store.issues.values():
        issue.assignees = ["mia"] if issue.number == 29 else []


def dispatchable(twin: Twin) -> None:
    """`ci.yaml` has no workflow_dispatch; `docs.yaml` has one with the input `tag`."""
    hand = "on:\n  workflow_dispatch:\n    inputs:\n      tag: {}\n"
    _commit(twin, {".github/workflows/ci.yaml": "on: [push]\n", ".github/workflows/docs.yaml": hand})


def _commit(twin: Twin, files: dict[str, str]) -> None:
    """A commit on main with these files, instead of those that are there."""
    bare = twin.store.bare
    folders: dict[str, list[str]] = {}
    for path, text in files.items():
        blob = bare.git("hash-object", "-w", "--stdin", data=text.encode())
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, []).append(f"100644 blob {blob}\t{name}")
    for folder, rows in folders.items():
        tree = bare.git("mktree", data="\n".join(rows).encode() + b"\n")
        for name in reversed(folder.split("/")):
            tree = bare.git("mktree", data=f"040000 tree {tree}\t{name}\n".encode())
    who = ("-c", "user.name=carl", "-c", "user.email=carl@example.org")
    bare.set_ref("refs/heads/main", bare.git(*who, "commit-tree", tree, "-p", bare.resolve("main"), "-m", "Workflows"))


def superseded(twin: Twin) -> dict[str, str]:
    """The workflow `Documentation` ran twice at the newest commit, and the older run was cancelled; `{newest}` is that commit."""
    for push in twin.store.pushes:
        push.at -= 1_000
    twin.simulated_ci.supersede("Documentation")
    return {"newest": twin.store.bare.resolve("main")}


def enterprise_server(twin: Twin) -> None:
    """A GitHub Enterprise Server 3.14 without limits, which lacks rulesets."""
    twin.store.server_version, twin.store.lacking = "3.14.5", ("/rulesets", "/rules/branches")


def announced(twin: Twin) -> dict[str, str]:
    """Somebody has announced something; `{discussion}` is it."""
    return {"discussion": twin.store.add_discussion("News", "There are some.", "mia", "Announcements").node_id}


def drafted(twin: Twin) -> dict[str, str]:
    """There is a draft for a tag that is not there; `{draft}` is its number."""
    store = twin.store
    draft = Release(store.new_id(), "v9.9.9", "mia", store.now(), name="v9.9.9", draft=True)
    store.releases[draft.id] = draft
    return {"draft": str(draft.id)}


def released(twin: Twin) -> dict[str, str]:
    """`{released}` is the number of the published release v0.1.0."""
    return {"released": str(next(one.id for one in twin.store.releases.values() if one.tag == "v0.1.0"))}


def branch_renamed(twin: Twin) -> None:
    """The default branch was called `master` once."""
    twin.store.gone_branches["master"] = "main"


def ip_allow_list(twin: Twin) -> None:
    """The organization lets only some addresses in."""
    twin.store.refusal = (
        403,
        "Although you appear to have the correct authorization credentials, the `ServiceNow` organization has an IP allow "
        "list enabled, and your IP address is not permitted to access this resource.",
    )


def classic_tokens_forbidden(twin: Twin) -> None:
    """The organization takes no classic tokens."""
    twin.store.users["mia"].scopes = ("repo",)
    twin.store.refusal = (
        403,
        "`ServiceNow` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a "
        "personal access token with fine-grained permissions.",
    )


def blocked_by_law(twin: Twin) -> None:
    """The repository was taken down."""
    twin.store.refusal = (451, "Repository access blocked")


def many_labels(twin: Twin) -> None:
    """250 labels more."""
    for number in range(250):
        twin.store.add_label(f"label {number}")


def private(twin: Twin) -> None:
    """The repository is private."""
    twin.store.private = True


def on_the_team_plan(twin: Twin) -> None:
    """Its owner pays for a plan."""
    twin.store.plan = "team"


def newer_deployment(twin: Twin) -> None:
    """The environment was deployed again, from another commit."""
    store, first = twin.store, twin.store.deployments[0]
    sha = store.bare.resolve("v0.1.0")
    store.deployments.append(
        Deployment(store.new_id(), sha, "v0.1.0", first.environment, "mia", store.now(), state="success")
    )


def with_actions_alone(twin: Twin) -> None:
    """The maintainer's fine-grained token may read workflow runs."""
    twin.store.users["mia"].permissions = {"actions": "read"}


def without_permissions(twin: Twin) -> None:
    """The maintainer's fine-grained token is for other repositories."""
    twin.store.users["mia"].permissions = {}


def classic_without_scopes(twin: Twin) -> None:
    """The maintainer's token is a classic one for gists."""
    twin.store.users["mia"].scopes = ("gist",)


def classic_of_a_reader(twin: Twin) -> None:
    """A classic token of somebody who may only read."""
    twin.store.users["rae"].scopes = ("repo", "workflow")


def installation(twin: Twin) -> None:
    """An app is installed in the repository."""
    twin.store.add_user("release-bot[bot]", "write", bot=True)


def actions_reads_contents_alone(twin: Twin) -> None:
    """A workflow with `permissions: contents: read`."""
    app = next(user for user in twin.store.users.values() if user.app)
    app.permissions = {"contents": "read"}


def no_anonymous_requests(twin: Twin) -> None:
    twin.store.anonymous_limit = 0


def without_pulls(twin: Twin) -> None:
    """Nothing was merged since the last release."""
    for number in [number for number, one in twin.store.issues.items() if one.pull]:
        del twin.store.issues[number]


def signed_commits(twin: Twin) -> None:
    """A ruleset wants signed commits on the default branch."""
    rules: dict[str, dict[str, object]] = {"required_signatures": {}}
    twin.store.add_ruleset(Ruleset(twin.store.new_id(), "Signed", "branch", ["~DEFAULT_BRANCH"], rules))


CONDITIONS: dict[str, Condition] = {
    name.replace("_", "-"): one
    for name, one in vars(sys.modules[__name__]).items()
    if not name.startswith("_") and callable(one) and getattr(one, "__module__", "") == __name__
}
