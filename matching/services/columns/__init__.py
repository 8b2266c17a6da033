"""The book in columns: what `matching.services.listings` says row by row, read by COPY and made by numpy.

The row-wise reader is the specification, and reads few listings; this one reads the whole book. A test compares them.
"""

from matching.services.columns.reading import Columns, read_columns_of_book
from matching.services.columns.sql import InBook

__all__ = ["Columns", "InBook", "read_columns_of_book"]
