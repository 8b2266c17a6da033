"""What the pages of runs and what-ifs show, and what they ask."""
