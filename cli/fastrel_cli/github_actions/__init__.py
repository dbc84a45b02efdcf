"""Input and output of a workflow step."""
