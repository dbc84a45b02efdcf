"""Changelogs in Markdown: their sections, the release of “Unreleased”, and the notes of one version. Pure."""
