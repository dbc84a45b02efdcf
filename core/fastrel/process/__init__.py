"""State of this process: what it has changed, what it reads, and its environment without tokens."""
