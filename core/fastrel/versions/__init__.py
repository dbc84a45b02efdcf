"""How versions are written, ordered and followed: semantic, as Python has them (PEP 440), and by the calendar."""
