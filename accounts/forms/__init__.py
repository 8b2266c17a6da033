"""Forms of accounts, in our words: labels above the fields, hints below them, nothing inside."""
