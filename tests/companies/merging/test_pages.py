"""The pages on which two entries are compared, merged and parted again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.models import Company, Merge
from companies.services.merging import undo_merge
from tests.companies.factories import CompanyFactory, NeedFactory
from tests.companies.merging.entries import merged
from tests.companies.pages import errors_of, words_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


@pytest.fixture
def twins() -> tuple[Company, Company]:
    one = CompanyFactory(name_registered="PT Kembar Jaya", city="Balikpapan", website="https://a.example")
    return one, CompanyFactory(name_registered="CV Kembar Jaya", city="Samarinda", role_mailbox="b@example.org")


def address(one: Company, other: Company) -> str:
    return f"/companies/{one.pk}/merge/{other.pk}/"


def test_page_leads_from_a_company_over_its_likely_twins_to_the_comparison(staff, twins):
    one, other = twins
    CompanyFactory(name_registered="PT Zebra", registration_number="1234567890123")

    chosen = staff.get(f"/companies/{one.pk}/merge/", {"words": "234567890"})

    assert [found.company for found in chosen.context["likely"]] == [other]
    assert [found.name_registered for found in chosen.context["found"]] == ["PT Zebra"]
    assert f'href="{address(one, other)}"' in words_of(chosen)


def test_comparison_asks_only_about_what_both_say_differently(staff, twins):
    one, other = twins

    page = staff.get(address(one, other))
    turned = staff.get(address(one, other), {"stays": other.pk})

    assert [field.key for field in page.context["comparison"].to_choose] == ["name_registered", "city"]
    assert (page.context["stays"], turned.context["stays"]) == (one, other)
    for said in ("https://a.example", "b@example.org", "is taken over", 'name="take_city" value="goes"'):
        assert said in words_of(page)


def test_comparison_names_the_people_who_will_act_for_both(staff, twins):
    one, other = twins
    keeper, stranger = member_of(one), member_of(other)

    page = words_of(staff.get(address(one, other)))

    assert [user.email in page for user in (keeper, stranger)] == [True, True]


def test_two_are_merged_and_parted_again_on_the_pages(staff, twins):
    one, other = twins
    NeedFactory(company=other, reference="N-7")
    member = member_of(other)
    seen = staff.get(address(one, other)).context["form"]["seen"].value()
    sent = {"stays": one.pk, "seen": seen, "take_city": "goes", "reason": ""}

    unreasoned = staff.post(address(one, other), sent)
    done = staff.post(address(one, other), sent | {"reason": "The same deed."})
    merge = Merge.objects.get()
    shown = words_of(staff.get(done["Location"]))

    assert errors_of(unreasoned).keys() == {"reason"}
    assert 'name="take_city" value="goes" checked' in words_of(unreasoned)
    one.refresh_from_db()
    assert (done["Location"], one.city) == (f"/merges/{merge.pk}/", "Samarinda")
    assert "1 need" in shown
    assert "Taken over from it: Town, Mailbox." in shown
    assert "1 of 1 need" in shown
    staff.force_login(member)
    assert staff.get(f"/companies/{other.pk}/")["Location"] == f"/companies/{one.pk}/"
    assert staff.get(f"/merges/{merge.pk}/").status_code == 404
    staff.force_login(person(Role.STAFF))
    assert staff.get(f"/companies/{other.pk}/")["Location"] == f"/companies/{one.pk}/"

    undone = staff.post(f"/merges/{merge.pk}/undo/", follow=True)

    assert "Undone: they are two again." in words_of(undone)
    assert staff.get(f"/companies/{other.pk}/").status_code == 200


def test_what_cannot_be_merged_is_said_and_has_no_button(staff, twins):
    one, other = twins
    Company.objects.filter(pk=other.pk).update(country="KZ")

    page = words_of(staff.get(address(one, other)))

    assert "You do not verify" in page
    assert "Merge the two" not in page


def test_histories_of_both_are_read_and_lead_to_each_other(staff, twins):
    one, other = twins
    merge = merged(one, other)

    of_one, of_other = (words_of(staff.get(f"/history/company/{company.pk}/")) for company in twins)

    assert f'href="/history/company/{other.pk}/"' in of_one
    assert f'href="/history/company/{one.pk}/"' in of_other
    assert "Other entries of the same company were merged into this one." in of_one
    undo_merge(merge=merge, undone_by=person(Role.STAFF))
    assert "were merged into this one" not in words_of(staff.get(f"/history/company/{one.pk}/"))


def test_list_of_merges_costs_the_same_for_one_and_three(staff):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert staff.get("/merges/").status_code == 200
        return len(seen)

    merged(CompanyFactory(), CompanyFactory())
    staff.get("/merges/")
    one = queries()
    for _number in range(2):
        merged(CompanyFactory(), CompanyFactory())

    assert queries() == one
    assert len(staff.get("/merges/").context["page"].object_list) == 3
    staff.force_login(person(Role.OFFICER))
    assert len(staff.get("/merges/").context["page"].object_list) == 0
