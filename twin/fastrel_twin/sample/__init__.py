"""The sample project: a repository like Fast-LLM's, shortly before its release 0.2.0."""
