"""Looking at everything that a release needs, and saying how to fix what is wrong. Changes nothing."""
