"""The engine: evaluates a release and runs its steps."""
