"""The `fastrel-checklist` command."""
