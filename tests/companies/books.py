"""Makes the files that people send: workbooks and CSV files, with a small catalogue to name things from."""

import csv
import datetime as dt
import io
from decimal import Decimal

import xlsxwriter

from commodities.enums import ParameterKind
from companies.book.answer import BookAnswer
from companies.book.importing import import_book
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    CommodityGroupFactory,
    CommodityParameterFactory,
    HeadingFactory,
    ParameterFactory,
    PlaceFactory,
    RegionFactory,
    below,
)

TODAY = dt.date(2026, 11, 25)

COMPANY = {"code": "alatau", "name_registered": "ТОО «Алатау»", "country": "KZ"}
SELLER = {"code": "kariangau", "name_registered": "PT Kariangau", "country": "ID"}
NEED = {
    "company": "alatau",
    "reference": "N-1",
    "commodities": "rbd-palm-olein",
    "quantity": 120,
    "unit": "t",
    "period": "monthly",
    "destination": "KZALA",
    "window_from": dt.date(2027, 1, 1),
    "window_until": dt.date(2027, 6, 30),
}
CAPACITY = {
    "company": "kariangau",
    "reference": "C-1",
    "commodity": "rbd-palm-olein",
    "quantity": 400,
    "unit": "t",
    "period": "monthly",
    "place": "IDKRG",
    "available_from": dt.date(2027, 1, 1),
    "available_until": dt.date(2027, 12, 31),
}


def catalogue() -> None:
    """Palm olein under its headings, shrimp with a choice of sizes, a group, two places, a region, certificates."""
    heading = HeadingFactory(code="1511", name_en="Palm oil and its fractions", tree_lo=1000, tree_hi=1050)
    olein = CommodityFactory(
        **below(heading, 10),
        code="rbd-palm-olein",
        hs_code="151190",
        name_en="RBD palm olein",
        name_id="Olein sawit RBD",
        name_ru="Пальмовый олеин",
        name_kk="Пальма олеині",
        synonyms={"id": ["minyak goreng curah"], "en": ["cooking oil"]},
        density_kg_per_l=Decimal("0.91"),
        box20_kg=21_500,
    )
    CommodityFactory(**below(heading, 20), code="palm-superolein", synonyms={"en": ["cooking oil"]})
    shrimp = HeadingFactory(code="0306", name_en="Crustaceans", tree_lo=300, tree_hi=350)
    vannamei = CommodityFactory(**below(shrimp, 10), code="vannamei-shrimp", name_en="Vannamei shrimp")
    CommodityParameterFactory(commodity=olein, parameter=ParameterFactory(key="ffa"))
    CommodityParameterFactory(commodity=olein, parameter=ParameterFactory(key="iv", unit="g I2/100 g"))
    CommodityParameterFactory(
        commodity=vannamei,
        parameter=ParameterFactory(key="size", unit="pcs/lb"),
        kind=ParameterKind.CHOICE,
        values=["16/20", "21/25"],
    )
    CommodityGroupFactory(code="edible-palm", members=[olein], name_en="Edible palm products")
    PlaceFactory(code="KZALA", name_en="Almaty", name_ru="Алматы", country="KZ", roles=["city"])
    PlaceFactory(code="IDKRG", name_en="Kariangau", country="ID", roles=["sea_port"])
    RegionFactory(code="KZ-75", name_en="Almaty", name_ru="Алматы", country="KZ", aliases=["Alma-Ata"])
    CertificateKindFactory(code="halal_bpjph", name_en="Halal certificate", name_id="Sertifikat halal")
    CertificateKindFactory(code="haccp", name_en="HACCP certificate")
    CertificateKindFactory(code="rspo")


def table(*rows: dict) -> list[list]:
    """A heading and a line for each row; the columns are those that any row fills."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return [columns, *([row.get(column) for column in columns] for row in rows)]


def workbook(sheets: dict[str, list[list]]) -> bytes:
    """An .xlsx with a sheet for each table. Text stays text, numbers are numbers, days are days."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(buffer, options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for index, value in enumerate(row):
                    if isinstance(value, Formula):
                        sheet.write_formula(number, index, value.text, value=value.shows)
                    elif value is not None:
                        sheet.write(number, index, value)
    return buffer.getvalue()


class Formula:
    """A live formula, and what it shows."""

    def __init__(self, text: str, shows=0):
        self.text = text
        self.shows = shows


def csv_file(rows: list[list], *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def send(*rows: dict, sheet: str = "Companies", **options) -> BookAnswer:
    """A workbook of one sheet, taken."""
    return take({sheet: table(*rows)}, **options)


def take(sheets: dict[str, list[list]], **options) -> BookAnswer:
    """A workbook, taken on the day of the tests."""
    return import_book([("book.xlsx", workbook(sheets))], today=TODAY, **options)


def outcomes(answer: BookAnswer) -> list[tuple[str, int, str]]:
    return [(row.sheet, row.row, row.outcome.value) for row in answer.rows]


def faults(answer: BookAnswer) -> list[tuple[str, str, str]]:
    """Every fault of a row: cell, code, what was found."""
    return [
        (message.cell, message.code, message.found)
        for row in answer.rows
        if row.outcome == "refused"
        for message in row.messages
    ]
