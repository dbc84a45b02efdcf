"""The report of a release: a verdict for every step."""
