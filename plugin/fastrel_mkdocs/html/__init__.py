"""HTML of the page: the headline, phases, steps, past releases, boards."""
