"""Texts and files: bounded YAML, atomic writes, kept texts, text without control characters, redaction, suggestions."""
