"""The deployments that a project's workflows make, played: nothing is deployed, only GitHub's record of it appears."""

from __future__ import annotations

from dataclasses import dataclass

from fastrel_twin.records import Deployment
from fastrel_twin.workflows.simulated_ci import SimulatedCi


@dataclass(frozen=True, slots=True)
class MadeDeployment:
    """That the commit of a tag is deployed to an environment, when a workflow of the tag has ended well."""

    tag: str
    environment: str
    workflow: str = ""
    """Empty: at the tag."""

    def look(self, simulated_ci: SimulatedCi) -> None:
        """Record the deployment when its time has come."""
        store = simulated_ci.store
        tag = store.bare.refs().get(f"refs/tags/{self.tag}")
        if tag is None or any(
            (one.sha, one.environment) == (tag.commit, self.environment) for one in store.deployments
        ):
            return
        if self.workflow and not simulated_ci.is_through(self.tag, self.workflow):
            return
        who = next(iter(store.users))
        made = Deployment(store.new_id(), tag.commit, self.tag, self.environment, who, store.now(), "success")
        store.deployments.append(made)
