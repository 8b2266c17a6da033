"""What goes to PostgreSQL in columns says what it said before, or is refused."""

import numpy as np
import pytest
from django.db import connection

from matching.services.copying import write_columns

pytestmark = pytest.mark.django_db


def test_number_that_a_column_cannot_hold_is_refused_and_not_turned_into_another():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE counted (pieces int4)")

    with pytest.raises(ValueError, match="pieces holds a number that int32 cannot"):
        write_columns("counted", {"pieces": np.array([1, 30_000_000_000])}, {"pieces": "int4"})
