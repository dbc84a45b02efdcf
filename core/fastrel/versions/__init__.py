"""How versions are written, ordered and followed: semantic, PEP 440 and calendar versions."""
