"""The user's own project on the twin: its git history, and what GitHub knows of the coming release."""
