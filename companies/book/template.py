"""The template of the book: headings, an example row, drop-down lists, and a sheet of the words each column takes."""

import datetime as dt
import io

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from commodities.enums import NodeKind
from commodities.models import CertificateKind, Commodity, CommodityGroup, CommodityParameter
from companies.book.columns import SHEETS, Column, SheetKind
from companies.weights import allowed_units
from corridor.enums import Country
from corridor.models import Place

# How a row is filled, by language where it is not a code. The first cell marks it: such a row is not read.
EXAMPLE_MARK = {"en": "example: ", "id": "contoh: ", "ru": "пример: ", "kk": "мысал: "}
EXAMPLES = {
    "companies": {
        "code": "kariangau-oleo",
        "name_registered": "PT Kariangau Oleo",
        "name_short": "Kariangau Oleo",
        "country": "ID",
        "registration_number": "0000000000000",
        "region": "ID-64.71",
        "place": "IDKRG",
        "first_mile_km": 12,
        "city": "Balikpapan",
        "sectors": "palm_oil",
        "size": "small",
        "languages": "id; en",
        "certificates": "halal_bpjph=checked until 2027-09-30; rspo=not_held",
    },
    "needs": {
        "company": "alatau-sweets",
        "reference": "N-1",
        "commodities": "rbd-palm-olein; palm-superolein",
        "language": "ru",
        "quantity": 120,
        "unit": "t",
        "period": "monthly",
        "smallest_share": 20,
        "price": 1450,
        "currency": "USD",
        "price_unit": "t",
        "price_basis": "at_incoterm",
        "incoterm": "DAP",
        "named_place": "KZALA",
        "destination": "KZALA",
        "window_from": dt.date(2027, 1, 1),
        "window_until": dt.date(2027, 6, 30),
        "certificates": "halal_bpjph",
        "parameters": "ffa<=0.1; iv>=56",
        "excluded_origins": "",
        "payment_terms": "letter_of_credit; documents",
        "valid_until": dt.date(2027, 6, 30),
    },
    "capacities": {
        "company": "kariangau-oleo",
        "reference": "C-1",
        "commodity": "rbd-palm-olein",
        "language": "id",
        "quantity": 400,
        "unit": "t",
        "period": "monthly",
        "lot": 20,
        "packaging": "flexitank",
        "net_kg_per_transport_unit": 21500,
        "price": 1080,
        "currency": "USD",
        "price_unit": "t",
        "incoterm": "FOB",
        "place": "IDKRG",
        "available_from": dt.date(2027, 1, 1),
        "available_until": dt.date(2027, 12, 31),
        "lead_days": 14,
        "parameters": "ffa<=0.08; iv 56-58",
        "certificates": "halal_bpjph=checked until 2027-09-30",
        "payment_terms": "letter_of_credit",
    },
}
FILLED_ROWS = 5_000
# The day written into the file, so that the same template has the same bytes.
MADE_ON = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def book_template(language: str, *, with_companies: bool = True) -> bytes:
    """An .xlsx to fill in, with headings in English, Indonesian or Russian (for Kazakh: Russian)."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with translation.override(language), xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties({"title": "TradeMatch", "created": MADE_ON})
        styles = {
            "needed": workbook.add_format({"bold": True, "bg_color": "#DCE9F5", "border": 1}),
            "heading": workbook.add_format({"bold": True, "border": 1}),
            "example": workbook.add_format({"italic": True, "font_color": "#666666"}),
            "example_day": workbook.add_format({"italic": True, "font_color": "#666666", "num_format": "yyyy-mm-dd"}),
            "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "text": workbook.add_format({"num_format": "@"}),
        }
        for kind in SHEETS if with_companies else SHEETS[1:]:
            _add_sheet(workbook, kind, language, styles)
        _add_allowed_values(workbook, styles, language)
    return buffer.getvalue()


def _add_sheet(workbook, kind: SheetKind, language: str, styles: dict) -> None:
    sheet = workbook.add_worksheet(kind.heading(language))
    sheet.freeze_panes(1, 2)
    for index, column in enumerate(kind.columns):
        heading = column.heading(language) + (" *" if column.required else "")
        style = {"day": styles["day"], "amount": None, "whole": None}.get(column.kind, styles["text"])
        sheet.set_column(index, index, max(14, len(heading) + 2), style)
        sheet.write_string(0, index, heading, styles["needed" if column.required else "heading"])
        _write_example(
            sheet, index, column, EXAMPLES[kind.key].get(column.key, ""), styles, language if index == 0 else ""
        )
        if column.kind == "choice":
            source = [accepted[0] for accepted in column.choices.values()]
            sheet.data_validation(2, index, FILLED_ROWS, index, {"validate": "list", "source": source})


def _write_example(sheet, index: int, column: Column, value, styles: dict, language: str) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(1, index, value, styles["example_day"])
    elif isinstance(value, str):
        sheet.write_string(1, index, (EXAMPLE_MARK[language] if language else "") + value, styles["example"])
    else:
        sheet.write_number(1, index, value, styles["example"])


def _add_allowed_values(workbook, styles: dict, language: str) -> None:
    """Column, accepted words, what they mean: everything a cell with a fixed choice may hold."""
    names = {"en": "Allowed values", "id": "Nilai yang diizinkan"}
    sheet = workbook.add_worksheet(names.get(language, "Допустимые значения"))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 3, 60)
    headings = (_("Column"), _("Write"), _("Meaning"), _("Remark"))
    for index, heading in enumerate(headings):
        sheet.write_string(0, index, heading, styles["heading"])
    for number, row in enumerate([*_choices(language), *_goods(), *_places_and_certificates()], start=1):
        for index, text in enumerate(row):
            sheet.write_string(number, index, text)


def _choices(language: str) -> list[tuple[str, ...]]:
    rows, seen = [], set()
    for kind in SHEETS:
        for column in kind.columns:
            for code, accepted in column.choices.items():
                row = (
                    column.heading(language),
                    accepted[0],
                    str(getattr(code, "label", code)),
                    "; ".join(accepted[1:]),
                )
                if row not in seen:
                    seen.add(row)
                    rows.append(row)
    return rows


def _goods() -> list[tuple[str, ...]]:
    """Every tradable commodity with its units and parameters, then the groups."""
    parameters: dict[int, list[str]] = {}
    for use in CommodityParameter.objects.select_related("parameter").order_by("commodity", "parameter"):
        name = f"{use.parameter.key}[{use.parameter.unit}]"
        parameters.setdefault(use.commodity_id, []).append(f"{name}={'|'.join(use.values)}" if use.values else name)
    rows = []
    for good in Commodity.objects.filter(kind=NodeKind.COMMODITY).order_by("tree_lo"):
        remark = f"HS {good.hs_code}; {', '.join(allowed_units(good))}; {'; '.join(parameters.get(good.pk, ()))}"
        rows.append((_("Commodity"), good.code, good.name, remark))
    rows += [
        (_("Group of goods"), group.code, group.name, _("for needs only")) for group in CommodityGroup.objects.all()
    ]
    return rows


def _places_and_certificates() -> list[tuple[str, ...]]:
    places = Place.objects.filter(country__in=Country.values)
    rows = [(_("Place"), place.code, place.name, place.country) for place in places.order_by("country", "code")]
    rows += [(_("Certificate"), kind.code, kind.name, kind.issuer_type) for kind in CertificateKind.objects.all()]
    return rows
