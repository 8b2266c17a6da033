"""The lists of matches, near misses and goods: what narrows and sorts them, which columns and rows they show."""
