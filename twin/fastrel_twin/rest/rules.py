"""Rulesets, and the rules that apply to a branch."""

from __future__ import annotations

from fastrel_twin.call import Answer, Call, Json, Refused, Routes, not_found
from fastrel_twin.rulesets import Ruleset

REPO = "/repos/{owner}/{name}"


def get_branch_rules(call: Call) -> Answer:
    """Whatever the name, also of a branch that does not exist. The twin's protection shows as rules, too, as most
    projects have it. A private repository on the Free plan: 403."""
    _require_plan(call)
    branch = call.path["branch"]
    protection = call.store.protected.get(branch)
    rules: list[Json] = []
    if protection and protection.pulls:
        rules.append({"type": "pull_request", **_origin(call, 1), "parameters": _PULL_RULE})
    if protection and protection.checks:
        checks = [{"context": one} for one in protection.checks]
        parameters: Json = {"required_status_checks": checks, "strict_required_status_checks_policy": False}
        rules.append({"type": "required_status_checks", **_origin(call, 1), "parameters": parameters})
    for one in call.store.rulesets:
        if one.applies_to(f"refs/heads/{branch}"):
            rules += [{**rule, **_origin(call, one.id)} for rule in _rules_of(one)]
    return call.page(rules, lambda one: one)


def list_rulesets(call: Call) -> Answer:
    """Without their rules and conditions. A private repository on the Free plan: 403."""
    _require_plan(call)
    return call.page(call.store.rulesets, lambda one: _ruleset(call, one))


def get_ruleset(call: Call) -> Answer:
    """With its rules and conditions, and whether the user may bypass it; who else may is for who has write access."""
    _require_plan(call)
    found = next((one for one in call.store.rulesets if one.id == call.number("id")), None)
    if found is None:
        raise not_found()
    bypasses = call.user is not None and call.user.login in found.bypass
    names = {"include": list(found.include), "exclude": list(found.exclude)}
    more = {"current_user_can_bypass": "always" if bypasses else "never"} if call.user else {}
    return Answer({**_ruleset(call, found), "conditions": {"ref_name": names}, "rules": _rules_of(found), **more})


def _require_plan(call: Call) -> None:
    # Source: https://github.com/github/branch-deploy/issues/345
    if not call.store.has_rulesets:
        raise Refused(403, "Upgrade to GitHub Pro or make this repository public to enable this feature.")


def _ruleset(call: Call, one: Ruleset) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "target": one.target,
        "source_type": "Repository",
        "source": call.store.name,
        "enforcement": "active",
        "node_id": f"RRS_{one.id}",
        "_links": {
            "self": {"href": f"{call.repository}/rulesets/{one.id}"},
            "html": {"href": f"{call.web}/rules/{one.id}"},
        },
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
    }


def _rules_of(one: Ruleset) -> list[Json]:
    more = {"pull_request": _PULL_RULE}
    found: list[Json] = []
    for kind, parameters in one.rules.items():
        filled = {**more.get(kind, {}), **parameters}
        found.append({"type": kind, "parameters": filled} if filled else {"type": kind})
    return found


def _origin(call: Call, number: int) -> Json:
    return {"ruleset_source_type": "Repository", "ruleset_source": call.store.name, "ruleset_id": number}


_PULL_RULE: Json = {
    "dismiss_stale_reviews_on_push": False,
    "require_code_owner_review": False,
    "require_last_push_approval": False,
    "required_approving_review_count": 1,
    "required_review_thread_resolution": False,
}
ROUTES: Routes = [
    ("GET", REPO + "/rules/branches/{branch:path}", get_branch_rules),
    ("GET", REPO + "/rulesets", list_rulesets),
    ("GET", REPO + "/rulesets/{id}", get_ruleset),
]
