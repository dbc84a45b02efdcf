"""The pages that people see of the local GitHub."""
