"""The page of a company and its profile: who sees it, what may be changed, what is refused, asking to be verified."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from companies.enums import CompanyKind, CompanyStatus, FactKind
from companies.models import Certificate, Company, Membership, VerificationFact
from notices.models import Notice
from tests.companies.factories import (
    CapacityFactory,
    CompanyFactory,
    ContactPersonFactory,
    MembershipFactory,
    NeedFactory,
    StandInFactory,
)
from tests.companies.pages import errors_of, profile_of, whole_company, words_of
from tests.factories import CertificateKindFactory, PlaceFactory, RegionFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


def stored(company: Company) -> Company:
    return Company.objects.get(pk=company.pk)


# Who sees it


def test_company_page_is_for_its_people_and_those_who_see_every_company(client):
    company = CompanyFactory()
    answers = {}

    for who, user in {
        "own": member_of(company),
        "other": member_of(CompanyFactory()),
        "nobody's": person(Role.BUSINESS),
        "officer": person(Role.OFFICER),
        "staff": person(Role.STAFF),
        "admin": person(Role.ADMIN),
    }.items():
        client.force_login(user)
        answers[who] = client.get(f"/companies/{company.pk}/").status_code

    assert answers == {"own": 200, "other": 404, "nobody's": 404, "officer": 200, "staff": 200, "admin": 200}


def test_company_page_asks_strangers_to_sign_in(client):
    company = CompanyFactory()

    response = client.get(f"/companies/{company.pk}/")

    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next=/companies/{company.pk}/")


def test_hidden_company_has_no_page_for_those_who_see_every_company(client):
    company = CompanyFactory(is_hidden=True)
    client.force_login(person(Role.ADMIN))

    assert client.get(f"/companies/{company.pk}/").status_code == 404


def test_removed_member_loses_every_page_at_once(client):
    company = CompanyFactory()
    contact = ContactPersonFactory(company=company)
    need = NeedFactory(company=company)
    client.force_login(member_of(company))
    pages = [
        f"/companies/{company.pk}/",
        f"/companies/{company.pk}/edit/",
        f"/companies/{company.pk}/contacts/",
        f"/companies/{company.pk}/contacts/add/",
        f"/companies/{company.pk}/contacts/{contact.pk}/edit/",
        f"/companies/{company.pk}/stand-ins/",
        f"/needs/{need.pk}/",
        f"/needs/{need.pk}/withdraw/",
    ]
    before = [client.get(page).status_code for page in pages]

    Membership.objects.all().delete()

    assert before == [200] * len(pages)
    assert [client.get(page).status_code for page in pages] == [404] * len(pages)


def test_closed_account_sees_nothing_of_its_company(client):
    company = CompanyFactory()
    user = member_of(company)
    client.force_login(user)

    user.is_active = False
    user.save(update_fields=["is_active"])

    assert client.get(f"/companies/{company.pk}/").status_code == 302
    assert list(Company.objects.acted_for_by(user)) == []


def test_company_page_names_its_people_to_itself_alone(client):
    company = CompanyFactory()
    MembershipFactory(company=company, user=person(Role.BUSINESS, email="colleague@example.test", name="Colleague"))
    pages = {}

    for user in (member_of(company), person(Role.STAFF), person(Role.OFFICER)):
        client.force_login(user)
        pages[user.role] = "Colleague" in words_of(client.get(f"/companies/{company.pk}/"))

    assert pages == {Role.BUSINESS: True, Role.STAFF: False, Role.OFFICER: False}


def test_company_page_shows_no_contact_person_and_no_note_of_the_screening(client):
    company = CompanyFactory(screening_note="List of the ministry, page 3")
    contact = ContactPersonFactory(company=company, name="Budi Santoso")

    for user in (member_of(company), person(Role.STAFF), person(Role.OFFICER)):
        client.force_login(user)
        page = words_of(client.get(f"/companies/{company.pk}/"))

        assert contact.name not in page
        assert contact.phone not in page
        assert "ministry" not in page


def test_company_page_says_what_was_checked_when_and_by_whom(client):
    company = CompanyFactory()
    officer = person(Role.OFFICER, email="officer@example.test", name="Officer Aigerim")
    VerificationFact.objects.create(
        company=company,
        kind=FactKind.VISITED,
        checked_on=dt.date(2026, 11, 20),
        checked_by=officer,
        note="Saw the cold store.",
    )
    Certificate.objects.create(
        company=company, kind=CertificateKindFactory(name_en="HACCP"), state="checked", valid_until=dt.date(2027, 3, 1)
    )

    client.force_login(person(Role.STAFF))
    to_staff = words_of(client.get(f"/companies/{company.pk}/"))
    client.force_login(member_of(company))
    to_company = words_of(client.get(f"/companies/{company.pk}/"))

    for said in ("Visited", "Saw the cold store.", "20 Nov 2026", "embassy officer", "HACCP", "until 1 Mar 2027"):
        assert said in to_staff
        assert said in to_company
    assert "Officer Aigerim" in to_staff
    assert "Officer Aigerim" not in to_company


def test_company_page_says_that_nothing_was_checked_yet(client):
    company = CompanyFactory()
    client.force_login(member_of(company))

    assert "Nothing checked yet" in words_of(client.get(f"/companies/{company.pk}/"))


@pytest.mark.parametrize(
    ("kind", "said"), [(CompanyKind.EXAMPLE, "example"), (CompanyKind.DIRECTORY, "public directory")]
)
def test_company_page_marks_what_is_invented_or_from_a_public_source(client, kind, said):
    company = CompanyFactory(kind=kind)
    client.force_login(person(Role.STAFF))

    assert f'<span class="tm-ex">{said}</span>' in words_of(client.get(f"/companies/{company.pk}/"))


def test_company_page_links_to_a_website_only_where_a_browser_may_go(client):
    honest = CompanyFactory(website="https://example.org")
    odd = CompanyFactory(website="javascript:alert(1)")
    client.force_login(person(Role.STAFF))

    assert 'href="https://example.org"' in words_of(client.get(f"/companies/{honest.pk}/"))
    assert 'href="javascript' not in words_of(client.get(f"/companies/{odd.pk}/"))


def queries_of(client, page: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_company_page_costs_the_same_for_one_row_and_for_three(client):
    few, many = CompanyFactory(), CompanyFactory()
    for company, rows in ((few, 1), (many, 3)):
        for number in range(rows):
            NeedFactory(company=company)
            CapacityFactory(company=company)
            MembershipFactory(company=company)
            StandInFactory(company=company)
            Certificate.objects.create(company=company, kind=CertificateKindFactory(), state="unchecked")
            VerificationFact.objects.create(
                company=company,
                kind=list(FactKind)[number],
                checked_on=dt.date(2026, 11, 1),
                checked_by=person(Role.STAFF, email=f"checker-{number}@example.test"),
            )
    user = member_of(few)
    MembershipFactory(company=many, user=user)
    client.force_login(user)
    queries_of(client, f"/companies/{few.pk}/")

    assert queries_of(client, f"/companies/{few.pk}/") == queries_of(client, f"/companies/{many.pk}/")


# Keeping the profile


def test_profile_is_changed_by_a_member(client):
    company = CompanyFactory()
    region, place = RegionFactory(), PlaceFactory()
    client.force_login(member_of(company))

    response = client.post(
        f"/companies/{company.pk}/edit/",
        profile_of(
            company,
            name_registered="PT Samudra Jaya",
            name_short="Samudra",
            registration_number="1234 5678 90123",
            region=region.pk,
            place=place.pk,
            first_mile_km="12",
            city="Balikpapan",
            sectors=["palm_oil", "fisheries"],
            size="micro",
            languages=["ru", "id"],
            website="samudra.example.org",
            role_mailbox="export@example.org",
            switchboard="+62 542 123456",
            description="Beku\r\ndan segar",
        ),
    )

    assert (response.status_code, response["Location"]) == (302, f"/companies/{company.pk}/")
    company = stored(company)
    assert (company.name_registered, company.name_short, company.city) == ("PT Samudra Jaya", "Samudra", "Balikpapan")
    assert (company.registration_number, company.region, company.place) == ("1234567890123", region, place)
    assert (company.first_mile_km, company.sectors, company.languages) == (12, ["fisheries", "palm_oil"], ["id", "ru"])
    assert (company.website, company.role_mailbox) == ("https://samudra.example.org", "export@example.org")
    assert (company.switchboard, company.description) == ("+62 542 123456", "Beku\ndan segar")
    assert company.size == "micro"
    assert "Micro company, as it states itself" in client.get(f"/companies/{company.pk}/").content.decode()


def test_profile_cannot_be_used_to_change_what_is_not_the_companys_to_say(client):
    company = CompanyFactory(status=CompanyStatus.DRAFT)
    client.force_login(member_of(company))

    client.post(
        f"/companies/{company.pk}/edit/",
        profile_of(
            company, city="Bontang", status="active", screening="clear", country="KZ", kind="example", code="other"
        ),
    )

    now = stored(company)
    assert (now.city, now.status, now.screening, now.country) == ("Bontang", "draft", "not_screened", "ID")
    assert (now.kind, now.code) == ("registered", company.code)


def test_profile_that_changes_nothing_leaves_the_company_unchanged(client):
    company = whole_company()
    client.force_login(member_of(company))

    response = client.post(f"/companies/{company.pk}/edit/", profile_of(company))

    assert response.status_code == 302
    assert stored(company).changed_at == company.changed_at


@pytest.mark.parametrize("kind", [FactKind.NUMBER_CHECKED, FactKind.DOCUMENTS_SEEN])
def test_name_and_number_that_were_checked_are_no_longer_asked(client, kind):
    company = whole_company()
    VerificationFact.objects.create(company=company, kind=kind, checked_on=dt.date(2026, 11, 1))
    client.force_login(member_of(company))

    page = client.get(f"/companies/{company.pk}/edit/").content.decode()

    assert 'name="name_short"' in page
    assert 'name="name_registered"' not in page
    assert 'name="registration_number"' not in page


def test_name_that_was_checked_meanwhile_is_refused_and_stays_typed(client):
    company = whole_company()
    client.force_login(member_of(company))
    VerificationFact.objects.create(company=company, kind=FactKind.NUMBER_CHECKED, checked_on=dt.date(2026, 11, 1))

    response = client.post(
        f"/companies/{company.pk}/edit/",
        profile_of(company, name_registered="PT Another", registration_number="9999999999999"),
    )

    said = ["This was checked against your papers. Ask those who verified the company to change it."]
    assert response.status_code == 400
    assert errors_of(response) == {"name_registered": said, "registration_number": said}
    assert 'value="PT Another"' in words_of(response)
    assert stored(company).name_registered == company.name_registered


def test_number_that_nobody_wrote_can_be_entered_though_a_check_stands(client):
    company = whole_company(registration_number="")
    VerificationFact.objects.create(company=company, kind=FactKind.NUMBER_CHECKED, checked_on=dt.date(2026, 11, 1))
    client.force_login(member_of(company))
    sent = profile_of(company, registration_number="1234567890123")
    del sent["name_registered"]

    client.post(f"/companies/{company.pk}/edit/", sent)

    assert stored(company).registration_number == "1234567890123"


LONG = "a" * 300
NO_NUMBER = "This is no telephone number. It looks like +62 542 123456; put an extension after a comma."


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name_registered", "", "Fill this in."),
        ("name_registered", "   ", "Fill this in."),
        ("name_registered", LONG, "The text has 300 characters; at most 250 can be kept."),
        ("name_registered", "PT\0 Samudra", "The text holds invisible control characters. Write it again by hand."),
        ("name_registered", "PT\u202e Samudra", "The text holds invisible control characters. Write it again by hand."),
        ("name_registered", "\u200b", "The text holds invisible control characters. Write it again by hand."),
        ("name_registered", "PT\nSamudra", "The text has line breaks or tabs. Write it on one line."),
        ("city", "a" * 121, "The text has 121 characters; at most 120 can be kept."),
        ("registration_number", "12", "A NIB has 13 digits; 12 has 2."),
        ("registration_number", "1" * 40, "The text has 40 characters; at most 20 can be kept."),
        ("first_mile_km", "1" + "0" * 39, f"“1{'0' * 39}” has more than 18 digits. Check the amount."),
        ("first_mile_km", "20001", "20,001 is too large. Write 20,000 or less."),
        ("first_mile_km", "-3", "“-3” is below zero. Write an amount above zero."),
        ("first_mile_km", "12.5", "“12.5” is not a whole number. Write it without decimals."),
        ("region", "x", "x is no choice here."),
        ("place", "9" * 30, f"{'9' * 30} is no choice here."),
        ("website", "javascript:alert(1)", "This is no web address. It looks like https://example.org."),
        ("website", "https://[", "This is no web address. It looks like https://example.org."),
        *[
            ("website", f"x.example/{mark}onmouseover=", "This is no web address. It looks like https://example.org.")
            for mark in "\"'`<>"
        ],
        ("role_mailbox", "export@", "This is no e-mail address. It looks like name@example.org."),
        ("switchboard", "ask Budi", NO_NUMBER),
        ("description", "a" * 4001, "The text has 4001 characters; at most 4000 can be kept."),
    ],
)  # fmt: skip
def test_profile_refuses_in_a_sentence_and_keeps_what_was_typed(client, field, typed, said):
    company = whole_company()
    client.force_login(member_of(company))

    response = client.post(
        f"/companies/{company.pk}/edit/",
        profile_of(company, **{field: typed, "city" if field != "city" else "name_short": "Typed beside"}),
    )

    assert response.status_code == 400
    assert errors_of(response) == {field: [said]}
    assert "Typed beside" in words_of(response)
    assert stored(company).changed_at == company.changed_at


def test_profile_asks_back_a_distance_with_two_readings(client):
    company = whole_company()
    client.force_login(member_of(company))

    response = client.post(f"/companies/{company.pk}/edit/", profile_of(company, first_mile_km="1.250"))

    assert response.status_code == 400
    assert list(errors_of(response)) == ["first_mile_km"]
    assert 'value="1.250"' in words_of(response)


def test_profile_refuses_a_choice_that_is_none(client):
    company = whole_company()
    client.force_login(member_of(company))

    response = client.post(f"/companies/{company.pk}/edit/", profile_of(company, sectors=["fisheries", "weapons"]))

    assert errors_of(response) == {"sectors": ["weapons is no choice here."]}


def test_profile_refuses_the_number_of_another_company(client):
    whole_company(registration_number="9120000000001")
    company = whole_company()
    client.force_login(member_of(company))

    response = client.post(f"/companies/{company.pk}/edit/", profile_of(company, registration_number="9120000000001"))

    assert errors_of(response) == {"__all__": ["A company with this registration number is here already."]}
    assert stored(company).registration_number == company.registration_number


def test_profile_of_a_kazakh_company_says_which_rule_its_number_breaks(client):
    company = whole_company(country="KZ", registration_number="")
    client.force_login(member_of(company))

    response = client.post(f"/companies/{company.pk}/edit/", profile_of(company, registration_number="020240000554"))

    assert errors_of(response) == {
        "registration_number": ["The check digit of 020240000554 is 4 but must be 5. One of the digits is mistyped."]
    }


def test_profile_offers_the_places_of_its_own_country_and_the_one_it_has(client):
    here, there = PlaceFactory(name_en="Kariangau"), PlaceFactory(country="KZ", name_en="Almaty")
    company = whole_company(place=PlaceFactory(country="CN", name_en="Qingdao"))
    client.force_login(member_of(company))

    page = words_of(client.get(f"/companies/{company.pk}/edit/"))

    assert [place.name_en in page for place in (here, there, company.place)] == [True, False, True]


def test_second_tab_is_refused_keeps_what_was_typed_and_says_what_is_stored(client):
    company = whole_company(city="Balikpapan", name_short="Samudra")
    client.force_login(member_of(company))
    seen_in_both_tabs = profile_of(company)

    client.post(f"/companies/{company.pk}/edit/", seen_in_both_tabs | {"city": "Bontang", "sectors": ["palm_oil"]})
    second = client.post(f"/companies/{company.pk}/edit/", seen_in_both_tabs | {"city": "Samarinda"})

    page = words_of(second)
    assert second.status_code == 400
    assert stored(company).city == "Bontang"
    assert errors_of(second) == {
        "__all__": [
            "Somebody has changed this since you opened the page. What you typed is still here, and what is stored now "
            "stands beside it. Save again to keep yours."
        ]
    }
    assert 'value="Samarinda"' in page
    assert "Stored now: Bontang" in page
    assert "Stored now: Palm oil" in page
    assert page.count("Stored now:") == 2

    again = client.post(
        f"/companies/{company.pk}/edit/",
        seen_in_both_tabs | {"city": "Samarinda", "seen_at": stored(company).changed_at.isoformat()},
    )
    assert f'name="seen_at" value="{second.context["form"].data["seen_at"]}"' in page
    assert (again.status_code, stored(company).city) == (302, "Samarinda")


@pytest.mark.parametrize("seen_at", ["", "yesterday", "\0", "9" * 5000])
def test_profile_that_does_not_say_what_it_saw_is_refused(client, seen_at):
    company = whole_company()
    client.force_login(member_of(company))

    response = client.post(f"/companies/{company.pk}/edit/", profile_of(company, city="Bontang", seen_at=seen_at))

    assert response.status_code == 400
    assert stored(company).city == ""


def test_suspended_company_reads_its_profile_but_cannot_change_it(client):
    company = whole_company(status=CompanyStatus.SUSPENDED, status_reason="Its deed has lapsed.")
    client.force_login(member_of(company))

    page = words_of(client.get(f"/companies/{company.pk}/"))
    response = client.post(f"/companies/{company.pk}/edit/", profile_of(company, city="Bontang"))

    assert "Its deed has lapsed." in page
    assert f"/companies/{company.pk}/edit/" not in page
    assert errors_of(response) == {
        "__all__": [f"{company} is suspended: you can read what is here, but change it only once it is let in again."]
    }
    assert 'value="Bontang"' in words_of(response)
    assert stored(company).city == ""


@pytest.mark.parametrize("role", [Role.OFFICER, Role.STAFF, Role.ADMIN])
def test_profile_is_not_edited_by_those_who_only_read_it(client, role):
    company = whole_company()
    client.force_login(person(role))

    answers = [
        client.get(f"/companies/{company.pk}/edit/").status_code,
        client.post(f"/companies/{company.pk}/edit/", profile_of(company, city="Bontang")).status_code,
        client.post(f"/companies/{company.pk}/submit/").status_code,
    ]

    assert answers == [404, 404, 404]
    assert stored(company).city == ""


# Asking to be verified


def test_whole_profile_is_submitted_and_those_who_verify_are_told(client):
    company = whole_company(status=CompanyStatus.DRAFT, status_reason="Sent back once.")
    staff, officer, admin = person(Role.STAFF), person(Role.OFFICER), person(Role.ADMIN)
    client.force_login(member_of(company))

    response = client.post(f"/companies/{company.pk}/submit/", follow=True)

    now = stored(company)
    assert (now.status, now.status_reason) == (CompanyStatus.SUBMITTED, "")
    assert "Those who verify companies have been told." in words_of(response)
    assert {(notice.user, notice.kind, notice.address) for notice in Notice.objects.all()} == {
        (user, "company_submitted", f"/companies/{company.pk}/verification/") for user in (staff, admin)
    }
    assert not officer.notices.exists()


def test_kazakh_company_is_told_of_to_the_embassy(client):
    company = whole_company(country="KZ", status=CompanyStatus.DRAFT)
    staff, officer, admin = person(Role.STAFF), person(Role.OFFICER), person(Role.ADMIN)
    client.force_login(member_of(company))

    client.post(f"/companies/{company.pk}/submit/")

    assert {notice.user for notice in Notice.objects.all()} == {officer, admin}
    assert not staff.notices.exists()


def test_submitting_says_what_is_missing(client):
    company = CompanyFactory(status=CompanyStatus.DRAFT, name_short="Samudra")
    client.force_login(member_of(company))

    page = words_of(client.get(f"/companies/{company.pk}/"))
    response = client.post(f"/companies/{company.pk}/submit/", follow=True)

    assert "Nearest place of the corridor" in page
    assert (
        "Before Samudra can be verified, fill in: registration number, region, nearest place of the corridor, sectors, "
        "languages of correspondence, a mailbox or a telephone number of the company." in words_of(response)
    )
    assert stored(company).status == CompanyStatus.DRAFT
    assert not Notice.objects.exists()


def test_submitting_twice_tells_once(client):
    company = whole_company(status=CompanyStatus.DRAFT)
    person(Role.STAFF)
    client.force_login(member_of(company))

    client.post(f"/companies/{company.pk}/submit/")
    response = client.post(f"/companies/{company.pk}/submit/", follow=True)

    assert f"{company} is not a draft: it is submitted." in words_of(response)
    assert Notice.objects.count() == 1
