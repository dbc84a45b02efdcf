"""What a release brings to other places: files, packages, images, documentation sites."""
