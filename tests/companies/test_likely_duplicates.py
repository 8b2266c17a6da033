"""Likely the same: what is said below a name that somebody types, and to whom."""

import pytest

from accounts.enums import Role
from companies.enums import CompanyKind, CompanyStatus
from companies.finding.likely import likely_same
from companies.models import Company
from tests.companies.factories import CompanyFactory
from tests.companies.pages import words_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db

TYPED = {"name": "ТОО «Самудра Беку Абади»", "country": "ID"}
START = {"country": "ID", "registration_number": "9120001234567", "name_registered": "PT Samudra Beku Abadi"}


def asked(client, user, **typed) -> str:
    client.force_login(user)
    return words_of(client.get("/register/likely/", TYPED | typed))


def entry(name: str = "Samudra Beku Abadi", **facts) -> Company:
    """One of the public directory."""
    return CompanyFactory(kind=CompanyKind.DIRECTORY, name_registered=name, city="Tarakan", **facts)


def test_staff_are_told_which_entries_are_likely_the_same_and_why(client):
    twin = CompanyFactory(name_registered="CV Samudra Beku Abadi", registration_number="1234567890123")
    CompanyFactory(name_registered="PT Samudra Beku", registration_number="9876543210987")
    CompanyFactory(name_registered="CV Samudra Beku Abadi", is_hidden=True)

    said = asked(client, person(Role.STAFF))

    assert client.get("/register/likely/", TYPED).context["likely"][0].company == twin
    assert len(client.get("/register/likely/", TYPED).context["likely"]) == 1
    assert f'<a href="/companies/{twin.pk}/">CV Samudra Beku Abadi</a>' in said
    for told in ("1234567890123", "% alike", "Indonesia", "Active", "Likely the same:"):
        assert told in said


def test_business_is_told_of_the_public_directory_and_its_own_companies_alone(client):
    own, public = CompanyFactory(name_registered="PT Samudra Beku Abadi"), entry()
    private = CompanyFactory(name_registered="CV Samudra Beku Abadi", registration_number="1234567890123")
    entry(is_hidden=True)
    member = member_of(own)

    by_name = asked(client, member)
    told = [one.company for one in client.get("/register/likely/", TYPED).context["likely"]]
    by_number = asked(client, member, name="Zzz", number=private.registration_number)

    assert told == [own, public]
    assert "% alike" not in by_name
    assert f'/companies/{public.pk}/"' not in by_name  # no page of it for them, but the one on which it is claimed
    assert by_number == ""


def test_business_that_sends_a_private_company_s_name_learns_nothing(client):
    CompanyFactory(name_registered="CV Samudra Beku Abadi")
    client.force_login(person(Role.BUSINESS))

    begun = client.post("/register/", START)

    assert begun.status_code == 302


def test_without_script_the_entries_are_shown_after_sending_and_one_goes_on_in_spite_of_them(client):
    public = entry()
    client.force_login(person(Role.BUSINESS))

    shown = client.post("/register/", START)
    gone_on = client.post("/register/", START | {"another": "yes"})

    assert (shown.status_code, [one.company for one in shown.context["likely"]]) == (200, [public])
    assert 'name="another" value="yes"' in words_of(shown)
    assert gone_on.status_code == 302
    assert Company.objects.filter(kind=CompanyKind.REGISTERED).count() == 1


def test_company_whose_profile_is_filled_in_is_not_told_to_be_like_itself(client):
    own = CompanyFactory(name_registered="PT Samudra Beku Abadi")

    assert asked(client, member_of(own), company=str(own.pk)) == ""


@pytest.mark.parametrize("name", ["", "PT", "a\x00b", "x" * 5000, "PT %_' ;--"])
def test_whatever_is_typed_is_answered(client, name):
    client.force_login(person(Role.STAFF))

    answer = client.get("/register/likely/", {"name": name, "country": "XX", "company": "²", "number": "\x00"})

    assert (answer.status_code, words_of(answer)) == (200, "")


def test_names_are_not_tried_out_without_end(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"likely_asked": "2/h/user"}
    client.force_login(person(Role.BUSINESS))

    assert [client.get("/register/likely/", TYPED).status_code for _time in range(3)] == [200, 200, 429]


def test_whoever_verifies_a_company_is_told_of_five_at_most_with_few_queries(django_assert_max_num_queries):
    company = CompanyFactory(name_registered="PT Samudra Beku Abadi", registration_number="1234567890123")
    names = ["CV Samudra Beku Abadi", "ТОО «Самудра Беку Абади»", "PT Samudrra Beku Abbadi", "Samudra Beku Abadi"]
    for name in [*names, "UD Samudra Beku Abadi", "Samudra Beku Abadi Tbk"]:
        CompanyFactory(name_registered=name, status=CompanyStatus.DRAFT)
    officer = person(Role.OFFICER)

    with django_assert_max_num_queries(7):  # two of them questions, the others hold the search together
        likely = likely_same(company, officer)

    assert len(likely) == 5
    assert likely[0].percent == 100
    assert {str(one.why) for one in likely} <= {
        "the same name; the legal form does not count",
        "the same name in other letters or another spelling",
    }
    assert company not in [one.company for one in likely]
