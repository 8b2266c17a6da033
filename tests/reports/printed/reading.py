"""A PDF as an independent reader finds it."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

from pypdf import PdfReader

from reports.frozen import Frozen
from reports.writing import pdfs

LANGUAGES = ("id", "en", "ru", "kk")
PAIRS = (("id", "ru"), ("en", "kk"))


def printed(tmp_path: Path, frozen: Frozen, *languages: str) -> bytes:
    path = tmp_path / "report.pdf"
    pdfs.write(path, frozen, languages)
    return path.read_bytes()


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, with single blanks for whatever divides its words."""
    return [flat(page.extract_text()) for page in read(pdf).pages]


def text_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf))


def flat(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def letters_in_order(texts: Sequence[str]) -> str:
    """Without blanks, for lines end anywhere; a letter and its accent are one, as the font has them."""
    return normalize("NFC", "".join("".join(texts).replace("\u200b", "").split()))


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """The name of each font, and whether it is in the file."""
    found = {}
    for page in read(pdf).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            (inner,) = font.get_object().get("/DescendantFonts", [font])
            described = inner.get_object()["/FontDescriptor"]
            found[described["/FontName"]] = "/FontFile2" in described or "/FontFile3" in described
    return found
