"""A book made by chance, to see how a large one does: written by COPY, marked as an example, taken away whole."""

from matching.services.made_book.drawing import Wanted
from matching.services.made_book.removing import remove_book
from matching.services.made_book.writing import make_book

__all__ = ["Wanted", "make_book", "remove_book"]
