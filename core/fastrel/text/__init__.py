"""Text: bounded YAML, atomic writes, suggestions, redaction."""
