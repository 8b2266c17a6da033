"""Made markets of any size, and what work on them costs. See docs/benchmarks.md."""
