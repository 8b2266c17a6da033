"""Input of the corridor's pages as clean values."""
