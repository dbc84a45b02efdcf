"""Release actions of Acme."""
