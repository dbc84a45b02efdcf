"""The local git checkout."""
