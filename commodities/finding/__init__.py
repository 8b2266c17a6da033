"""The commodity finder: from words as traders write them to goods, groups and HS codes. See docs/finder.md."""

from commodities.finding.finder import Found, Suggestion, find_commodity

__all__ = ["Found", "Suggestion", "find_commodity"]
