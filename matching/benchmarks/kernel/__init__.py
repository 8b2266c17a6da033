"""What a processor can do at best: the lane kernel of the search beside a minimal C loop of the same rules."""
