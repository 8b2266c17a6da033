"""What the newest plan moves and what it is worth, as figures for pages and reports."""
