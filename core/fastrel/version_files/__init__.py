"""Files that state the version: where exactly, and the same file with another version."""
