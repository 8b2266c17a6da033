"""Near misses of large markets: found, opened by their smallest step, and divided among the listings."""
