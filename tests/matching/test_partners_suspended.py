"""A company that is suspended leaves every match at that moment, not at the next run."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.enums import Role
from accounts.lists.remembering import Memory
from companies.enums import CompanyStatus
from companies.models import Company
from desk import queries
from matching.enums import MatchState
from matching.figures.balance import balances
from matching.lists import every_listed_result, listed_results, newest_near_misses
from matching.models import Allocation, Match, NearMiss
from tests.factories import CommodityFactory
from tests.matching.book import AS_OF, capacity, need, open_corridor
from tests.matching.found import finished_run, found, near_miss
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def result():
    open_corridor()
    run, goods = finished_run(), CommodityFactory()
    found_one = found(run, need(goods), capacity(goods), planned_kg=100_000)
    Allocation.objects.create(
        run=run,
        match=found_one.match,
        ship_month=AS_OF.replace(day=1),
        deliver_month=AS_OF.replace(day=1),
        quantity_kg=100_000,
    )
    near_miss(run, found_one.match.need, capacity(goods, company=found_one.match.capacity.company))
    return found_one


def suspend(company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(status=CompanyStatus.SUSPENDED)


def counts_for_staff(match: Match) -> dict[str, int]:
    """In how many places staff see the pair as one that may trade."""
    staff, today = person(Role.STAFF), timezone.localdate()
    return {
        "list": listed_results(staff).count(),
        "export": every_listed_result().count(),
        "current": Match.objects.current().count(),
        "near misses": newest_near_misses(staff).count(),
        "near misses by rule": sum(row["count"] for row in queries.near_misses_by_rule(staff, Memory())),
        "strong": queries.strong_matches(staff, None)["count"],
        "planned, t": sum(row.planned_kg for row in balances(staff, AS_OF, match.first_run)) // 1000,
        "unmet": queries.unmet_needs(staff, today).count(),
        "unused": queries.unused_capacities(staff, today).count(),
    }


@pytest.mark.parametrize("side", ["need", "capacity"])
def test_a_suspended_company_is_at_once_in_no_list_export_or_figure(client, result, side):
    match = result.match
    before = counts_for_staff(match)

    suspend(getattr(match, side).company)

    after = counts_for_staff(match)
    assert before == {
        "list": 1,
        "export": 1,
        "current": 1,
        "near misses": 1,
        "near misses by rule": 1,
        "strong": 1,
        "planned, t": 100,
        "unmet": 0,
        "unused": 1,
    }
    # The other side has nobody left; the listings of the suspended company are out of the book.
    left = {"unmet": 1} if side == "capacity" else {"unused": 2}
    assert after == dict.fromkeys(before, 0) | left


@pytest.mark.parametrize(("side", "other"), [("need", "capacity"), ("capacity", "need")])
def test_the_other_side_loses_a_suspended_partner_at_once_and_the_suspended_one_still_reads(
    client, result, side, other
):
    match = result.match
    theirs, own = member_of(getattr(match, side).company), member_of(getattr(match, other).company)
    suspend(getattr(match, side).company)

    seen = {
        user: (Match.objects.visible_to(user).count(), NearMiss.objects.visible_to(user).count())
        for user in (theirs, own)
    }
    client.force_login(own)
    of_own = [client.get(page).status_code for page in ("/partners/", f"/partners/{match.pk}/")]
    fits = [listing.fits for listing in client.get("/partners/").context["listings"]]
    client.force_login(theirs)
    of_theirs = client.get(f"/partners/{match.pk}/").status_code

    assert seen == {theirs: (1, 1), own: (0, 0)}
    assert (of_own, of_theirs) == ([200, 404], 200)
    assert not any(fits)
    assert "is suspended: nobody is told of it" in client.get("/partners/").content.decode()


def test_what_people_decided_stays_in_the_list_and_says_that_it_does_not_hold(client, result):
    match = result.match
    match.state = MatchState.SHORTLISTED
    match.save()
    suspend(match.capacity.company)
    client.force_login(person(Role.STAFF))

    listed, page = client.get("/matches/"), client.get(f"/matches/{match.pk}/")

    assert [row.match_id for row in listed.context["page"].object_list] == [match.pk]
    assert "a side is not active" in listed.content.decode()
    assert f"{match.capacity.company} is not active now: this match does not hold until it is." in page.content.decode()


def test_an_export_at_the_terminal_leaves_a_suspended_company_out(result, tmp_path):
    suspend(result.match.capacity.company)

    call_command("export_matches", str(tmp_path / "matches.csv"))

    assert len((tmp_path / "matches.csv").read_text(encoding="utf-8-sig").splitlines()) == 1
