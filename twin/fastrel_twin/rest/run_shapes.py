"""The JSON shapes of what runs for a commit: workflows, checks, statuses, deployments."""

from __future__ import annotations

from fastrel_twin.call import Call, Json
from fastrel_twin.records import CommitStatus, Deployment
from fastrel_twin.rest.basic_shapes import time, user
from fastrel_twin.rest.repository_shapes import repository_inside
from fastrel_twin.workflows.simulated_ci import Run, SimulatedCi


def workflow_path(simulated_ci: SimulatedCi, name: str) -> str:
    """The path of a workflow's file."""
    return simulated_ci.files.get(name, f".github/workflows/{workflow_file(name)}.yml")


def workflow_file(name: str) -> str:
    """The name of the file of a workflow that lies nowhere, without its ending."""
    return name.lower().replace(" ", "-")


def workflow_run(call: Call, run: Run) -> Json:
    own = f"{call.repository}/actions/runs/{run.id}"
    facts = call.store.bare.commit(run.push.sha)
    began = time(call.simulated_ci.on_the_wall(run.began))
    branch = run.push.ref.removeprefix("refs/tags/").removeprefix("refs/heads/")
    return {
        "id": run.id,
        "name": run.name,
        "node_id": f"WFR_{run.id}",
        "check_suite_id": run.id + 500_000,
        "head_branch": branch,
        "head_sha": run.push.sha,
        "path": workflow_path(call.simulated_ci, run.name),
        "run_number": run.id,
        "run_attempt": run.attempt,
        "event": run.push.event,
        "display_title": facts.message.partition("\n")[0],
        "status": run.status,
        "conclusion": run.conclusion,
        "workflow_id": run.workflow_id,
        "url": own,
        "html_url": f"{call.web}/actions/runs/{run.id}",
        "pull_requests": [],
        "created_at": began,
        "updated_at": began if run.ended is None else time(call.simulated_ci.on_the_wall(run.ended)),
        "run_started_at": began,
        "jobs_url": f"{own}/jobs",
        "logs_url": f"{own}/logs",
        "check_suite_url": f"{call.repository}/check-suites/{run.id + 500_000}",
        "artifacts_url": f"{own}/artifacts",
        "cancel_url": f"{own}/cancel",
        "rerun_url": f"{own}/rerun",
        "workflow_url": f"{call.repository}/actions/workflows/{run.workflow_id}",
        "repository": repository_inside(call),
        "head_repository": repository_inside(call),
        "head_commit": {
            "id": facts.sha,
            "tree_id": facts.tree,
            "message": facts.message,
            "timestamp": facts.committed_at,
            "author": {"name": facts.author, "email": facts.email},
            "committer": {"name": facts.committer, "email": facts.email},
        },
    }


def job(call: Call, run: Run, number: int, name: str, status: str, conclusion: str | None) -> Json:
    """A job is a check run with the same number."""
    own = f"{call.repository}/actions/jobs/{number}"
    began = time(call.simulated_ci.on_the_wall(run.began))
    return {
        "id": number,
        "run_id": run.id,
        "run_url": f"{call.repository}/actions/runs/{run.id}",
        "run_attempt": run.attempt,
        "node_id": f"CR_{number}",
        "head_sha": run.push.sha,
        "head_branch": run.push.ref.removeprefix("refs/tags/").removeprefix("refs/heads/"),
        "url": own,
        "html_url": f"{call.web}/actions/runs/{run.id}/job/{number}",
        "status": status,
        "conclusion": conclusion,
        "created_at": began,
        "started_at": began,
        "completed_at": None if run.ended is None else time(call.simulated_ci.on_the_wall(run.ended)),
        "name": name,
        "steps": [],
        "check_run_url": f"{call.repository}/check-runs/{number}",
        "labels": ["ubuntu-latest"],
        "runner_id": 1,
        "runner_name": "GitHub Actions 1",
        "runner_group_id": 0,
        "runner_group_name": "GitHub Actions",
        "workflow_name": run.name,
    }


def check_run(call: Call, number: int, sha: str, name: str, status: str, conclusion: str | None, page: str) -> Json:
    return {
        "id": number,
        "node_id": f"CR_{number}",
        "head_sha": sha,
        "external_id": "",
        "url": f"{call.repository}/check-runs/{number}",
        "html_url": page,
        "details_url": page,
        "status": status,
        "conclusion": conclusion,
        "started_at": "2026-01-01T00:00:00Z",
        "completed_at": "2026-01-01T00:01:00Z" if conclusion else None,
        "output": {
            "title": None,
            "summary": None,
            "text": None,
            "annotations_count": 0,
            "annotations_url": f"{call.repository}/check-runs/{number}/annotations",
        },
        "name": name,
        "check_suite": {"id": number + 500_000},
        "app": None,
        "pull_requests": [],
    }


def commit_status(call: Call, one: CommitStatus) -> Json:
    return {
        "url": f"{call.repository}/statuses/{one.sha}",
        "avatar_url": None,
        "id": one.id,
        "node_id": f"SC_{one.id}",
        "state": one.state,
        "description": one.description or None,
        "target_url": one.target_url or None,
        "context": one.context,
        "created_at": time(one.at),
        "updated_at": time(one.at),
    }


def deployment(call: Call, one: Deployment) -> Json:
    own = f"{call.repository}/deployments/{one.id}"
    return {
        "url": own,
        "id": one.id,
        "node_id": f"DE_{one.id}",
        "sha": one.sha,
        "ref": one.ref,
        "task": "deploy",
        "payload": {},
        "original_environment": one.environment,
        "environment": one.environment,
        "description": None,
        "creator": user(call, one.creator),
        "created_at": time(one.created_at),
        "updated_at": time(one.created_at),
        "statuses_url": f"{own}/statuses",
        "repository_url": call.repository,
    }


def deployment_status(call: Call, one: Deployment, number: int, state: str) -> Json:
    own = f"{call.repository}/deployments/{one.id}"
    return {
        "url": f"{own}/statuses/{number}",
        "id": number,
        "node_id": f"DES_{number}",
        "state": state,
        "creator": user(call, one.creator),
        "description": "",
        "environment": one.environment,
        "target_url": one.url,
        "created_at": time(one.created_at),
        "updated_at": time(one.created_at),
        "deployment_url": own,
        "repository_url": call.repository,
        "environment_url": one.url,
        "log_url": "",
    }
