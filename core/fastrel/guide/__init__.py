"""The guide: one Markdown page with checklist blocks, read into frozen values."""
