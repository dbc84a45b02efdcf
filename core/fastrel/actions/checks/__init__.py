"""The checks of a branch and of a tag, and starting workflows."""
