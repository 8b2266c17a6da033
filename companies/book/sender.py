"""Who sends a book, and what that lets it say: at the terminal all, on a page what one could do there by hand too."""

from collections.abc import Callable
from dataclasses import dataclass

from companies.models import Company


@dataclass(frozen=True)
class Sender:
    """On whose word a book comes in.

    Args:
        is_staff: may fill the columns that only those who verify companies fill.
        is_page: sent on a page: nothing is checked, let in or suspended by a spreadsheet.
        own: a company that sends its own listings, and nothing else.
        acts_for: companies with people of their own for which the sender may write all the same.
        countries: whose companies they may bring in; None: any.
        source: what companies that come in are known by.
    """

    is_staff: bool = True
    is_page: bool = False
    own: Company | None = None
    acts_for: frozenset[int] = frozenset()
    countries: frozenset[str] | None = None
    source: str = ""

    @property
    def vouches(self) -> bool:
        """Whoever runs the product says at the terminal what was checked."""
        return self.is_staff and not self.is_page


# Told of each row while a book is read: how many are done, of how many.
Progress = Callable[[int, int], None]
