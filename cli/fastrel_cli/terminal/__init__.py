"""What the command line prints and asks."""
