"""Reads the XML of a workbook as a stream and stops at the first thing that no honest workbook holds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from accounts.sheets.sheet import FileRefused

CHUNK_BYTES = 65_536
MAX_TAG_BYTES = 4 * CHUNK_BYTES
MAX_DEPTH = 64
# The reader sets memory aside for as many texts or styles as a part says it has.
COUNTS = {"count", "uniqueCount"}
MAX_COUNT_DIGITS = 6
# Read as UTF-8 whatever it declares, as calamine does next: what one takes for text may be cells to the other.
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
MAX_NAMES = 2_000
MAX_ELEMENTS = 1_200_000
MAX_CELLS = 750_000
MAX_SHARED_LETTERS = 10_000_000


@dataclass
class Budget:
    """What all parts of one workbook may still hold together."""

    elements: int = MAX_ELEMENTS
    # The tables that its sheets become, blank cells counted.
    cells: int = MAX_CELLS
    # A text kept once can be shown in every cell, and is then copied for each.
    shared_letters: int = MAX_SHARED_LETTERS

    def take_cells(self, cells: int) -> None:
        self.cells -= cells
        if self.cells < 0:
            raise FileRefused("too_many_cells")

    def take_shared_letters(self, letters: int) -> None:
        self.shared_letters -= letters
        if self.shared_letters < 0:
            raise FileRefused("workbook_holds_too_much_text")


def _nothing(_name: str) -> None:
    pass


def _check_counts(attributes: dict[str, str]) -> None:
    for name in COUNTS & attributes.keys():
        if not re.fullmatch(rf"[0-9]{{1,{MAX_COUNT_DIGITS}}}", attributes[name]):
            raise FileRefused("workbook_is_damaged")


def walk(
    content: bytes,
    budget: Budget,
    on_start: Callable[[str, dict[str, str]], None],
    on_end: Callable[[str], None] = _nothing,
    on_text: Callable[[str], None] | None = None,
) -> None:
    """Tell each element by its local name. A document type is refused: it can expand."""
    if content.startswith(UTF_16_MARKS):
        raise FileRefused("workbook_is_damaged")
    depth = 0
    left = budget.elements

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, left
        depth += 1
        left -= 1
        if depth > MAX_DEPTH:
            raise FileRefused("workbook_is_damaged")
        if left < 0:
            raise FileRefused("too_many_cells")
        if not COUNTS.isdisjoint(attributes):
            _check_counts(attributes)
        on_start(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        on_end(name.rpartition(":")[2])

    def refuse_document_type(*_facts) -> None:
        raise FileRefused("workbook_is_damaged")

    names: dict[str, str] = {}
    parser = expat.ParserCreate("utf-8", intern=names)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = on_text
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_document_type
    try:
        for begin in range(0, len(content), CHUNK_BYTES):
            parser.Parse(content[begin : begin + CHUNK_BYTES], False)
            if begin - parser.CurrentByteIndex > MAX_TAG_BYTES or len(names) > MAX_NAMES:
                raise FileRefused("workbook_is_damaged")  # a tag of millions of attributes, or of names
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileRefused("workbook_is_damaged") from error
    budget.elements = left
