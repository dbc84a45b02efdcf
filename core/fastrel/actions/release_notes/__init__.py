"""The notes of a release: where they come from, and their editing."""
