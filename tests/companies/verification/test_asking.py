"""Asking a company back and its answer: a thread that both sides read, each question answered once."""

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from companies import services
from companies.enums import CompanyStatus
from companies.models import Company
from companies.services.asking import answer_question, ask_company
from companies.services.verification import let_in
from notices.models import Notice
from tests.companies.factories import CompanyFactory, StandInFactory
from tests.companies.pages import words_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db


def thread(company: Company) -> list[tuple]:
    return [(step.act, step.words, step.made_by) for step in company.verification_steps.order_by("pk")]


def told(kind: str) -> list[tuple]:
    return [(notice.user, notice.facts, notice.address) for notice in Notice.objects.filter(kind=kind).order_by("pk")]


def test_question_goes_to_the_company_and_its_answer_back_to_those_who_verify(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    member, staff = member_of(company), person(Role.STAFF)
    client.force_login(staff)

    client.post(f"/companies/{company.pk}/verification/ask/", {"ask-words": "Which deed is it?"})
    client.post(f"/companies/{company.pk}/verification/ask/", {"ask-words": "Which deed is it?"})
    client.force_login(member)
    page = client.get(f"/companies/{company.pk}/")
    typed = {"answer-words": "That of 2019.", "answer-question": page.context["question"].pk}
    client.post(f"/companies/{company.pk}/answer/", typed)
    client.post(f"/companies/{company.pk}/answer/", typed)

    assert thread(company) == [("asked", "Which deed is it?", staff), ("answered", "That of 2019.", member)]
    assert "Which deed is it?" in words_of(page)
    assert str(staff) not in words_of(page)
    name = {"company": str(company)}
    assert told("asked_back") == [(member, name | {"words": "Which deed is it?"}, f"/companies/{company.pk}/")]
    assert told("ask_answered") == [(staff, name, f"/companies/{company.pk}/verification/")]
    company.refresh_from_db()
    assert company.status == CompanyStatus.SUBMITTED


def test_company_corrects_its_profile_while_it_is_asked():
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    ask_company(company=company, words="Which town?", asked_by=person(Role.STAFF))

    services.edit_profile(company=company, seen_at=company.changed_at.isoformat(), city="Manggar")

    company.refresh_from_db()
    assert (company.city, company.status) == ("Manggar", CompanyStatus.SUBMITTED)


def test_answer_to_a_question_that_is_not_the_last_one_is_shown_again_with_both(client):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    staff = person(Role.STAFF)
    first = ask_company(company=company, words="Which deed?", asked_by=staff)
    second = ask_company(company=company, words="Which town?", asked_by=staff)
    client.force_login(member_of(company))
    sent = {"answer-words": "That of 2019.", "answer-question": first.pk}

    refused = client.post(f"/companies/{company.pk}/answer/", sent)

    page = words_of(refused)
    assert refused.status_code == 400
    assert "Another question has come since you opened the page." in page
    assert "That of 2019." in page
    assert "Which town?" in page
    assert refused.context["answer_form"]["question"].value() == second.pk
    assert [act for act, _words, _by in thread(company)] == ["asked", "asked"]


@pytest.mark.parametrize("typed", [{}, {"answer-words": " "}, {"answer-words": "a" * 2001}, {"answer-words": "a\0b"}])
def test_answer_that_cannot_be_read_is_refused_at_its_field(client, typed):
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    ask_company(company=company, words="Which deed?", asked_by=person(Role.STAFF))
    client.force_login(member_of(company))

    refused = client.post(f"/companies/{company.pk}/answer/", typed | {"answer-question": "9" * 30})

    assert refused.status_code == 400
    assert list(refused.context["answer_form"].errors) == ["words"]


def test_question_is_refused_where_nobody_waits_and_to_whoever_acts_for_the_company():
    active, own = CompanyFactory(), CompanyFactory(status=CompanyStatus.SUBMITTED)
    staff = person(Role.STAFF)
    StandInFactory(company=own, user=staff)

    for company, said in ((active, "while it waits to be verified"), (own, "somebody else decides about it")):
        with pytest.raises(ValidationError, match=said):
            ask_company(company=company, words="Which deed?", asked_by=staff)
    with pytest.raises(ValidationError, match="Write the question"):
        ask_company(company=own, words="", asked_by=person(Role.ADMIN))


def test_answer_is_refused_once_the_company_is_decided_about_or_nobody_asks():
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    staff, member = person(Role.STAFF), member_of(company)
    with pytest.raises(ValidationError, match="No question waits"):
        answer_question(company=company, question=0, words="Yes.", answered_by=member)
    question = ask_company(company=company, words="Which deed?", asked_by=staff)
    let_in(company=company, reason="A test.", decided_by=staff)

    with pytest.raises(ValidationError, match="No question waits"):
        answer_question(company=company, question=question.pk, words="That of 2019.", answered_by=member)


def test_company_without_people_is_asked_through_whoever_stands_in_for_it():
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    stand_in = StandInFactory(company=company)

    ask_company(company=company, words="Which deed?", asked_by=person(Role.ADMIN))

    assert [user for user, _facts, _address in told("asked_back")] == [stand_in.user]


def test_at_most_so_many_questions_are_asked(monkeypatch):
    monkeypatch.setattr("companies.services.asking.MOST_QUESTIONS", 1)
    company = CompanyFactory(status=CompanyStatus.SUBMITTED)
    ask_company(company=company, words="Which deed?", asked_by=person(Role.STAFF))

    with pytest.raises(ValidationError, match="has been asked 1 times"):
        ask_company(company=company, words="Which town?", asked_by=person(Role.STAFF))
