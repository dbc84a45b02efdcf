"""Standard output and standard error: verbosity, wrapping, hyperlinks, encodings, JSON."""
