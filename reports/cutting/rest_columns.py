"""The columns of what a plan leaves of needs and of capacities."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from matching.enums import Rest
from matching.texts import CHANGE_NAMES
from reports.cutting import cells, words
from reports.cutting.cells import column
from reports.cutting.shared_columns import HS_CODE
from reports.document import Column, Kind, in_every_language

SEVERAL, STAFF = "several", "staff"
TEXT, NUMBER, CODE = Kind.TEXT, Kind.NUMBER, Kind.CODE

# What is called otherwise on the two sides.
OF_NEEDS: dict[str, Callable[[], str]] = {
    "listing": lambda: _("Need"),
    "reference": lambda: _("Reference of what the importer wants."),
    "company": lambda: _("Importer"),
    "name": lambda: _("Registered name of the company that wants the goods."),
    "goods": lambda: _("What the need names first: goods, or a group of goods."),
    "place": lambda: _("Where the goods go"),
    "named": lambda: _("The destination that the need names."),
    "quantity": lambda: _("Wanted, t"),
    "left": lambda: _("Not met, t"),
    "partner": lambda: _("Nearest exporter"),
}
OF_CAPACITIES: dict[str, Callable[[], str]] = {
    "listing": lambda: _("Capacity"),
    "reference": lambda: _("Reference of what the exporter offers."),
    "company": lambda: _("Exporter"),
    "name": lambda: _("Registered name of the company that offers the goods."),
    "goods": lambda: _("The goods that are offered."),
    "place": lambda: _("Where the goods are loaded"),
    "named": lambda: _("The place that the capacity names."),
    "quantity": lambda: _("Offered, t"),
    "left": lambda: _("Not used, t"),
    "partner": lambda: _("Nearest importer"),
}


def rest_columns(side: str) -> tuple[Column, ...]:
    """The columns of what is left: of needs, or of capacities."""
    said = OF_NEEDS if side == "need" else OF_CAPACITIES
    return (
        column(
            "listing",
            said["listing"],
            TEXT,
            said["reference"],
            width=14,
        ),
        column(
            "example",
            lambda: _("Example"),
            CODE,
            lambda: _("Says so where the company is invented."),
            words=cells.EXAMPLE,
            width=10,
        ),
        column(
            "company",
            said["company"],
            TEXT,
            said["name"],
            width=32,
        ),
        column(
            "where", lambda: _("Where the company is"), CODE, lambda: _("Town of the company, or its region."), width=20
        ),
        column("sector", lambda: _("Sector"), CODE, lambda: _("Sector of the goods."), words=words.sectors()),
        column(
            "goods",
            lambda: _("Goods"),
            CODE,
            said["goods"],
            width=30,
        ),
        HS_CODE,
        column(
            "place",
            said["place"],
            CODE,
            said["named"],
            width=20,
        ),
        column("country", lambda: _("Country"), CODE, lambda: _("Country of that place."), words=words.countries()),
        column(
            "quantity_t",
            said["quantity"],
            NUMBER,
            lambda: _("In all months together, when the run read the book."),
            places=3,
        ),
        column("planned_t", lambda: _("Planned, t"), NUMBER, lambda: _("What the plan moves of it."), places=3),
        column(
            "left_t",
            said["left"],
            NUMBER,
            lambda: _("The quantity without what is planned."),
            places=3,
        ),
        column(
            "rest",
            lambda: _("What stands in the way"),
            CODE,
            lambda: _("Why the plan leaves a part."),
            words=words.of_choices(Rest.choices),
            width=30,
        ),
        column(
            "rule",
            lambda: _("Rule that binds"),
            CODE,
            lambda: _("The rule that would have to be met for more to move."),
            words=rules_that_bind(),
            width=20,
        ),
        column(
            "partner",
            said["partner"],
            TEXT,
            lambda: _(
                "With whom it would be opened, or who trades with others instead. Empty where nobody is to be named."
            ),
            width=32,
        ),
        column(
            "change",
            lambda: _("What would open it"),
            CODE,
            lambda: _("The smallest change by one side, where one rule alone stands in the way."),
            words=words.of_choices(CHANGE_NAMES.items()),
            width=32,
        ),
        column(
            "change_of", lambda: _("Paper, term or parameter"), CODE, lambda: _("What that change is about."), width=24
        ),
        column(
            "amount",
            lambda: _("By how much"),
            NUMBER,
            lambda: _(
                "The size of the change; of goods that go to others, how much goes there; "
                "of lots, the smallest shipment."
            ),
            places=3,
        ),
        column("unit", lambda: _("Unit"), CODE, lambda: _("Of that amount."), width=8),
        column(
            "worth",
            lambda: _("Worth, in points"),
            NUMBER,
            lambda: _(
                "In points of 100 for each tonne: how much better the whole plan would be, as if lots could be split. "
                "This is no money."
            ),
            places=1,
        ),
        column(
            "says",
            lambda: _("In a sentence"),
            CODE,
            lambda: _("Why, as the page of the plan says it; only in reports of up to 2,000 rows."),
            width=60,
        ),
    )


def rules_that_bind() -> words.Words:
    return words.rules() | {
        SEVERAL: in_every_language(lambda: _("Several rules")),
        STAFF: in_every_language(lambda: _("Instruction of staff")),
    }
