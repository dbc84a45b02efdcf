"""Check runs, commit statuses and workflow runs."""

from __future__ import annotations

import json

import yaml

from fastrel_twin.call import Answer, Call, Json, Refused, Routes, invalid, not_empty, not_found
from fastrel_twin.records import Check, CommitStatus
from fastrel_twin.rest import basic_shapes, repository_shapes, run_shapes

REPO = "/repos/{owner}/{name}"


def list_check_runs(call: Call) -> Answer:
    """One for each job of the workflow runs of the commit, whose state is a function of the time since the push, and
    those that were reported by hand; the latest of each name."""
    sha = _resolved(call)
    rows: list[Json] = [
        run_shapes.check_run(call, number, sha, name, status, conclusion, f"{call.web}/actions/runs/{run.id}")
        for run in call.simulated_ci.runs()
        if run.push.sha == sha
        for number, name, status, conclusion in call.simulated_ci.checks_of(run)
    ]
    latest: dict[str, Check] = {}
    for check in call.store.checks:
        if check.sha == sha:
            latest[check.name] = check
    shown = latest.values() if call.query.get("filter", "latest") == "latest" else call.store.checks
    rows += [
        run_shapes.check_run(call, one.id, sha, one.name, one.status, one.conclusion, f"{call.web}/runs/{one.id}")
        for one in shown
        if one.sha == sha
    ]
    return call.page_in("check_runs", rows, lambda one: one)


def create_check_run(call: Call) -> Answer:
    """Reported by hand. Needs write access; GitHub takes them from apps only."""
    call.require("write")
    if not call.text("name") or not call.text("head_sha"):
        raise invalid("CheckRun", "name", "missing_field")
    conclusion = call.text("conclusion") or None
    status = "completed" if conclusion else call.text("status", "queued")
    check = Check(call.store.new_id(), call.text("head_sha"), call.text("name"), status, conclusion, call.store.now())
    call.store.checks.append(check)
    page = f"{call.web}/runs/{check.id}"
    return Answer(run_shapes.check_run(call, check.id, check.sha, check.name, status, conclusion, page), 201)


def combined_status(call: Call) -> Answer:
    """The latest of each context; without any, `pending`."""
    sha = _resolved(call)
    latest = {one.context: one for one in call.store.statuses if one.sha == sha}
    states = {one.state for one in latest.values()}
    red = states & {"failure", "error"}
    state = "failure" if red else "pending" if "pending" in states or not states else "success"
    more = {
        "state": state,
        "sha": sha,
        "repository": repository_shapes.repository_inside(call),
        "commit_url": f"{call.repository}/commits/{sha}",
        "url": call.url,
    }

    def shape(one: CommitStatus) -> Json:
        return {**run_shapes.commit_status(call, one), "required": None}

    return call.page_in("statuses", list(latest.values()), shape, **more)


def create_status(call: Call) -> Answer:
    """Needs write access. An unknown state: 422."""
    user = call.require("write")
    state = call.text("state")
    if state not in ("success", "failure", "error", "pending"):
        raise invalid("Status", "state", "invalid")
    status = CommitStatus(
        call.store.new_id(),
        call.path["sha"],
        call.text("context", "default"),
        state,
        user.login,
        call.store.now(),
        call.text("description"),
        call.text("target_url"),
    )
    call.store.statuses.append(status)
    return Answer({**run_shapes.commit_status(call, status), "creator": basic_shapes.user(call, user.login)}, 201)


def list_workflow_runs(call: Call) -> Answer:
    """Newest first. A push starts those of its branch or tag, after a while; a push with the token of GitHub
    Actions starts none."""
    query = call.query
    found = [
        run
        for run in call.simulated_ci.runs()
        if query.get("head_sha", run.push.sha) == run.push.sha
        and query.get("event", run.push.event) == run.push.event
        and query.get("branch", "") in ("", run.push.ref.split("/", 2)[2])
    ]
    return call.page_in("workflow_runs", found, lambda run: run_shapes.workflow_run(call, run))


def list_jobs(call: Call) -> Answer:
    """Those of the newest attempt, which are the check runs of the workflow run."""
    found = next((run for run in call.simulated_ci.runs() if run.id == call.number("run")), None)
    if found is None:
        raise not_found()
    return call.page_in("jobs", call.simulated_ci.checks_of(found), lambda job: run_shapes.job(call, found, *job))


def rerun_failed_jobs(call: Call) -> Answer:
    """One attempt more. A run that has not failed: 403."""
    call.require("write")
    found = next((run for run in call.simulated_ci.runs() if run.id == call.number("run")), None)
    if found is None:
        raise not_found()
    if found.conclusion in (None, "success"):
        raise Refused(403, "This workflow run cannot be retried")
    call.simulated_ci.run_again(found.id)
    return Answer({}, 201)


def dispatch_workflow(call: Call) -> Answer:
    """Starts one workflow, named by its file. An unknown file: 404. An unknown branch or tag, a file without
    `workflow_dispatch`, inputs that it does not name: 422."""
    call.require("write")
    workflow = f".github/workflows/{call.path['workflow']}"
    ci = call.simulated_ci
    known = {run_shapes.workflow_path(ci, name): name for name in (*ci.on_tag, *ci.on_branch)}
    if workflow not in known:
        raise not_found()
    ref = call.text("ref")
    full = next((one for one in (f"refs/tags/{ref}", f"refs/heads/{ref}") if one in call.store.bare.refs()), "")
    if not full:
        raise Refused(422, f"No ref found for: {ref}")
    _require_dispatch(call, call.store.bare.resolve(ref))
    call.simulated_ci.dispatch(known[workflow], full, call.store.bare.resolve(ref))
    return Answer(None, 204)


def _require_dispatch(call: Call, sha: str) -> None:
    """What the workflow's own file says of being started by hand, where the repository has the file.

    Source: https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
    """
    found = call.store.bare.file(sha, f".github/workflows/{call.path['workflow']}")
    if found is None:
        return
    # YAML 1.1 reads the key `on` as true.
    text: dict[object, object] = yaml.safe_load(found[1]) or {}
    events = text.get("on", text.get(True))
    if "workflow_dispatch" not in (events if isinstance(events, list | dict) else [events]):
        raise Refused(422, "Workflow does not have 'workflow_dispatch' trigger")
    settings = events.get("workflow_dispatch") if isinstance(events, dict) else None
    named = (settings or {}).get("inputs") or {}
    sent = call.body.get("inputs")
    unknown = [one for one in (sent if isinstance(sent, dict) else {}) if one not in named]
    if unknown:
        raise Refused(422, f"Unexpected inputs provided: {json.dumps(unknown)}")


def _resolved(call: Call) -> str:
    not_empty(call)
    sha = call.store.bare.resolve(call.path["ref"])
    if not sha:
        raise Refused(422, f"No commit found for SHA: {call.path['ref']}")
    return sha


ROUTES: Routes = [
    ("GET", REPO + "/commits/{ref:path}/check-runs", list_check_runs),
    ("POST", REPO + "/check-runs", create_check_run),
    ("GET", REPO + "/commits/{ref:path}/status", combined_status),
    ("POST", REPO + "/statuses/{sha}", create_status),
    ("GET", REPO + "/actions/runs", list_workflow_runs),
    ("GET", REPO + "/actions/runs/{run}/jobs", list_jobs),
    ("POST", REPO + "/actions/runs/{run}/rerun-failed-jobs", rerun_failed_jobs),
    ("POST", REPO + "/actions/workflows/{workflow}/dispatches", dispatch_workflow),
]
