"""What is missing, gathered: near misses as policy, and the letter to one company. See docs/coaching.md."""
