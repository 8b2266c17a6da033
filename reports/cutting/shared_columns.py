"""Columns that several subjects have: which match, of whom, of what. Said once, they read the same everywhere."""

from django.utils.translation import gettext as _

from reports.cutting import cells
from reports.cutting.cells import column
from reports.document import Kind

TEXT, NUMBER, CODE = Kind.TEXT, Kind.NUMBER, Kind.CODE

MATCH = column(
    "match",
    lambda: _("Match"),
    NUMBER,
    lambda: _("Number of the match. It stays the same in every run."),
    width=9,
    is_name=True,
)
EXAMPLE = column(
    "example",
    lambda: _("Example"),
    CODE,
    lambda: _("Says so where one of the two companies is invented."),
    words=cells.EXAMPLE,
    width=10,
)
EXPORTER = column(
    "exporter",
    lambda: _("Exporter"),
    TEXT,
    lambda: _("Registered name of the company that offers the goods."),
    width=32,
)
IMPORTER = column(
    "importer",
    lambda: _("Importer"),
    TEXT,
    lambda: _("Registered name of the company that wants the goods."),
    width=32,
)
GOODS = column("goods", lambda: _("Goods"), CODE, lambda: _("The goods that are offered."), width=30)
HS_CODE = column(
    "hs_code",
    lambda: _("HS code"),
    TEXT,
    lambda: _("Digits of the goods in the Harmonized System, with their zeros."),
    width=10,
)
OF_PAIR = (MATCH, EXAMPLE, EXPORTER, IMPORTER, GOODS, HS_CODE)
