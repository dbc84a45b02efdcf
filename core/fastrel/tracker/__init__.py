"""The release issue of one release: its body, its merging, its ticks."""
