"""The checklist of a company: facts kept apart, who said what when, and what opens a line again."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from companies.checklist import BY_HAND, checklist_of
from companies.enums import CertificateState, CompanyStatus, FactKind, Screening
from companies.models import Certificate, Company
from companies.proving import what_the_number_proves, what_the_tax_number_proves
from companies.seen import seen_of
from companies.services.verification import let_in, mark_line, record_fact, screen, state_of
from tests.companies.factories import CompanyFactory
from tests.companies.pages import words_of
from tests.factories import CertificateKindFactory
from tests.people import person

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


def lines(company: Company, *, is_alone: bool = True) -> dict[str, tuple]:
    return {line.key: (line.state, line.by) for line in checklist_of(company, is_alone=is_alone)}


def mark(company: Company, line: str, state: str = "done", words: str = "", by=None):
    return mark_line(
        company=company,
        line=line,
        state=state,
        words=words,
        seen=seen_of(company, BY_HAND[line]),
        marked_by=by or person(Role.ADMIN),
    )


@pytest.mark.parametrize(("country", "own"), [("ID", "tax"), ("KZ", "latin")])
def test_fresh_company_has_the_lines_of_its_country_open_but_for_what_follows_by_itself(country, own):
    company = CompanyFactory(country=country, status=CompanyStatus.SUBMITTED, name_registered="Алатау", tax_number="")

    assert lines(company) == dict.fromkeys(["number", "name", "documents"], ("open", None)) | {
        own: ("not_needed" if own == "tax" else "open", None),
        "address": ("open", None),
        "reach": ("open", None),
        "screening": ("open", None),
        "certificates": ("not_needed", None),
        "double": ("done", None),
    }
    assert lines(company, is_alone=False)["double"] == ("open", None)


def test_lines_follow_facts_certificates_screening_and_what_is_said_by_hand():
    company, staff = CompanyFactory(status=CompanyStatus.SUBMITTED), person(Role.STAFF)
    record_fact(company=company, kind=FactKind.NUMBER_CHECKED, checked_on=TODAY, checked_by=staff)
    screen(company=company, screening=Screening.CLEAR, screened_by=staff)
    for state in (CertificateState.CHECKED, CertificateState.UNCHECKED):
        Certificate.objects.create(company=company, kind=CertificateKindFactory(), state=state)
    company.refresh_from_db()
    mark(company, "reach", "not_needed", "The city knows them.", by=staff)

    found = lines(company)

    assert {key: found[key] for key in ("number", "screening", "certificates", "reach", "documents")} == {
        "number": ("done", staff),
        "screening": ("done", staff),
        "certificates": ("open", None),
        "reach": ("not_needed", staff),
        "documents": ("open", None),
    }


def test_line_is_open_again_once_the_company_states_something_else_or_it_is_taken_back():
    company = CompanyFactory(status=CompanyStatus.SUBMITTED, city="Manggar", switchboard="+625428520000")
    mark(company, "address"), mark(company, "reach"), mark(company, "name")
    Company.objects.filter(pk=company.pk).update(city="Samarinda")
    company.refresh_from_db()

    mark(company, "reach", "open")

    found = {line.key: (line.state, line.words) for line in checklist_of(company, is_alone=True)}
    assert found["address"][0] == "open"
    assert "the company has changed it since" in found["address"][1]
    assert (found["reach"], found["name"]) == (("open", ""), ("done", ""))


def test_line_is_refused_without_a_reason_without_being_seen_and_where_there_is_none():
    company, admin = CompanyFactory(status=CompanyStatus.SUBMITTED), person(Role.ADMIN)
    seen = seen_of(company, BY_HAND["name"])

    for facts, said in (
        ({"line": "name", "state": "not_needed", "seen": seen}, "Say why this is not needed"),
        ({"line": "name", "state": "done", "seen": "of old"}, "The company has changed this"),
        ({"line": "latin", "state": "done", "seen": seen}, "no line of the checklist"),
    ):
        with pytest.raises(ValidationError, match=said):
            mark_line(company=company, words="", marked_by=admin, **facts)

    assert company.verification_steps.count() == 0


def test_line_is_marked_on_the_page_and_said_twice_it_is_kept_once(client):
    company, staff = CompanyFactory(status=CompanyStatus.SUBMITTED), person(Role.STAFF)
    client.force_login(staff)
    page = client.get(f"/companies/{company.pk}/verification/")
    form = next(one["form"] for one in page.context["lines"] if one["line"].key == "name")
    typed = {"line-name-state": "done", "line-name-words": "As in OSS.", "line-name-seen": form["seen"].value()}

    for _time in range(2):
        client.post(f"/companies/{company.pk}/verification/lines/name/", typed)
    refused = client.post(f"/companies/{company.pk}/verification/lines/name/", typed | {"line-name-state": "lost"})

    assert [(step.act, step.words, step.made_by) for step in company.verification_steps.all()] == [
        ("checked", "As in OSS.", staff)
    ]
    assert refused.status_code == 400
    assert client.post(f"/companies/{company.pk}/verification/lines/latin/", typed).status_code == 404
    assert "As in OSS." in words_of(client.get(f"/companies/{company.pk}/verification/"))


# What is proved before a company is let in


def test_company_whose_number_is_checked_and_lists_are_clear_is_let_in_without_a_word():
    company, staff = CompanyFactory(status=CompanyStatus.SUBMITTED), person(Role.STAFF)
    record_fact(company=company, kind=FactKind.NUMBER_CHECKED, checked_on=TODAY, checked_by=staff)
    screen(company=company, screening=Screening.CLEAR, screened_by=staff)

    let_in(company=company, decided_by=staff)

    step = company.verification_steps.get(act="let_in")
    assert (step.words, step.made_by) == ("", staff)
    assert step.checklist["lines"]["number"] == {"state": "done", "by": "staff", "on": "2026-11-20"}
    assert step.checklist["lines"]["name"] == {"state": "open", "by": "", "on": ""}


@pytest.mark.parametrize(
    ("has_number", "screening"), [(False, "clear"), (True, "not_screened"), (False, "not_screened")]
)
def test_company_that_is_not_proved_is_let_in_only_for_a_reason_that_is_kept(client, has_number, screening):
    company, staff = CompanyFactory(status=CompanyStatus.SUBMITTED, screening=screening), person(Role.STAFF)
    if has_number:
        record_fact(company=company, kind=FactKind.NUMBER_CHECKED, checked_on=TODAY, checked_by=staff)
    client.force_login(staff)
    address, sent = f"/companies/{company.pk}/verification/let-in/", {"in-seen": state_of(company)}

    refused = client.post(address, sent)
    company.refresh_from_db()
    before = company.status
    client.post(address, sent | {"in-reason": "The register is away until Monday."})

    company.refresh_from_db()
    assert list(refused.context["refused"].errors) == ["reason"]
    assert (refused.status_code, before, company.status) == (400, CompanyStatus.SUBMITTED, CompanyStatus.ACTIVE)
    step = company.verification_steps.get(act="let_in")
    assert (step.words, step.made_by) == ("The register is away until Monday.", staff)


# What a number proves by itself


@pytest.mark.parametrize(
    ("country", "number", "said"),
    [
        ("ID", "", []),
        (
            "ID",
            "9120101234567",
            ["13 digits. A NIB has no public check digit: whose it is, only its document or the register says."],
        ),
        (
            "KZ",
            "970740000838",
            [
                "BIN: the check digit is right; month of registration: Jul 1997; resident organisation, head office.",
            ],
        ),
        (
            "KZ",
            "240461530120",
            ["BIN: the check digit is right; month of registration: Apr 2024; joint individual enterprise, branch."],
        ),
        ("KZ", "970740000839", ["The check digit of 970740000839 is 9 but must be 8. One of the digits is mistyped."]),
    ],
)
def test_number_says_what_our_check_proved_and_no_more(country, number, said):
    assert what_the_number_proves(Company(country=country, registration_number=number)) == said


@pytest.mark.parametrize(("number", "said"), [("", []), ("0013121660091000", ["NPWP: the check digit is right."])])
def test_tax_number_says_what_our_check_proved(number, said):
    assert what_the_tax_number_proves(Company(country="ID", tax_number=number)) == said
