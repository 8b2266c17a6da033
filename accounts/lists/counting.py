"""How many rows there are: exactly up to a bound, beyond it "10,000+". Nobody reads on to the exact number."""

from django.db.models import QuerySet

from accounts.figures import AtLeast

MOST_COUNTED = 10_000


def counted(rows: QuerySet) -> int:
    """The number of rows; `AtLeast` the bound where there are more. It reads no more than the bound, and one."""
    return bounded(rows.order_by().values("pk")[: MOST_COUNTED + 1].count())


def bounded(number: int) -> int:
    """A number that was counted as far as it is shown, or further."""
    return AtLeast(MOST_COUNTED) if number > MOST_COUNTED else number
