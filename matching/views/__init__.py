"""Pages of matches, near misses and runs."""
