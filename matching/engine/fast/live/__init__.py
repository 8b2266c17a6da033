"""The market of now: a snapshot, the listings edited since, and what an edit changes."""
