"""Rehearsals: a release against the twin."""
