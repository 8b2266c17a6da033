"""What was counted of the book is counted anew after every change of it, and only then."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F

from accounts.enums import Role
from accounts.lists.remembering import Memory, forget_changes, last_change
from companies.enums import FactKind
from companies.models import BookChange, Capacity, Company, Need, NeedCommodity, VerificationFact
from tests.companies.factories import CapacityFactory, CompanyFactory, NeedFactory
from tests.factories import CommodityFactory
from tests.people import person

pytestmark = pytest.mark.django_db


def one_of_each() -> None:
    need = NeedFactory()
    if not need.accepted.exists():
        NeedCommodity.objects.create(need=need, commodity=CommodityFactory())
    CapacityFactory()
    VerificationFact.objects.create(company=need.company, kind=FactKind.values[0], checked_on=dt.date(2026, 11, 1))


@pytest.mark.parametrize("model", [Company, VerificationFact, Need, NeedCommodity, Capacity])
def test_every_way_of_writing_is_noted(model):
    one_of_each()
    told = [last_change(BookChange)]

    model.objects.update(id=F("id"))
    told.append(last_change(BookChange))
    with connection.cursor() as cursor:  # as somebody at the terminal of the database would
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE false")
    told.append(last_change(BookChange))

    assert (told[0] != told[1], told[1] == told[2]) == (True, True)


def test_a_figure_is_asked_for_once_until_the_book_changes():
    CompanyFactory()
    asked = []

    def count() -> int:
        asked.append(1)
        return Company.objects.count()

    def figure() -> int:
        return Memory().remembered((BookChange,), Company.objects.all(), "how many", count)

    found = [figure(), figure()]
    CompanyFactory()
    found.append(figure())

    assert (found[0] == found[1], found[2] - found[1], len(asked)) == (True, 1, 2)


def test_facets_of_companies_follow_a_change_at_once(client):
    client.force_login(person(Role.STAFF))
    CompanyFactory(country="ID")
    before = counts_of(client)

    CompanyFactory(country="KZ")

    assert counts_of(client) == before | {"KZ": before.get("KZ", 0) + 1}


def counts_of(client) -> dict[str, int]:
    page = client.get("/companies/")
    facet = next(facet for facet in page.context["facets"] if facet["name"] == "country")
    return {choice["value"]: choice["count"] for choice in facet["choices"]}


def test_old_notes_are_forgotten(monkeypatch):
    monkeypatch.setattr(BookChange, "MOST_KEPT", 4)
    for _number in range(6):
        CompanyFactory()
    newest = last_change(BookChange)[0]

    forget_changes(BookChange)

    assert [note.pk for note in BookChange.objects.all()] == [newest - 1, newest]
