"""What an item of a checklist means: its words, its commands, and what stands around it."""
