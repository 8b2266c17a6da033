"""Guards, each weakened in turn, to see that a test tells: `python -m tests.mutations` runs them and reports."""
