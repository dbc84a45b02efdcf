"""Actions for what a release publishes: files, packages, images, documentation sites."""
