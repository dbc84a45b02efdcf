"""Running the steps of a release: what is planned, asked, executed and verified."""
