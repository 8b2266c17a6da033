"""From a file that somebody sent to its sheets, checked in this order: size, extension, content, then the inside."""

from pathlib import PurePath

from accounts.sheets.csvs import read_csv
from accounts.sheets.sheet import MAX_BYTES, FileRefused, Sheet
from accounts.sheets.workbooks import read_workbook

ZIP_SIGNATURE = b"PK\x03\x04"
# The box of old .xls files, and of workbooks locked with a password.
OLD_OFFICE_SIGNATURE = b"\xd0\xcf\x11\xe0"
WITH_MACROS = {".xlsm", ".xltm", ".xlam", ".xlsb"}


def read_sheets(name: str, data: bytes) -> list[Sheet]:
    """The sheets of one .xlsx or .csv file. Raises FileRefused."""
    if check_outside(name, data) == ".csv":
        return [read_csv(PurePath(name).name, data)]
    return read_workbook(data)


def check_outside(name: str, data: bytes) -> str:
    """What a file is, by its name and its first bytes, which must agree: .xlsx or .csv. Raises FileRefused."""
    if len(data) > MAX_BYTES:
        raise FileRefused("file_too_large", megabytes=round(len(data) / 1_000_000, 1), most=MAX_BYTES // 1_000_000)
    if not data.strip():
        raise FileRefused("file_is_empty")
    extension = PurePath(name).suffix.lower()
    if extension in WITH_MACROS:
        raise FileRefused("workbook_has_macros", part=extension)
    if extension not in (".xlsx", ".csv"):
        raise FileRefused("file_kind_unknown", extension=extension or "?")
    if data.startswith(OLD_OFFICE_SIGNATURE):
        raise FileRefused("workbook_is_locked")
    if extension == ".csv":
        if data.startswith(ZIP_SIGNATURE):
            raise FileRefused("csv_is_workbook")
    elif not data.startswith(ZIP_SIGNATURE):
        raise FileRefused("workbook_is_none")
    return extension
