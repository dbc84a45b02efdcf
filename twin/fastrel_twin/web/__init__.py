"""The web pages of the local GitHub."""
