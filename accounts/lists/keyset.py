"""Pages of a long list by the row they stand beside: the last page costs what the first does.

A place in a list is the key of a row: its number, and the value by which the list is sorted, "812:760000". Without a
value the row has none and stands among the last, in both directions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator
from django.db.models import DecimalField, F, Field, Q, QuerySet
from django.utils.translation import gettext as _

KEY = "key_of_the_list"
MOST_DIGITS = 18
LONGEST_DECIMAL = 40


@dataclass(frozen=True)
class Place:
    """A row of a list, by its key."""

    number: int
    value: Any

    def __str__(self) -> str:
        return str(self.number) if self.value is None else f"{self.number}:{self.value}"


def fits_column(value: Decimal, field: DecimalField) -> None:
    """Refuse what no row of the column can hold: the database would stumble over a number that is huge or tiny.

    What is worked out from several columns is held to the bounds of a number as such.
    """
    if abs(value.adjusted()) >= LONGEST_DECIMAL:
        raise ValueError(value.adjusted())
    DecimalValidator(field.max_digits or LONGEST_DECIMAL, field.decimal_places)(value)


@dataclass(frozen=True)
class Order:
    """By what a list is sorted, and whether it falls. Rows without a value come last, equals by their number."""

    path: str
    falls: bool

    def field(self, rows: QuerySet) -> Field:
        return F(self.path).resolve_expression(rows.query.clone(), allow_joins=True).output_field

    def may_be_empty(self, rows: QuerySet) -> bool:
        """Whether a row may have no value: its column may be empty, or it lies in another table."""
        field = self.field(rows)
        return field.null or getattr(field, "model", None) is not rows.model

    def read(self, rows: QuerySet, written: str) -> Place:
        """A place as an address holds it, or a refusal in words."""
        number, colon, text = written.partition(":")
        field = self.field(rows)
        try:
            if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS) or "\x00" in text:
                raise ValueError(written)
            value = field.to_python(text) if colon else None
            if isinstance(field, DecimalField) and value is not None:
                fits_column(value, field)
        except (ValidationError, ValueError, ArithmeticError):
            said = _("“%(place)s” is no place in this list. Begin at its first page.")
            raise ValidationError(said, params={"place": written[:40]}) from None
        return Place(int(number), value)

    def parts(self, rows: QuerySet, place: Place, *, back: bool) -> Iterator[QuerySet]:
        """The rows behind a place, or before it and then the nearest first: in parts that an index gives each."""
        number = "-pk" if back else "pk"
        beside = Q(pk__lt=place.number) if back else Q(pk__gt=place.number)
        without = rows.filter((f"{self.path}__isnull", True))
        falls = self.falls != back
        key = F(self.path).desc() if falls else F(self.path).asc()
        known = rows.filter((f"{self.path}__isnull", False)).order_by(key, number)
        if place.value is None:
            yield without.filter(beside).order_by(number)
            if back:
                yield known
            return
        yield rows.filter(beside, (self.path, place.value)).order_by(number)
        yield known.filter((f"{self.path}__{'lt' if falls else 'gt'}", place.value))
        if not back and self.may_be_empty(rows):
            yield without.order_by("pk")

    def beside(self, rows: QuerySet, place: Place, most: int, *, back: bool) -> list:
        """So many rows behind a place or before it, in the order of the list."""
        found: list = []
        for part in self.parts(rows, place, back=back):
            found += part[: most - len(found)]
            if len(found) == most:
                break
        return found[::-1] if back else found

    def keyed(self, rows: QuerySet) -> QuerySet:
        """The rows with what their keys are made of."""
        return rows.annotate(**{KEY: F(self.path)})


def place_of(row) -> Place:
    return Place(row.pk, getattr(row, KEY))
