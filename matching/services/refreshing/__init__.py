"""One edit refreshes one listing: who fits a need or a capacity, sought anew right after it was saved.

`asking` records what is to be sought, `parts` reads the part of the book that the edit can touch, `differences` writes
what has come out otherwise, `work` brings them together. See docs/running.md.
"""

from matching.services.refreshing.asking import (
    ask_for_refresh,
    ask_for_refresh_of_books,
    ask_for_refresh_of_partners,
    refresh_of,
)

__all__ = ["ask_for_refresh", "ask_for_refresh_of_books", "ask_for_refresh_of_partners", "refresh_of"]
