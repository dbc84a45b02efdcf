"""The state of guides and boards for a build: read, kept between builds, checked again."""
