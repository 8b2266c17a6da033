"""Whether a company is what it says: who may say so, what is kept, who is told, what stops at once."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from companies import services
from companies.enums import CompanyKind, CompanyStatus, FactKind, MemberRole, Screening, VerificationAct
from companies.models import Company, Membership, VerificationFact
from companies.permissions import may_verify
from companies.services.asking import keep_step
from companies.services.verification import state_of
from companies.signals import book_changed
from matching.lists import listed_results
from matching.models import Match
from notices.models import Notice
from tests.companies.factories import CompanyFactory, NeedFactory, StandInFactory
from tests.companies.pages import whole_company, words_of
from tests.factories import CommodityFactory
from tests.matching.found import some_matches
from tests.people import member_of, person

pytestmark = pytest.mark.django_db

ACTS = {
    "facts/": {"fact-kind": "visited", "fact-checked_on": "2026-11-20", "fact-note": "Saw the cold store."},
    "let-in/": {"in-reason": "The number is looked up next week."},
    "lines/name/": {"line-name-state": "done"},
    "ask/": {"ask-words": "Which deed is it?"},
    "send-back/": {"back-reason": "The deed is missing."},
    "suspend/": {"suspend-reason": "The deed has lapsed."},
    "screening/": {"screening-screening": "clear", "screening-note": "Lists of 20 November."},
}


def stored(company: Company) -> Company:
    return Company.objects.get(pk=company.pk)


def decide(client, company: Company, act: str, **typed):
    """What somebody who has just opened the page sends from one of its forms."""
    form = {"let-in/": "in", "send-back/": "back", "suspend/": "suspend"}[act]
    sent = ACTS[act] | {f"{form}-seen": state_of(stored(company))} | typed
    return client.post(f"/companies/{company.pk}/verification/{act}", sent)


def told() -> list[tuple]:
    return [(notice.user, notice.kind, notice.facts) for notice in Notice.objects.order_by("pk")]


# Who may


@pytest.mark.parametrize(
    ("country", "those"),
    [("ID", {Role.STAFF, Role.ADMIN}), ("KZ", {Role.OFFICER, Role.ADMIN})],
)
def test_city_verifies_indonesian_companies_and_embassy_kazakh_ones(client, country, those):
    company = CompanyFactory(country=country, status=CompanyStatus.SUBMITTED)
    others = {Role.STAFF, Role.OFFICER, Role.ADMIN} - those
    answers = {}

    for role in sorted(others):
        client.force_login(person(role))
        answers[role] = [client.get(f"/companies/{company.pk}/verification/").status_code] + [
            client.post(f"/companies/{company.pk}/verification/{act}", typed).status_code for act, typed in ACTS.items()
        ]
    untouched = (stored(company).status, stored(company).screening, VerificationFact.objects.count())
    client.force_login(person(sorted(those)[0]))

    assert {role for role in (Role.STAFF, Role.OFFICER, Role.ADMIN) if may_verify(person(role), company)} == those
    assert answers == {role: [404] * (len(ACTS) + 1) for role in others}
    assert untouched == (CompanyStatus.SUBMITTED, Screening.NOT_SCREENED, 0)
    assert client.get(f"/companies/{company.pk}/verification/").status_code == 200


def test_own_people_do_not_verify_their_company(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    client.force_login(member_of(company))

    answers = [client.get(f"/companies/{company.pk}/verification/").status_code] + [
        client.post(f"/companies/{company.pk}/verification/{act}", typed).status_code for act, typed in ACTS.items()
    ]

    assert answers == [404] * (len(ACTS) + 1)
    assert stored(company).status == CompanyStatus.SUBMITTED


def test_nobody_verifies_a_company_they_stand_in_for(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    client.force_login(StandInFactory(company=company).user)

    answers = [client.get(f"/companies/{company.pk}/verification/").status_code] + [
        client.post(f"/companies/{company.pk}/verification/{act}", typed).status_code for act, typed in ACTS.items()
    ]

    assert answers == [404] * (len(ACTS) + 1)
    assert stored(company).status == CompanyStatus.SUBMITTED


def test_nobody_lets_in_a_company_they_registered_also_once_they_stand_in_for_it_no_longer(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    stand_in = StandInFactory(company=company)
    services.end_stand_in(stand_in=stand_in)
    client.force_login(stand_in.user)

    refused = client.post(f"/companies/{company.pk}/verification/let-in/")

    assert (refused.status_code, stored(company).status) == (404, CompanyStatus.SUBMITTED)
    assert may_verify(person(Role.STAFF, email="another@example.test"), company)
    company.status = CompanyStatus.ACTIVE  # let in by somebody else
    assert may_verify(stand_in.user, company)


def test_hidden_company_is_verified_by_nobody(client):
    company = CompanyFactory(is_hidden=True)
    admin = person(Role.ADMIN)
    client.force_login(admin)

    assert not may_verify(admin, company)
    assert client.get(f"/companies/{company.pk}/verification/").status_code == 404


# Checks


def test_check_is_kept_and_the_company_is_told_once(client):
    company = CompanyFactory()
    member, staff = member_of(company), person(Role.STAFF)
    client.force_login(staff)

    client.post(f"/companies/{company.pk}/verification/facts/", ACTS["facts/"])
    client.post(f"/companies/{company.pk}/verification/facts/", ACTS["facts/"])

    fact = VerificationFact.objects.get()
    assert (fact.kind, fact.checked_on, fact.checked_by, fact.note) == (
        FactKind.VISITED,
        dt.date(2026, 11, 20),
        staff,
        "Saw the cold store.",
    )
    assert told() == [(member, "fact_recorded", {"company": str(company), "fact": "visited"})]


def test_check_of_a_day_to_come_is_refused(client):
    company = CompanyFactory()
    client.force_login(person(Role.STAFF))
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    response = client.post(
        f"/companies/{company.pk}/verification/facts/", ACTS["facts/"] | {"fact-checked_on": tomorrow.isoformat()}
    )

    assert response.status_code == 400
    assert list(response.context["refused"].errors) == ["checked_on"]
    assert "Saw the cold store." in words_of(response)
    with pytest.raises(ValidationError, match="This day has not come yet"):
        services.record_fact(company=company, kind=FactKind.VISITED, checked_on=tomorrow)
    assert VerificationFact.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"fact-kind": "deal_completed"}, "kind"),
        ({"fact-kind": ""}, "kind"),
        ({"fact-checked_on": "05/06/2026"}, "checked_on"),
        ({"fact-checked_on": "9" * 40}, "checked_on"),
        ({"fact-note": "a\0b"}, "note"),
        ({"fact-note": "a" * 501}, "note"),
    ],
)
def test_check_that_makes_no_sense_is_refused_at_its_field(client, typed, field):
    company = CompanyFactory()
    client.force_login(person(Role.STAFF))

    response = client.post(f"/companies/{company.pk}/verification/facts/", ACTS["facts/"] | typed)

    assert response.status_code == 400
    assert list(response.context["refused"].errors) == [field]
    assert VerificationFact.objects.count() == 0


# Letting in, sending back, suspending


def test_submitted_company_is_let_in_and_told(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED, status_reason="Sent back once.")
    member = member_of(company)
    client.force_login(person(Role.STAFF))

    decide(client, company, "let-in/")

    assert (stored(company).status, stored(company).status_reason) == (CompanyStatus.ACTIVE, "")
    assert told() == [(member, "company_active", {"company": str(company)})]


def test_company_that_was_suspended_is_let_in_again_and_told_again(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    member_of(company)
    client.force_login(person(Role.STAFF))

    decide(client, company, "let-in/")
    decide(client, company, "suspend/")
    decide(client, company, "let-in/")

    assert stored(company).status == CompanyStatus.ACTIVE
    assert [kind for _user, kind, _facts in told()] == ["company_active", "company_suspended", "company_active"]


def test_company_is_sent_back_with_a_reason_that_it_reads(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    member = member_of(company)
    client.force_login(person(Role.STAFF))

    decide(client, company, "send-back/")
    client.force_login(member)
    page = words_of(client.get(f"/companies/{company.pk}/"))

    assert stored(company).status == CompanyStatus.DRAFT
    assert told() == [(member, "company_sent_back", {"company": str(company), "reason": "The deed is missing."})]
    assert "Sent back with these words: The deed is missing." in page


@pytest.mark.parametrize(
    ("act", "status", "typed"),
    [
        ("send-back/", CompanyStatus.SUBMITTED, {"back-reason": ""}),
        ("send-back/", CompanyStatus.SUBMITTED, {"back-reason": "a" * 501}),
        ("suspend/", CompanyStatus.ACTIVE, {"suspend-reason": " "}),
        ("suspend/", CompanyStatus.ACTIVE, {"suspend-reason": "a\0b"}),
    ],
)
def test_decision_against_a_company_needs_a_reason_that_can_be_read(client, act, status, typed):
    company = CompanyFactory(status=status)
    client.force_login(person(Role.STAFF))

    response = decide(client, company, act, **typed)

    assert response.status_code == 400
    assert list(response.context["refused"].errors) == ["reason"]
    assert (stored(company).status, stored(company).status_reason) == (status, "")


@pytest.mark.parametrize(
    ("act", "status"),
    [
        ("let-in/", CompanyStatus.DRAFT),
        ("let-in/", CompanyStatus.ACTIVE),
        ("send-back/", CompanyStatus.DRAFT),
        ("send-back/", CompanyStatus.ACTIVE),
        ("send-back/", CompanyStatus.SUSPENDED),
        ("suspend/", CompanyStatus.DRAFT),
        ("suspend/", CompanyStatus.SUBMITTED),
        ("suspend/", CompanyStatus.SUSPENDED),
    ],
)
def test_decision_that_came_too_late_is_refused(client, act, status):
    company = CompanyFactory(status=status)
    member_of(company)
    client.force_login(person(Role.STAFF))

    response = decide(client, company, act)

    assert f"This is not possible while {company} is {CompanyStatus(status).label}." in words_of(response)
    assert stored(company).status == status
    assert told() == []


def test_company_of_the_public_directory_is_not_let_in_or_suspended():
    company = CompanyFactory(kind=CompanyKind.DIRECTORY)

    for act in (
        lambda: services.suspend_company(company=company, reason="A test."),
        lambda: services.let_in(company=company),
    ):
        with pytest.raises(ValidationError, match="public directory"):
            act()

    assert stored(company).status == CompanyStatus.ACTIVE


def test_suspended_company_leaves_its_matches_at_once_and_comes_back(client):
    (result,) = some_matches(CommodityFactory(), 1)
    staff = person(Role.STAFF)
    seller = result.match.capacity.company
    before = list(listed_results(staff)), list(Match.objects.current())

    services.suspend_company(company=seller, reason="The deed has lapsed.")
    meanwhile = list(listed_results(staff)), list(Match.objects.current())
    services.let_in(company=seller, reason="A test.")

    assert before == ([result.match.listed], [result.match])
    assert meanwhile == ([], [])
    assert (list(listed_results(staff)), list(Match.objects.current())) == before


# Screening


def test_company_does_not_read_whether_it_was_screened(client):
    company = CompanyFactory(screening=Screening.REFUSED)
    client.force_login(member_of(company))
    own = words_of(client.get(f"/companies/{company.pk}/"))
    client.force_login(person(Role.STAFF))

    staff = words_of(client.get(f"/companies/{company.pk}/"))

    assert ("Screening" in staff, "Screening" in own, "Refused" in own) == (True, False, False)


def test_screening_is_kept_with_a_note_that_the_company_does_not_read(client):
    company = CompanyFactory()
    client.force_login(person(Role.STAFF))

    client.post(
        f"/companies/{company.pk}/verification/screening/",
        {"screening-screening": "refused", "screening-note": "List of the ministry, page 3."},
    )
    noted = words_of(client.get(f"/companies/{company.pk}/verification/"))
    client.force_login(member_of(company))

    assert (stored(company).screening, stored(company).screening_note) == (
        Screening.REFUSED,
        "List of the ministry, page 3.",
    )
    assert "List of the ministry, page 3." in noted
    for page in ("", "edit/", "stand-ins/"):
        assert "ministry" not in words_of(client.get(f"/companies/{company.pk}/{page}"))


def test_company_whose_screening_changes_is_matched_anew():
    company = NeedFactory().company
    heard = []

    def hear(sender, companies, by_company, **more):
        heard.append(([one.pk for one in companies], by_company))

    book_changed.connect(hear)
    for screening in ("refused", "refused", "clear"):
        services.screen(company=company, screening=screening, note="List of the ministry, page 3.")
    book_changed.disconnect(hear)

    assert heard == [([company.pk], False)] * 2


def test_refused_screening_says_on_which_list(client):
    company = CompanyFactory()
    client.force_login(person(Role.STAFF))

    response = client.post(f"/companies/{company.pk}/verification/screening/", {"screening-screening": "refused"})

    assert response.status_code == 400
    assert {name: list(errors) for name, errors in response.context["refused"].errors.items()} == {
        "note": ["Say on which list the company stands, and since when."]
    }
    assert stored(company).screening == Screening.NOT_SCREENED


def test_company_on_a_list_is_not_let_in(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED, screening=Screening.REFUSED)
    client.force_login(person(Role.STAFF))

    response = decide(client, company, "let-in/")

    assert f"The screening of {company} says refused." in words_of(response)
    assert stored(company).status == CompanyStatus.SUBMITTED


def test_form_that_was_refused_leaves_the_other_forms_as_they_were(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED, screening_note="Lists of 20 November.")
    client.force_login(person(Role.STAFF))

    response = decide(client, company, "send-back/", **{"back-reason": ""})

    assert "Lists of 20 November." in words_of(response)
    assert response.context["fact_form"].errors == {}


# Two who verify at once


@pytest.mark.parametrize(
    ("act", "status"), [("let-in/", "submitted"), ("send-back/", "submitted"), ("suspend/", "active")]
)
@pytest.mark.parametrize("meanwhile", ["asked", "edited", "not seen"])
def test_decision_about_what_has_changed_since_the_page_was_opened_is_shown_again(client, act, status, meanwhile):
    company = CompanyFactory(status=status)
    client.force_login(person(Role.STAFF))
    form = {"let-in/": "in", "send-back/": "back", "suspend/": "suspend"}[act]
    sent = ACTS[act] | ({} if meanwhile == "not seen" else {f"{form}-seen": state_of(company)})
    if meanwhile == "asked":
        keep_step(company, VerificationAct.ASKED, "Which deed?", made_by=person(Role.ADMIN))
    elif meanwhile == "edited":
        stored(company).save()

    refused = client.post(f"/companies/{company.pk}/verification/{act}", sent)
    before = stored(company).status
    again = refused.context["refused"]
    client.post(f"/companies/{company.pk}/verification/{act}", ACTS[act] | {f"{form}-seen": again["seen"].value()})

    assert (refused.status_code, before) == (400, status)
    assert "has changed something since you opened this page" in words_of(refused)
    assert stored(company).status != status


# What one person may keep waiting


def test_business_user_has_at_most_so_many_companies_waiting(monkeypatch):
    monkeypatch.setattr("companies.services.profiles.MOST_WAITING", 1)
    first, second = (whole_company(status="draft", registration_number=f"912010123456{n}") for n in (1, 2))
    user = member_of(first)
    Membership.objects.create(company=second, user=user, role=MemberRole.OWNER)
    services.submit_company(company=first, sent_by=user)

    with pytest.raises(ValidationError, match="1 companies of yours wait to be verified"):
        services.submit_company(company=second, sent_by=user)
    services.send_back(company=first, reason="The deed is missing.")
    services.submit_company(company=second, sent_by=user)

    assert stored(second).status == CompanyStatus.SUBMITTED


def test_company_is_held_before_its_person_as_when_a_paper_is_brought():
    company = whole_company(status="draft")
    user = member_of(company)

    with CaptureQueriesContext(connection) as sending:
        services.submit_company(company=company, sent_by=user)

    held = [re.search(r'FROM "(\w+)"', one["sql"])[1] for one in sending if " FOR " in one["sql"]]
    assert held == ["companies_company", "accounts_user"]


def test_suspended_company_is_on_no_page_of_its_partners(client):
    (result,) = some_matches(CommodityFactory(), 1)
    client.force_login(member_of(result.match.need.company))
    address = f"/partners/{result.match.pk}/"
    before = client.get(address).status_code

    services.suspend_company(company=result.match.capacity.company, reason="The deed has lapsed.")

    assert (before, client.get(address).status_code) == (200, 404)


@pytest.mark.parametrize(
    "act",
    [
        lambda company, user: services.record_fact(
            company=company, kind=FactKind.VISITED, checked_on=timezone.localdate(), checked_by=user
        ),
        lambda company, user: services.check_certificate(company=company, certificate=0, seen="", checked_by=user),
        lambda company, user: services.screen(company=company, screening="clear", screened_by=user),
    ],
)
def test_whoever_began_to_act_for_the_company_meanwhile_checks_nothing_of_it(act):
    company, staff = CompanyFactory(status=CompanyStatus.SUBMITTED), person(Role.STAFF)
    services.begin_stand_in(company=company, user=staff, reason="They asked for it.")

    with pytest.raises(ValidationError, match="somebody else decides about it"):
        act(company, staff)
