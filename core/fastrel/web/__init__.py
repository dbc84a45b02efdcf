"""HTTP to other servers: container registries, package indexes, documentation sites."""
