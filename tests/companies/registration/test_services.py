"""What a registration does: begun once, saved step by step, sent once, thrown away while it is only begun."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from companies.enums import CertificateState, CompanyStatus, MemberRole
from companies.models import Certificate, Company
from companies.registration import BY_KEY, Progress, progress_of
from companies.services.locking import ChangedMeanwhile, seen_of, version
from companies.services.registration import (
    MOST_DRAFTS,
    add_contact_once,
    begin_registration,
    drop_registration,
    save_step,
    send_registration,
    state_certificate,
)
from companies.services.verification import CERTIFICATE_FACTS
from notices.models import Notice
from tests.companies.factories import CapacityFactory, CompanyFactory, MembershipFactory
from tests.companies.registration.pages import BIN, NIB, begun, complete, seen
from tests.factories import CertificateKindFactory, PlaceFactory, RegionFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


def begin(user, number=NIB, country="ID", **facts):
    facts = {"name_registered": "PT Laut Jaya"} | facts
    return begin_registration(user=user, country=country, registration_number=number, **facts)


def refusals_of(action, **facts) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        action(**facts)
    return caught.value.messages


# The beginning


def test_registration_begins_with_the_number_and_its_owner():
    user = person(Role.BUSINESS)

    company = begin(user, " 9120 1012 3456 7 ")

    assert (company.registration_number, company.status) == (NIB, CompanyStatus.DRAFT)
    assert list(company.memberships.values_list("user", "role")) == [(user.pk, MemberRole.OWNER)]


def test_registration_begun_twice_is_one_company():
    user = person(Role.BUSINESS)

    assert begin(user) == begin(user)
    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    ("number", "country", "said"),
    [
        ("912010123456", "ID", "A NIB has 13 digits; 912010123456 has 12."),
        ("020240000554", "KZ", "The check digit of 020240000554 is 4 but must be 5. One of the digits is mistyped."),
        (NIB, "KZ", "A BIN or IIN has 12 digits; 9120101234567 has 13."),
    ],
)
def test_registration_says_which_rule_of_the_number_failed(number, country, said):
    with pytest.raises(ValidationError) as caught:
        begin(person(Role.BUSINESS), number, country)

    assert caught.value.message_dict == {"registration_number": [said]}


@pytest.mark.parametrize(("country", "number", "whom"), [("ID", NIB, "the city in"), ("KZ", BIN, "the embassy in")])
def test_number_of_others_is_taken_and_nothing_else_is_told(country, number, whom):
    CompanyFactory(country=country, registration_number=number, name_registered="PT Very Secret")

    (said,) = refusals_of(begin, user=person(Role.BUSINESS), number=number, country=country)

    assert said.startswith("A company with this number is here already.")
    assert whom in said
    assert "Secret" not in said


def test_registrations_that_are_begun_and_not_sent_are_few():
    user = person(Role.BUSINESS)
    for number in range(MOST_DRAFTS):
        begin(user, f"912010123456{number}")

    (said,) = refusals_of(begin, user=user, number="9120101234569")

    assert said.startswith("You have begun 5 registrations")


def test_staff_begin_for_a_company_and_stand_in_for_it():
    user = person(Role.STAFF)

    company = begin(user, reason="They telephoned and asked for it.")

    assert company.memberships.count() == 0
    assert [(one.user, one.reason) for one in company.stand_ins.open()] == [(user, "They telephoned and asked for it.")]


# The steps


def test_step_is_saved_while_another_tab_saves_another_step():
    company = begun()
    opened = seen(company, "languages")
    save_step(company=company, step=BY_KEY["work"], seen=seen(company, "work"), sectors=["fisheries"])

    saved = save_step(company=company, step=BY_KEY["languages"], seen=opened, languages=["id"])

    assert (saved.sectors, saved.languages) == (["fisheries"], ["id"])


def test_step_that_somebody_else_saved_meanwhile_is_asked_again():
    company = begun()
    opened = seen(company, "languages")
    save_step(company=company, step=BY_KEY["languages"], seen=opened, languages=["id"])

    with pytest.raises(ChangedMeanwhile):
        save_step(company=company, step=BY_KEY["languages"], seen=opened, languages=["ru"])

    assert Company.objects.get().languages == ["id"]


def test_step_sent_twice_changes_nothing_the_second_time():
    company = begun()
    opened = seen(company, "languages")

    first = save_step(company=company, step=BY_KEY["languages"], seen=opened, languages=["id"])
    second = save_step(company=company, step=BY_KEY["languages"], seen=opened, languages=["id"])

    assert first.changed_at == second.changed_at


def test_region_fills_in_where_goods_are_loaded_and_that_may_be_changed():
    port = PlaceFactory()
    region = RegionFactory(place=port, distance_km=32)
    company = begun()

    sited = save_step(company=company, step=BY_KEY["site"], seen=seen(company, "site"), region=region, city="Manggar")
    moved = save_step(company=sited, step=BY_KEY["loading"], seen=seen(sited, "loading"), place=port, first_mile_km=40)
    kept = save_step(company=moved, step=BY_KEY["site"], seen=seen(moved, "site"), region=region, city="Lamaru")

    assert (sited.place, sited.first_mile_km) == (port, 32)
    assert (kept.first_mile_km, kept.city) == (40, "Lamaru")


def test_suspended_company_saves_no_step():
    company = begun(status=CompanyStatus.SUSPENDED)

    (said,) = refusals_of(
        save_step, company=company, step=BY_KEY["languages"], seen=seen(company, "languages"), languages=["id"]
    )

    assert "is suspended" in said


def test_progress_counts_the_steps_that_are_needed():
    nothing, half = begun(), complete(registration_number="9120101234568", legal_form="", languages=[])

    assert progress_of(nothing) == Progress(done=0, total=6, next="company")
    assert progress_of(half) == Progress(done=4, total=6, next="company")
    assert progress_of(complete(registration_number="9120101234569")).is_complete


# Certificates


def held(company, kind, **facts):
    facts = {"is_held": True, "number": "", "issuer": "", "scope": "", "valid_from": None, "valid_until": None} | facts
    return state_certificate(company=company, kind=kind, **facts)


def test_certificate_that_a_company_states_is_unchecked():
    assert held(begun(), CertificateKindFactory(), number="A-1").state == CertificateState.UNCHECKED


def test_certificate_that_is_not_held_has_no_number_and_no_days():
    stated = held(begun(), CertificateKindFactory(), is_held=False, number="A-1", valid_until=dt.date(2030, 1, 1))

    assert (stated.state, stated.number, stated.valid_until) == (CertificateState.NOT_HELD, "", None)


def test_checked_certificate_is_unchecked_once_its_company_changes_it():
    company, kind = begun(), CertificateKindFactory()
    checked = Certificate.objects.create(company=company, kind=kind, state=CertificateState.CHECKED, number="A-1")

    assert held(company, kind, number="A-1").state == CertificateState.CHECKED
    opened = seen_of(checked, CERTIFICATE_FACTS)
    assert held(company, kind, number="A-2", seen=opened).state == CertificateState.UNCHECKED


def test_certificate_changed_by_somebody_else_is_asked_again():
    company, kind = begun(), CertificateKindFactory()
    held(company, kind, number="A-1")

    with pytest.raises(ChangedMeanwhile):
        held(company, kind, number="A-2", seen="of another time")


def test_certificate_does_not_end_before_it_begins():
    days = {"valid_from": dt.date(2027, 1, 2), "valid_until": dt.date(2027, 1, 1)}

    (said,) = refusals_of(held, company=begun(), kind=CertificateKindFactory(), **days)

    assert "lies before the first" in said


def test_certificates_of_one_company_are_not_endless(monkeypatch):
    monkeypatch.setattr("companies.services.registration.MOST_CERTIFICATES", 1)
    company = begun()
    held(company, CertificateKindFactory())

    assert refusals_of(held, company=company, kind=CertificateKindFactory()) == [
        "A company states at most 1 certificates."
    ]


# People


def test_contact_person_sent_twice_is_entered_once():
    company = begun()
    user = member_of(company)
    facts = {"name": "Budi", "position": "", "email": "budi@example.org", "phone": "", "languages": ["id"]}
    consent = {"countries": ["ID"], "given_on": dt.date(2026, 11, 1), "wording": "2026-11"}

    for _time in range(2):
        add_contact_once(company=company, recorded_by=user, **facts, **consent)

    assert [(one.name, one.consents.count()) for one in company.contacts.all()] == [("Budi", 1)]


# Sending


def test_company_is_sent_once_and_those_who_verify_are_told_once():
    staff, company = person(Role.STAFF), complete()
    opened = version(company)

    send_registration(company=company, seen_at=opened)
    sent = send_registration(company=company, seen_at=opened)

    assert sent.status == CompanyStatus.SUBMITTED
    assert Notice.objects.filter(user=staff).count() == 1


def test_company_that_changed_after_it_was_read_is_not_sent():
    company = complete()
    opened = version(company)
    save_step(company=company, step=BY_KEY["work"], seen=seen(company, "work"), sectors=["metals"])

    (said,) = refusals_of(send_registration, company=company, seen_at=opened)

    assert said.startswith("Something was changed")


def test_company_with_steps_to_do_is_not_sent():
    company = complete(legal_form="", languages=[], role_mailbox="")

    assert refusals_of(send_registration, company=company, seen_at=version(company)) == [
        "Before it can be sent, these steps want something: The company, Languages, Mailbox and telephone."
    ]


# Throwing away


def test_registration_that_is_only_begun_is_thrown_away_and_its_number_is_free():
    user = person(Role.BUSINESS)
    company = begin(user)

    drop_registration(company=company)

    assert begin(user).pk != company.pk


@pytest.mark.parametrize("more", ["sent", "listing", "example"])
def test_company_that_is_more_than_a_beginning_stays(more):
    company = begun(status=CompanyStatus.SUBMITTED if more == "sent" else CompanyStatus.DRAFT)
    if more == "listing":
        CapacityFactory(company=company)
    if more == "example":
        Company.objects.update(kind="example")

    (said,) = refusals_of(drop_registration, company=company)

    assert "is more than a beginning" in said
    assert Company.objects.filter(pk=company.pk).exists()


def test_member_of_another_company_is_told_only_that_the_number_is_taken():
    other = MembershipFactory().user
    begun()

    (said,) = refusals_of(begin, user=other)

    assert said.startswith("A company with this number is here already.")
