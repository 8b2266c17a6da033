"""Likely duplicates: companies that are here already under a name that somebody types. Never merged silently."""

from companies.finding.finder import Candidate, find_company
from companies.finding.likeness import THRESHOLD, Likeness, likeness

__all__ = ["THRESHOLD", "Candidate", "Likeness", "find_company", "likeness"]
