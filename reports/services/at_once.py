"""A list as a file, at once: exactly the rows that its page shows, in its order, without a report that is kept."""

import tempfile
from pathlib import Path
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import figures
from accounts.models import User
from matching.lists import listed_results, newest_run
from matching.tables.filters import MatchFilter
from reports.cutting.list_columns import columns_shown
from reports.cutting.matches import cut_of
from reports.enums import Format, Subject
from reports.orders import Order
from reports.unkept import frozen_once
from reports.writing import WRITERS

MOST_ROWS = 10_000  # as long as somebody waits for a page; a worker makes what is longer


def matches_at_once(filters: MatchFilter, user: User, kind: Format, language: str) -> BinaryIO:
    """The file of a valid filter of the list of matches, open to be read. Refuses what takes longer than a page may."""
    if (count := filters.qs.count()) > MOST_ROWS:
        raise ValidationError(
            _("%(count)s rows are too many to hand over at once (at most %(most)s). Order them as a report."),
            params={"count": figures.decimal(count), "most": figures.decimal(MOST_ROWS)},
        )
    order = Order(subject=Subject.MATCHES, query=filters.data.urlencode(), columns=columns_shown(filters.form))
    rows, run = listed_results(user), newest_run(user)
    with frozen_once(lambda put: cut_of(order, rows, run, put)) as frozen, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"matches.{kind}"
        WRITERS[kind](path, frozen, (language,))
        return path.open("rb")  # stays readable after the folder is gone
