"""The meaning of a checklist item, by its words, its commands, and what stands around it."""
