"""A release checklist: guide, release, report, tracker, actions. No click, no MkDocs."""

__version__ = "0.1.0"
