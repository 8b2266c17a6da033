"""Matches, as runs leave them: what a later run changed is counted to the row."""

import pytest

from matching.models import Match
from reports import services
from reports.enums import Format, Subject
from reports.orders import Order
from reports.services.comparing import Compared
from reports.services.verifying import look_up
from tests.factories import CommodityFactory
from tests.matching.book import capacity, need, open_corridor
from tests.matching.found import finished_run, found
from tests.reports.making.small import officer

pytestmark = pytest.mark.django_db
COLUMNS = ("match", "importer", "exporter", "score", "run")


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr("reports.services.verifying.KEPT_S", 0)


def pairs(count: int) -> list[tuple]:
    open_corridor()
    goods = [CommodityFactory() for _number in range(count)]
    return [(need(one), capacity(one)) for one in goods]


@pytest.mark.parametrize("columns", [COLUMNS, COLUMNS[1:4]])  # also where nobody chose the number of the match
def test_later_run_is_told_with_what_it_changed(columns):
    book = pairs(6)
    first = finished_run()
    for wanted, offered in book[:5]:
        found(first, wanted, offered)
    order = Order(subject=Subject.MATCHES, columns=columns)
    report = services.order_report(user=officer(), order=order, files=[(Format.CSV, ("en",))])
    services.carry_out(report.pk)

    before = look_up(str(report.public_id))
    second = finished_run()
    for number, (wanted, offered) in enumerate(book[1:]):  # the first is not found any more, the last is new
        found(second, wanted, offered, score_ppm=700_000 if number < 2 else 800_000)
    Match.objects.filter(need=book[0][0]).update(is_current=False)
    after = look_up(str(report.public_id))

    assert (before.run.number, before.later_run, before.compared) == (first.pk, None, Compared(5, 0, 0, 0))
    assert (after.later_run.number, after.compared) == (second.pk, Compared(2, 2, 1, 1))
