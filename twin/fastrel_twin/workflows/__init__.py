"""GitHub Actions, played: which workflows a push starts, their jobs, releases and deployments."""
