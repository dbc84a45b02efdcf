"""Files that state the version: where it stands, and the same file with another version."""
