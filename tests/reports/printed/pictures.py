"""Pages of a PDF as pictures, written without a library of pictures."""

import zlib
from pathlib import Path
from struct import pack

import pypdfium2


def pictures(pdf: bytes, into: Path, name: str, *, scale: float = 1.6) -> list[Path]:
    """Each page as a PNG."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for number in range(len(document)):
        bitmap = document[number].render(scale=scale, rev_byteorder=True)
        found.append(into / f"{name}-{number + 1}.png")
        found[-1].write_bytes(_png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride))
    document.close()
    return found


def _png(pixels: bytes, width: int, height: int, stride: int) -> bytes:
    """Three bytes a pixel, red first."""
    rows = b"".join(b"\x00" + pixels[at : at + 3 * width] for at in range(0, height * stride, stride))
    head = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
