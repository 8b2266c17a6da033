"""From a file that somebody sent to its sheets, checked in this order: size, extension, content, then the inside."""

from pathlib import PurePath

from companies.book.csvs import read_csv
from companies.book.sheets import MAX_BYTES, BookRefused, Sheet
from companies.book.workbooks import read_workbook

ZIP_SIGNATURE = b"PK\x03\x04"
# The box of old .xls files, and of workbooks locked with a password.
OLD_OFFICE_SIGNATURE = b"\xd0\xcf\x11\xe0"
WITH_MACROS = {".xlsm", ".xltm", ".xlam", ".xlsb"}


def read_sheets(name: str, data: bytes) -> list[Sheet]:
    """The sheets of one .xlsx or .csv file. Raises BookRefused."""
    if len(data) > MAX_BYTES:
        raise BookRefused("file_too_large", megabytes=round(len(data) / 1_000_000, 1), most=MAX_BYTES // 1_000_000)
    if not data.strip():
        raise BookRefused("file_is_empty")
    extension = PurePath(name).suffix.lower()
    if extension in WITH_MACROS:
        raise BookRefused("workbook_has_macros", part=extension)
    if extension not in (".xlsx", ".csv"):
        raise BookRefused("file_kind_unknown", extension=extension or "?")
    if data.startswith(OLD_OFFICE_SIGNATURE):
        raise BookRefused("workbook_is_locked")
    if extension == ".csv":
        if data.startswith(ZIP_SIGNATURE):
            raise BookRefused("csv_is_workbook")
        return [read_csv(PurePath(name).name, data)]
    if not data.startswith(ZIP_SIGNATURE):
        raise BookRefused("workbook_is_none")
    return read_workbook(data)
