"""Runs the steps of a release: plans, asks, executes and verifies."""
