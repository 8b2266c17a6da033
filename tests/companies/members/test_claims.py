"""An entry of the public directory, found and claimed by its company, decided by those who verify."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.enums import Role
from accounts.models import User
from companies.enums import ClaimState, CompanyKind, CompanyStatus
from companies.models import Claim, Company
from companies.services import accept_claim, make_claim, refuse_claim, withdraw_claim
from companies.services.claims import waiting_claims
from notices.models import Notice
from tests.companies.factories import CompanyFactory
from tests.companies.members.links import NUMBER, confirmed
from tests.companies.pages import errors_of, words_of
from tests.people import person

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a register %%EOF"


@pytest.fixture(autouse=True)
def kept_files(settings, tmp_path):
    """Files of a test alone; limits begin anew."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    return tmp_path / "claims"


def entry(name: str = "PT Kaltim Laut Sejahtera", **facts) -> Company:
    facts = {"kind": CompanyKind.DIRECTORY, "source": "a public list", "confidence": "likely"} | facts
    return CompanyFactory(name_registered=name, **facts)


def paper(body: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("paper of Siti.pdf", body)


def claimed(company: Company, user=None, **facts) -> Claim:
    facts = {"registration_number": NUMBER, "words": "director", "file": paper()} | facts
    return make_claim(company=company, user=user or confirmed(), **facts)


def test_a_business_finds_its_entry_by_any_spelling_and_nothing_else(client):
    wanted = entry()
    entry("PT Kaltim Laut Sejahtera Hidden", is_hidden=True)
    CompanyFactory(name_registered="PT Kaltim Laut Sejahtera Abadi", description="private")
    entry("PT Borneo Kayu")
    client.force_login(confirmed())

    response = client.get("/directory/", {"name": "KALTIM LAUT SEJAHTERA, pt."})
    part = client.get("/directory/", {"name": "laut Кальтим"})
    nothing = words_of(client.get("/directory/", {"name": "Astana Un"}))
    too_short = client.get("/directory/", {"name": "pt"})

    assert response.context["found"] == part.context["found"] == [wanted]
    assert too_short.context["found"] == []
    assert f'href="/directory/{wanted.pk}/claim/"' in response.content.decode()
    assert "No entry has such a name." in nothing


def test_a_claim_is_made_told_and_accepted_and_the_registration_goes_on(client):
    company = entry()
    user, staff = confirmed(), person(Role.STAFF)
    client.force_login(user)

    sent = {"registration_number": "1234 5678 90123", "words": "director", "file": paper()}
    made = client.post(f"/directory/{company.pk}/claim/", sent)
    claim = Claim.objects.get()
    client.force_login(staff)
    page = words_of(client.get(f"/claims/{claim.pk}/"))
    file = client.get(f"/claims/{claim.pk}/document/")
    client.post(f"/claims/{claim.pk}/accept/")
    client.force_login(user)

    assert (made.status_code, made["Location"]) == (302, f"/claims/{claim.pk}/")
    assert all(word in page for word in (NUMBER, "director", "a public list", user.email))
    assert b"".join(file.streaming_content) == PDF
    assert file["Content-Disposition"] == f'attachment; filename="claim-{claim.pk}.pdf"'
    company.refresh_from_db()
    assert (company.kind, company.status, company.registration_number) == ("registered", "draft", NUMBER)
    assert (company.source, company.confidence) == ("a public list", "likely")
    assert list(company.memberships.values_list("user", "role")) == [(user.pk, "owner")]
    told = Notice.objects.order_by("pk").values_list("kind", "user", "address")
    assert list(told) == [
        ("claim_made", staff.pk, f"/claims/{claim.pk}/"),
        ("claim_accepted", user.pk, f"/companies/{company.pk}/registration/"),
    ]
    assert client.get(f"/companies/{company.pk}/registration/").status_code == 200
    assert "by a claim of the directory entry" in words_of(client.get(f"/history/company/{company.pk}/"))


def test_accepting_one_claim_refuses_the_others_with_a_sentence(client):
    company, staff = entry(), person(Role.STAFF)
    first, second = claimed(company), claimed(company, confirmed("eve@example.test", language="id"))

    accept_claim(claim=second, decided_by=staff)

    first.refresh_from_db()
    assert (first.state, first.reason) == (ClaimState.REFUSED, "Somebody else has shown that the company is theirs.")
    assert first.decided_by == staff
    assert Notice.objects.filter(kind="claim_refused", user=first.made_by).count() == 1
    client.force_login(first.made_by)
    Company.objects.update(website="https://secret.example.org")
    page = words_of(client.get(f"/claims/{first.pk}/"))
    assert ("Somebody else has shown" in page, "secret.example.org" in page) == (True, False)


def test_a_refused_claim_says_why_and_leaves_the_entry(client):
    claim = claimed(entry())
    client.force_login(person(Role.STAFF))

    empty = client.post(f"/claims/{claim.pk}/refuse/", {"reason": ""})
    client.post(f"/claims/{claim.pk}/refuse/", {"reason": "The paper is of another company."})
    late = client.post(f"/claims/{claim.pk}/accept/", follow=True)

    claim.refresh_from_db()
    assert (empty.status_code, claim.state, claim.company.kind) == (400, ClaimState.REFUSED, CompanyKind.DIRECTORY)
    assert "This claim is refused already." in words_of(late)
    client.force_login(claim.made_by)
    assert "The paper is of another company." in words_of(client.get(f"/claims/{claim.pk}/"))


def test_a_number_that_is_here_leads_to_merging_instead(client):
    CompanyFactory(registration_number=NUMBER, name_registered="PT Here Already")
    claim = claimed(entry())
    client.force_login(person(Role.STAFF))

    page = words_of(client.get(f"/claims/{claim.pk}/"))
    answer = words_of(client.post(f"/claims/{claim.pk}/accept/", follow=True))

    assert "The number is here already." in page
    assert f"/claims/{claim.pk}/accept/" not in page
    assert "PT Here Already is here with this registration number already." in answer
    claim.refresh_from_db()
    assert (claim.state, claim.company.kind) == (ClaimState.WAITING, CompanyKind.DIRECTORY)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"registration_number": "123"}, "registration_number", "13 digits"),
        ({"words": ""}, "words", "Fill this in."),
        ({"file": ""}, "file", "Choose a file."),
        ({"file": paper(b"MZ not a paper")}, "file", "This is no PDF, JPEG or PNG."),
        ({"file": paper(b"%PDF-1.7 cut")}, "file", "This file is not whole"),
    ],
)
def test_a_claim_that_shows_nothing_is_refused_and_leaves_no_file(client, kept_files, typed, field, said):
    company = entry()
    client.force_login(confirmed())

    sent = {"registration_number": NUMBER, "words": "director", "file": paper()} | typed
    response = client.post(f"/directory/{company.pk}/claim/", sent)

    assert response.status_code == 400
    assert list(errors_of(response)) == [field]
    assert said in errors_of(response)[field][0]
    assert not Claim.objects.exists()
    assert not list(kept_files.glob("*"))


def test_a_person_waits_for_three_claims_at_most_and_once_for_each_entry(client):
    companies = [entry(f"PT {name}") for name in ("Alpha", "Beta", "Gamma", "Delta")]
    claims = [claimed(company) for company in companies[:3]]

    with pytest.raises(ValidationError, match="waits to be looked at already"):
        claimed(companies[0])
    with pytest.raises(ValidationError, match="3 of your claims wait"):
        claimed(companies[3])
    withdraw_claim(claim=claims[0])

    assert claimed(companies[3]).state == ClaimState.WAITING
    assert Claim.objects.get(pk=claims[0].pk).state == ClaimState.WITHDRAWN


@pytest.mark.parametrize("facts", [{"kind": CompanyKind.REGISTERED}, {"is_hidden": True}], ids=["registered", "hidden"])
def test_only_entries_of_the_directory_are_claimed(client, facts):
    company = entry(**facts)
    client.force_login(confirmed())

    with pytest.raises(ValidationError, match="is no entry of the public directory any more"):
        claimed(company)
    assert client.get(f"/directory/{company.pk}/claim/").status_code == 404


def test_claims_wait_for_those_who_verify_the_companies_of_the_country():
    here, there = claimed(entry()), claimed(entry("ТОО Астык", country="KZ"), registration_number="930640000024")
    refuse_claim(claim=claimed(entry("PT Beta")), decided_by=person(Role.STAFF), reason="no")

    waiting = {role: list(waiting_claims(person(role))) for role in Role}

    assert waiting == {
        Role.BUSINESS: [],
        Role.STAFF: [here],
        Role.OFFICER: [there],
        Role.ADMIN: [here, there],
    }


def test_a_claim_of_an_account_that_is_closed_is_not_accepted():
    claim = claimed(entry())
    User.objects.filter(pk=claim.made_by_id).update(is_active=False)

    with pytest.raises(ValidationError, match="no longer a business user's"):
        accept_claim(claim=claim, decided_by=person(Role.STAFF))


def test_a_claimed_company_is_not_thrown_away_as_a_beginning(client):
    company = entry()
    user = confirmed()
    accept_claim(claim=claimed(company, user), decided_by=person(Role.STAFF))
    client.force_login(user)

    client.post(f"/companies/{company.pk}/registration/drop/")

    assert Company.objects.filter(pk=company.pk, status=CompanyStatus.DRAFT).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_accepted_at_once_one_holds():
    company, staff = entry(), person(Role.STAFF)
    claims = [claimed(company), claimed(company, confirmed("eve@example.test"))]

    def accepted(claim: Claim) -> bool:
        try:
            accept_claim(claim=claim, decided_by=staff)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(accepted, claims))

    assert sorted(answers) == [False, True]
    assert company.memberships.count() == 1
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["accepted", "refused"]


def test_claiming_and_taking_back_again_and_again_ends_before_the_queue_is_full(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"claim_made": "1/d/user"}
    company = entry()
    verifier = person(Role.STAFF)
    client.force_login(confirmed())

    answers = []
    for _time in range(2):
        sent = {"registration_number": NUMBER, "words": "director", "file": paper(PDF)}
        answers.append(client.post(f"/directory/{company.pk}/claim/", sent))
        withdraw_claim(claim=Claim.objects.get())

    assert [answer.status_code for answer in answers] == [302, 400]
    assert "Too many requests. Wait a few minutes, then try again." in words_of(answers[1])
    assert Notice.objects.filter(user=verifier).count() == 1
