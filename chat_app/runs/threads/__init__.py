"""The list of a person's threads: read in pages, polled, changed and deleted."""
