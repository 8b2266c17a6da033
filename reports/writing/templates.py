"""Version of what lays out each format. Raise it with every change by which the same cut gives other bytes."""

from reports.enums import Format

TEMPLATES: dict[Format, int] = {Format.XLSX: 1, Format.CSV: 1, Format.PDF: 3, Format.JSON: 1}
