"""What those who verify see of a registered company: papers beside data, likely doubles. Numbers are not tried out."""

import pytest
from django.core.cache import cache

from accounts.enums import Role
from companies.enums import CompanyStatus
from companies.models import Company
from tests.companies.factories import CompanyFactory
from tests.companies.pages import errors_of, words_of
from tests.companies.registration.pages import NIB, complete, signed_in_for
from tests.factories import CertificateKindFactory
from tests.people import person

pytestmark = pytest.mark.django_db
START = {"country": "ID", "registration_number": NIB, "name_registered": "PT Samudra Beku Abadi"}


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF))
    return client


def page_of(client, company: Company):
    return client.get(f"/companies/{company.pk}/verification/")


def check(client, company: Company, shown: dict):
    address = f"/companies/{company.pk}/verification/certificates/{shown['certificate'].pk}/check/"
    return client.post(address, {"seen": shown["seen"]}, follow=True)


def test_certificate_is_called_checked_by_those_who_verify(staff):
    company = complete(status=CompanyStatus.SUBMITTED)
    company.certificates.create(kind=CertificateKindFactory(), state="unchecked", number="A-1")
    (shown,) = page_of(staff, company).context["certificates"]

    check(staff, company, shown)

    assert company.certificates.get().state == "checked"


@pytest.mark.parametrize("meanwhile", [{"number": "A-2"}, {"state": "not_held"}])
def test_certificate_that_changed_meanwhile_is_not_called_checked(staff, meanwhile):
    company = complete(status=CompanyStatus.SUBMITTED)
    company.certificates.create(kind=CertificateKindFactory(), state="unchecked", number="A-1")
    (shown,) = page_of(staff, company).context["certificates"]
    company.certificates.update(**meanwhile)

    said = words_of(check(staff, company, shown))

    assert "The company has changed this certificate meanwhile." in said
    assert company.certificates.get().state != "checked"


def test_certificate_whose_paper_was_changed_meanwhile_is_not_called_checked(staff):
    company = complete(status=CompanyStatus.SUBMITTED)
    certificate = company.certificates.create(kind=CertificateKindFactory(), state="unchecked", number="A-1")
    paper = {"kind": "pdf", "size": 9, "added_by": None}
    seen = certificate.files.create(digest="1" * 64, **paper)
    (shown,) = page_of(staff, company).context["certificates"]
    certificate.files.create(digest="2" * 64, **paper)
    seen.delete()

    said = words_of(check(staff, company, shown))

    assert "The company has changed this certificate meanwhile." in said
    assert company.certificates.get().state == "unchecked"


def test_company_that_may_be_here_twice_is_shown_to_those_who_verify(staff):
    twin = CompanyFactory(name_registered="CV. Samudera Beku Abadi")
    company = complete(status=CompanyStatus.SUBMITTED, name_registered="PT Samudera Beku Abadi")

    assert [one.company for one in page_of(staff, company).context["alike"]] == [twin]


def test_staff_are_asked_once_whether_it_is_one_of_those_that_are_here(staff):
    twin = CompanyFactory(name_registered="CV. Samudra Beku Abadi")
    typed = START | {"reason": "They asked at the counter."}

    asked = staff.post("/register/", typed)
    done = staff.post("/register/", typed | {"another": "yes"})

    assert (asked.status_code, [one.company for one in asked.context["likely"]]) == (200, [twin])
    assert done.status_code == 302
    assert Company.objects.count() == 2


def test_business_is_asked_about_its_own_companies_and_learns_of_no_other(client):
    own = CompanyFactory(name_registered="PT Samudra Beku Abadi")
    signed_in_for(client, own)
    CompanyFactory(name_registered="CV Samudra Beku Abadi")

    assert [one.company for one in client.post("/register/", START).context["likely"]] == [own]


def test_numbers_are_not_tried_out_without_end(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"number_asked": "2/h/user"}
    CompanyFactory(registration_number=NIB, name_registered="Of others")
    client.force_login(person(Role.BUSINESS))

    answers = [errors_of(client.post("/register/", START)) for _time in range(3)]

    assert [set(answer) for answer in answers] == [{"registration_number"}, {"registration_number"}, {"__all__"}]
    assert answers[2]["__all__"] == ["Too many requests. Wait a few minutes, then try again."]


@pytest.mark.parametrize("page", ["registration/company/", "edit/"])
def test_numbers_are_not_tried_out_on_a_page_of_ones_own_company_either(client, settings, page):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"number_asked": "1/h/user"}
    company = complete(registration_number="9120101234575")
    CompanyFactory(registration_number=NIB, name_registered="Of others")
    address = f"/companies/{company.pk}/{page}"
    form = signed_in_for(client, company).get(address).context["form"]
    typed = {field.html_name: field.value() for field in form if field.value() not in (None, "", [])}

    own = [client.post(address, typed).status_code for _time in range(2)]
    of_others = [errors_of(client.post(address, typed | {"registration_number": NIB})) for _time in range(2)]

    assert own == [302, 302]
    assert of_others == [
        {"__all__": ["A company with this registration number is here already."]},
        {"__all__": ["Too many requests. Wait a few minutes, then try again."]},
    ]
