"""Why a match does not score higher: what each part of the score loses, on which facts, and what would raise it."""
