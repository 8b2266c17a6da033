"""Two entries of one company brought together by those who verify it, and parted again where that was a mistake."""

from companies.services.merging.comparing import Comparison, comparison_of, why_not
from companies.services.merging.merging import merge_companies
from companies.services.merging.undoing import Undoing, undo_merge, undoing_of

__all__ = ["Comparison", "Undoing", "comparison_of", "merge_companies", "undo_merge", "undoing_of", "why_not"]
