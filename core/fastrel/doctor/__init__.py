"""Looking at everything that a release needs, and saying how to mend what is wrong. Changes nothing."""
