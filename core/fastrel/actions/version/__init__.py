"""The version in the files, and the commit or pull request that brings it to the branch."""
