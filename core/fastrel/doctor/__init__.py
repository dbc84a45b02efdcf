"""Examines everything that a release needs, and says how to fix what is wrong. Changes nothing."""
