"""Bringing a guide into a project that has none: finding what is there, and proposing what to add."""
