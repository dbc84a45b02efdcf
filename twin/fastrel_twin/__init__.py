"""A local server that behaves like GitHub, backed by a real bare git repository."""
