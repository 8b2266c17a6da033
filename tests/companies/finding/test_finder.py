"""Likely duplicates: found whatever the script or the legal form, told only to those who may see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.enums import CompanyKind
from companies.finding import Candidate, find_company
from companies.finding.finder import likely_among
from companies.models import Company
from corridor.enums import Country
from tests.companies.factories import CompanyFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
NAMELESS = Candidate(None, None, "a_company_like_this")


def kazakh(name: str, **facts):
    return CompanyFactory(name_registered=name, country=Country.KAZAKHSTAN, **facts)


def test_find_company_tells_staff_who_is_here_under_another_script_form_or_name():
    balyk = kazakh("ТОО «Жайық Балық»")
    latin = kazakh("ЖШС «Бірдеңе»", name_latin="Zhaiyk Balyk LLP")
    short = kazakh("АО «Западный завод рыбы»", name_short="Жайык Балык")
    kazakh("ТОО «Жайық Балдық»")
    kazakh("ТОО «Жайық Балық 2»")

    found = find_company("Jaiyq Balyq LLP", for_whom=person(Role.STAFF))

    assert {one.company for one in found} == {balyk, latin, short}
    assert {one.why for one in found} <= {"same_name", "other_spelling"}


def test_find_company_puts_the_number_before_any_name():
    named = kazakh("ТОО «Степной Колос»", registration_number="970740000838")
    numbered = kazakh("ТОО «Иное»", registration_number="941240000193")

    found = find_company("Степной Колос", "9412 4000 0193", for_whom=person(Role.STAFF))

    assert found == (Candidate(numbered, 1.0, "same_number"), Candidate(named, 1.0, "same_name"))


def test_find_company_keeps_to_one_country_and_leaves_out_the_one_being_written():
    indonesian = CompanyFactory(name_registered="PT Etam Global")
    own = kazakh("Etam Global LLP")
    staff = person(Role.STAFF)

    everywhere = find_company("Etam Global", for_whom=staff)
    at_home = find_company("Etam Global", country=Country.INDONESIA, for_whom=staff)
    others = find_company("Etam Global", for_whom=staff, leaving_out=own)

    assert {one.company for one in everywhere} == {indonesian, own}
    assert at_home == others == (Candidate(indonesian, 1.0, "same_name"),)


def test_find_company_tells_a_business_user_only_that_there_is_one():
    ours, theirs = CompanyFactory(name_registered="PT Etam Global"), CompanyFactory(name_registered="CV Etam Global")
    CompanyFactory(name_registered="UD Etam Global")
    user = member_of(ours)

    at_name = find_company("Etam Global", for_whom=user)
    at_other_name = find_company("Mahakam Rimba", for_whom=user)
    theirs.delete()

    assert at_name == (Candidate(ours, 1.0, "same_name"), NAMELESS)
    assert at_other_name == ()
    assert find_company("Etam Global", for_whom=person(Role.BUSINESS)) == (NAMELESS,)


def test_find_company_tells_nobody_of_what_is_hidden():
    CompanyFactory(name_registered="PT Etam Global", is_hidden=True)

    told = [find_company("Etam Global", for_whom=person(role)) for role in (Role.STAFF, Role.BUSINESS)]

    assert told == [(), ()]


def test_find_company_finds_what_was_changed_past_the_programme():
    company = CompanyFactory(name_registered="PT Etam Global")

    type(company).objects.filter(pk=company.pk).update(name_registered="ПТ Махакам Римба")

    assert find_company("PT Mahakam Rimba", for_whom=person(Role.STAFF)) == (Candidate(company, 1.0, "same_name"),)


def test_likely_among_asks_only_the_companies_handed_over():
    listed = CompanyFactory(name_registered="PT Etam Global", kind=CompanyKind.DIRECTORY)
    CompanyFactory(name_registered="CV Etam Global")

    asked = [Company.objects.filter(kind=CompanyKind.DIRECTORY), Company.objects.none()]

    assert [likely_among(companies, "Etam Global") for companies in asked] == [
        (Candidate(listed, 1.0, "same_name"),),
        (),
    ]


def test_find_company_costs_the_same_for_one_answer_as_for_three(django_assert_num_queries):
    staff = person(Role.STAFF)
    CompanyFactory(name_registered="PT Etam Global")
    find_company("Etam Global", for_whom=staff)

    with CaptureQueriesContext(connection) as for_one:
        find_company("Etam Global", for_whom=staff)
    CompanyFactory(name_registered="CV Etam Global")
    CompanyFactory(name_registered="Etam Global Tbk")

    with django_assert_num_queries(len(for_one)):
        assert len(find_company("Etam Global", for_whom=staff)) == 3


@pytest.mark.parametrize("name", ["", " ", "PT", "«»", "%", "' OR 1=1 --", "x" * 5000, "\x00"])
def test_find_company_answers_anything_that_is_typed(name):
    CompanyFactory(name_registered="PT Etam Global")

    assert find_company(name, for_whom=person(Role.STAFF)) == ()


def test_find_company_takes_white_for_a_legal_form_only_where_it_can_be_one():
    white = kazakh("ТОО «Ақ Дала»")
    stock = kazakh("АҚ «Жезқазған Мыс»")
    staff = person(Role.STAFF)

    assert find_company("ТОО «Дала»", for_whom=staff) == ()
    assert find_company("Ak Dala LLP", for_whom=staff) == (Candidate(white, 1.0, "same_name"),)
    assert find_company("Zhezkazgan Mys JSC", for_whom=staff) == (Candidate(stock, 1.0, "same_name"),)
