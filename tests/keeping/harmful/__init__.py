"""An app whose migrations would stop those who work. No installation ever gets it."""
