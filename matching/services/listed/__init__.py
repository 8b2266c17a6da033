"""The list of matches, kept true. Triggers do it with every change; here is what they leave. See docs/lists.md."""

from matching.services.listed.settling import is_book_in_doubt, settle, settle_doubts

__all__ = ["is_book_in_doubt", "settle", "settle_doubts"]
