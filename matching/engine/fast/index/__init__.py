"""The search index: blocks of listings that promise no less than any of theirs is worth."""
