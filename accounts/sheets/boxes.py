"""The box of a workbook (a zip) that a stranger sent: its parts, each unpacked only as far as it may go."""

import io
import zipfile
import zlib

from accounts.sheets.sheet import FileRefused

MAX_UNPACKED_BYTES = 50_000_000
MAX_PART_BYTES = 20_000_000
MAX_ENTRIES = 1_000
DIRECTORY_SIGNATURE = b"PK\x01\x02"

# Parts that make a workbook do something, or reach out of it.
FORBIDDEN_PARTS = {
    "xl/vbaproject": "workbook_has_macros",
    "xl/macrosheets/": "workbook_has_macros",
    "xl/externallinks/": "workbook_has_links",
    "xl/connections": "workbook_has_links",
    "xl/querytables/": "workbook_has_links",
    "xl/embeddings/": "workbook_has_objects",
    "xl/activex/": "workbook_has_objects",
}


class Box:
    """The parts of a workbook by name, after the number and the sizes it declares were found bearable."""

    def __init__(self, data: bytes):
        # Counted before the directory is read: each of its entries would become an object.
        if (parts := data.count(DIRECTORY_SIGNATURE)) > MAX_ENTRIES:
            raise FileRefused("workbook_has_too_many_parts", parts=parts, most=MAX_ENTRIES)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise FileRefused("workbook_is_damaged") from error
        self._entries = {entry.filename: entry for entry in self._zip.infolist() if not entry.is_dir()}
        self._check_sizes()
        self._check_names()

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str, most: int = MAX_PART_BYTES) -> bytes:
        """What is in a part, unpacked no further than the size it declares."""
        entry = self._entries[name]
        if entry.file_size > most:
            megabytes = -(-entry.file_size // 1_000_000)
            raise FileRefused("workbook_part_too_large", part=name, megabytes=megabytes, most=most // 1_000_000)
        # The other ways of packing, which no spreadsheet uses, cannot be unpacked step by step.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused("workbook_is_damaged")
        try:
            with self._zip.open(entry) as part:
                return part.read(entry.file_size)  # and no `read()`: that unpacks all before it cuts
        except RuntimeError as error:  # a locked part
            raise FileRefused("workbook_is_locked") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise FileRefused("workbook_is_damaged") from error

    def _check_sizes(self) -> None:
        unpacked = sum(entry.file_size for entry in self._zip.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            megabytes = -(-unpacked // 1_000_000)
            raise FileRefused("workbook_unpacks_too_large", megabytes=megabytes, most=MAX_UNPACKED_BYTES // 1_000_000)

    def _check_names(self) -> None:
        names = [entry.filename.replace("\\", "/").lower() for entry in self._zip.infolist()]
        for name, entry in zip(names, self._zip.infolist(), strict=True):
            for beginning, code in FORBIDDEN_PARTS.items():
                if name.lstrip("/").startswith(beginning):
                    raise FileRefused(code, part=entry.filename)
        if len(set(names)) != len(names):
            raise FileRefused("workbook_is_damaged")
