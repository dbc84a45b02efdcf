"""Pull requests that belong to a commit."""

from __future__ import annotations

from fastrel_twin import shapes
from fastrel_twin.call import Answer, Call, Routes

REPO = "/repos/{owner}/{name}"


def pulls_of_commit(call: Call) -> Answer:
    sha = call.world.bare.resolve(call.path["sha"])
    found = [one for one in call.world.issues.values() if one.pull and sha in one.pull.commits]
    return call.page(found, lambda one: shapes.issue(call, one))


ROUTES: Routes = [("GET", REPO + "/commits/{sha}/pulls", pulls_of_commit)]
