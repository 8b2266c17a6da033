"""What the law and the way have to know of goods."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Good:
    """A commodity or a heading: its interval of the tree, its HS code and its sector."""

    lo: int
    hi: int
    hs6: str
    sector: str
