"""Contact persons: kept by their company with a consent, looked at by city and embassy for a purpose that is kept."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.enums import Role
from companies import services
from companies.consents import CURRENT, WORDINGS
from companies.enums import CompanyKind, CompanyStatus, ContactPurpose
from companies.models import Consent, ContactLook, ContactPerson, Membership
from companies.permissions import is_member
from companies.services.contacts import MOST_CONTACTS
from tests.companies.factories import CompanyFactory, ContactPersonFactory, StandInFactory
from tests.companies.pages import errors_of, words_of
from tests.people import member_of, person

pytestmark = pytest.mark.django_db

INVISIBLE = "The text holds invisible control characters. Write it again by hand."


def a_person(**typed) -> dict:
    """What the form of a new contact person sends."""
    return {
        "name": "Budi Santoso",
        "position": "Manajer ekspor",
        "email": "budi@example.org",
        "phone": "+62 542 123456",
        "languages": ["id", "en"],
        "agreed": "on",
        "countries": ["ID", "KZ"],
        "given_on": "2026-11-01",
        "wording": CURRENT,
    } | typed


def people() -> list[str]:
    return list(ContactPerson.objects.values_list("name", flat=True))


# What the company does


def test_company_enters_a_person_with_the_consent(client):
    company = CompanyFactory()
    user = member_of(company)
    client.force_login(user)

    response = client.post(f"/companies/{company.pk}/contacts/add/", a_person())

    assert (response.status_code, response["Location"]) == (302, f"/companies/{company.pk}/contacts/")
    contact = ContactPerson.objects.get()
    assert (contact.company, contact.name, contact.position) == (company, "Budi Santoso", "Manajer ekspor")
    assert (contact.email, contact.phone, contact.languages) == ("budi@example.org", "+62 542 123456", ["en", "id"])
    consent = Consent.objects.get()
    assert (consent.contact, consent.wording, consent.countries) == (contact, CURRENT, ["ID", "KZ"])
    assert (consent.given_on, consent.recorded_by, consent.withdrawn_at) == (dt.date(2026, 11, 1), user, None)


def test_form_of_a_new_person_shows_the_words_that_are_agreed_to(client):
    company = CompanyFactory()
    client.force_login(member_of(company))

    page = words_of(client.get(f"/companies/{company.pk}/contacts/add/"))

    assert str(WORDINGS[CURRENT]) in page
    assert f'name="wording" value="{CURRENT}"' in page
    assert f'name="given_on" value="{timezone.localdate().isoformat()}"' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, {"name": ["Fill this in."]}),
        ({"name": "a" * 151}, {"name": ["The text has 151 characters; at most 150 can be kept."]}),
        ({"name": "Bu\0di"}, {"name": [INVISIBLE]}),
        ({"name": "Bu\u2066di"}, {"name": [INVISIBLE]}),
        ({"email": "", "phone": ""}, {"email": ["Give an e-mail address or a telephone number."]}),
        ({"email": "budi"}, {"email": ["This is no e-mail address. It looks like name@example.org."]}),
        ({"agreed": ""}, {"agreed": ["Without the person's consent nothing is kept."]}),
        ({"countries": []}, {"countries": ["Choose at least one country."]}),
        ({"countries": ["ID", "XX"]}, {"countries": ["XX is no choice here."]}),
        ({"given_on": ""}, {"given_on": ["Fill this in."]}),
        ({"languages": ["tlh"]}, {"languages": ["tlh is no choice here."]}),
        ({"wording": "1999-01"}, {"__all__": ["These words are not known here. Open the page again."]}),
    ],
)
def test_person_is_refused_in_a_sentence_and_what_was_typed_stays(client, typed, said):
    company = CompanyFactory()
    client.force_login(member_of(company))

    response = client.post(f"/companies/{company.pk}/contacts/add/", a_person(**{"position": "Typed beside"} | typed))

    assert response.status_code == 400
    assert errors_of(response) == said
    assert "Typed beside" in words_of(response)
    assert people() == []


def test_consent_is_not_of_a_day_to_come(client):
    company = CompanyFactory()
    client.force_login(member_of(company))
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    response = client.post(f"/companies/{company.pk}/contacts/add/", a_person(given_on=tomorrow.isoformat()))

    assert list(errors_of(response)) == ["given_on"]
    assert people() == []
    with pytest.raises(ValidationError, match="This day has not come yet"):
        services.add_contact(
            company=company,
            recorded_by=person(Role.STAFF),
            name="Budi",
            phone="+62 542 123456",
            countries=["ID"],
            given_on=tomorrow,
        )
    assert people() == []


def test_day_of_consent_with_two_readings_is_asked_back(client):
    company = CompanyFactory()
    client.force_login(member_of(company))

    response = client.post(f"/companies/{company.pk}/contacts/add/", a_person(given_on="05/06/2026"))

    assert list(errors_of(response)) == ["given_on"]
    assert 'value="05/06/2026"' in words_of(response)


def test_company_has_a_bounded_number_of_contact_persons(client):
    company = CompanyFactory()
    ContactPersonFactory.create_batch(MOST_CONTACTS, company=company)
    client.force_login(member_of(company))

    response = client.post(f"/companies/{company.pk}/contacts/add/", a_person())

    assert errors_of(response) == {"__all__": ["A company has at most 20 contact persons. Remove one first."]}
    assert ContactPerson.objects.count() == MOST_CONTACTS


def edited(contact: ContactPerson, **typed) -> dict:
    facts = {name: getattr(contact, name) for name in ("name", "position", "email", "phone", "languages")}
    return facts | {"seen_at": contact.changed_at.isoformat()} | typed


def test_company_puts_a_person_right(client):
    contact = ContactPersonFactory()
    client.force_login(member_of(contact.company))

    response = client.post(
        f"/companies/{contact.company_id}/contacts/{contact.pk}/edit/", edited(contact, phone="+62 542 999999")
    )

    contact.refresh_from_db()
    assert (response.status_code, contact.phone) == (302, "+62 542 999999")


def test_second_tab_of_a_person_is_refused_and_keeps_what_was_typed(client):
    contact = ContactPersonFactory()
    client.force_login(member_of(contact.company))
    page = f"/companies/{contact.company_id}/contacts/{contact.pk}/edit/"
    seen_in_both_tabs = edited(contact)

    client.post(page, seen_in_both_tabs | {"position": "Director"})
    second = client.post(page, seen_in_both_tabs | {"position": "Clerk"})

    contact.refresh_from_db()
    assert (second.status_code, contact.position) == (400, "Director")
    assert "Somebody has changed this since you opened the page." in words_of(second)
    assert 'value="Clerk"' in words_of(second)


def test_person_removed_in_another_tab_is_not_found(client):
    contact = ContactPersonFactory()
    client.force_login(member_of(contact.company))
    pk = contact.pk
    contact.delete()

    assert client.post(f"/companies/{contact.company_id}/contacts/{pk}/edit/", {}).status_code == 404


def test_consent_for_other_countries_follows_the_one_before(client):
    contact = ContactPersonFactory(countries=["ID"])
    client.force_login(member_of(contact.company))

    client.post(
        f"/companies/{contact.company_id}/contacts/{contact.pk}/agree/",
        {"agreed": "on", "countries": ["KZ"], "given_on": "2026-11-20", "wording": CURRENT},
    )

    newest, before = contact.consents.all()
    assert (newest.countries, newest.withdrawn_at) == (["KZ"], None)
    assert before.countries == ["ID"]
    assert before.withdrawn_at is not None


def test_consent_is_withdrawn_by_two_clicks_without_script(client):
    contact = ContactPersonFactory()
    company, page = contact.company, f"/companies/{contact.company_id}/contacts/"
    client.force_login(member_of(company))
    shown = words_of(client.get(page))

    response = client.post(f"{page}{contact.pk}/withdraw/", follow=True)

    assert f"<summary>Withdraw the consent of {contact}</summary>" in shown
    assert f'action="{page}{contact.pk}/withdraw/"' in shown
    assert response.redirect_chain == [(page, 302)]
    assert "None: only your company sees this person" in words_of(response)
    assert contact.name in words_of(response)
    assert services.look_at_contacts(company=company, user=person(Role.STAFF), purpose="verify") == []
    assert services.look_at_contacts(company=company, user=person(Role.OFFICER), purpose="verify") == []


def test_withdrawing_twice_keeps_the_first_moment(client):
    contact = ContactPersonFactory()
    client.force_login(member_of(contact.company))
    page = f"/companies/{contact.company_id}/contacts/{contact.pk}/withdraw/"

    client.post(page)
    first = Consent.objects.get().withdrawn_at
    client.post(page)

    assert Consent.objects.get().withdrawn_at == first


def test_person_is_removed_with_the_consents(client):
    contact = ContactPersonFactory()
    client.force_login(member_of(contact.company))

    client.post(f"/companies/{contact.company_id}/contacts/{contact.pk}/remove/")

    assert (people(), Consent.objects.count()) == ([], 0)


def test_suspended_company_enters_nobody_but_withdraws_and_removes(client):
    company = CompanyFactory(status=CompanyStatus.SUSPENDED)
    first, second = ContactPersonFactory.create_batch(2, company=company)
    client.force_login(member_of(company))
    page = f"/companies/{company.pk}/contacts/"

    added = client.post(f"{page}add/", a_person())
    changed = client.post(f"{page}{first.pk}/edit/", edited(first, position="Director"))
    agreed = client.post(
        f"{page}{first.pk}/agree/", {"agreed": "on", "countries": ["KZ"], "given_on": "2026-11-20", "wording": CURRENT}
    )
    client.post(f"{page}{first.pk}/withdraw/")
    client.post(f"{page}{second.pk}/remove/")

    refused = {
        "__all__": [f"{company} is suspended: you can read what is here, but change it only once it is let in again."]
    }
    assert [errors_of(answer) for answer in (added, changed, agreed)] == [refused] * 3
    assert people() == [first.name]
    assert not Consent.objects.filter(withdrawn_at__isnull=True).exists()
    assert "contacts/add/" not in words_of(client.get(page))


def test_directory_entry_has_no_contact_persons():
    company = CompanyFactory(kind=CompanyKind.DIRECTORY)

    with pytest.raises(ValidationError, match="public directory"):
        services.add_contact(
            company=company,
            recorded_by=person(Role.STAFF),
            name="Budi",
            phone="+62 542 123456",
            countries=["ID"],
            given_on=dt.date(2026, 11, 1),
        )

    assert people() == []


def test_every_wording_that_was_agreed_to_is_still_known():
    assert CURRENT in WORDINGS
    assert [version for version, words in WORDINGS.items() if not str(words) or len(version) > 20] == []


# Who is answered what


def test_persons_of_a_company_are_not_there_for_other_people(client):
    contact = ContactPersonFactory()
    page = f"/companies/{contact.company_id}/contacts/"
    acts = [
        ("get", page),
        ("get", f"{page}add/"),
        ("post", f"{page}add/"),
        ("post", f"{page}{contact.pk}/edit/"),
        ("get", f"{page}{contact.pk}/edit/"),
        ("post", f"{page}{contact.pk}/agree/"),
        ("post", f"{page}{contact.pk}/withdraw/"),
        ("post", f"{page}{contact.pk}/remove/"),
        ("post", f"{page}look/"),
    ]
    client.force_login(member_of(CompanyFactory()))

    answers = [getattr(client, method)(address, a_person() | {"purpose": "verify"}) for method, address in acts]

    assert [answer.status_code for answer in answers] == [404] * len(acts)
    assert people() == [contact.name]
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 1
    assert ContactLook.objects.count() == 0


def test_person_is_not_reached_through_another_company(client):
    contact = ContactPersonFactory()
    own = CompanyFactory()
    client.force_login(member_of(own))

    answers = [
        client.get(f"/companies/{own.pk}/contacts/{contact.pk}/edit/"),
        client.post(f"/companies/{own.pk}/contacts/{contact.pk}/edit/", edited(contact, name="Stolen")),
        client.post(f"/companies/{own.pk}/contacts/{contact.pk}/withdraw/"),
        client.post(f"/companies/{own.pk}/contacts/{contact.pk}/remove/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert people() == [contact.name]


# A look with a purpose


@pytest.mark.parametrize("role", [Role.OFFICER, Role.STAFF, Role.ADMIN])
def test_persons_are_not_shown_before_a_purpose_is_stated(client, role):
    contact = ContactPersonFactory()
    client.force_login(person(role))

    response = client.get(f"/companies/{contact.company_id}/contacts/", {"purpose": "verify"})

    assert response.status_code == 200
    assert contact.name not in words_of(response)
    assert contact.phone not in words_of(response)
    assert ContactLook.objects.count() == 0


def test_look_is_never_a_get(client):
    contact = ContactPersonFactory()
    client.force_login(person(Role.STAFF))

    response = client.get(f"/companies/{contact.company_id}/contacts/look/", {"purpose": "verify"})

    assert response.status_code == 405
    assert ContactLook.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.STAFF, ["In both", "In Indonesia"]),
        (Role.ADMIN, ["In both", "In Indonesia"]),
        (Role.OFFICER, ["In both", "In Kazakhstan"]),
    ],
)
def test_look_shows_those_who_agreed_to_be_seen_where_the_reader_works_and_is_kept(client, role, shown):
    company = CompanyFactory()
    ContactPersonFactory(company=company, name="In both")
    ContactPersonFactory(company=company, name="In Indonesia", countries=["ID"])
    ContactPersonFactory(company=company, name="In Kazakhstan", countries=["KZ"])
    ContactPersonFactory(company=company, name="Nowhere", countries=[])
    withdrawn = ContactPersonFactory(company=company, name="Withdrawn")
    services.withdraw_consent(contact=withdrawn)
    ContactPersonFactory(name="Of another company")
    user = person(role)
    client.force_login(user)

    response = client.post(f"/companies/{company.pk}/contacts/look/", {"purpose": "introduce", "words": "Fair"})

    names = list(ContactPerson.objects.values_list("name", flat=True))
    assert [name for name in names if f"<b>{name}</b>" in words_of(response)] == shown
    assert {"no-store", "private"} <= {word.strip() for word in response["Cache-Control"].split(",")}
    look = ContactLook.objects.get()
    assert (look.company, look.looked_by, look.purpose, look.words, look.seen) == (
        company,
        user,
        ContactPurpose.INTRODUCE,
        "Fair",
        2,
    )


def test_look_without_anybody_to_see_is_kept_too(client):
    company = CompanyFactory()
    client.force_login(person(Role.STAFF))

    response = client.post(f"/companies/{company.pk}/contacts/look/", {"purpose": "verify"})

    assert "Nobody of this company has agreed to be seen by you." in words_of(response)
    assert ContactLook.objects.get().seen == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, {"purpose": ["Fill this in."]}),
        ({"purpose": "curiosity"}, {"purpose": ["curiosity is no choice here."]}),
        ({"purpose": "other"}, {"words": ["Say in words what you need it for."]}),
        ({"purpose": "other", "words": "  "}, {"words": ["Say in words what you need it for."]}),
        ({"purpose": "verify", "words": "a\0"}, {"words": [INVISIBLE]}),
        (
            {"purpose": "verify", "words": "a" * 301},
            {"words": ["The text has 301 characters; at most 300 can be kept."]},
        ),
    ],
)
def test_look_without_a_whole_purpose_shows_nobody(client, typed, said):
    contact = ContactPersonFactory()
    client.force_login(person(Role.STAFF))

    response = client.post(f"/companies/{contact.company_id}/contacts/look/", typed)

    assert response.status_code == 400
    assert errors_of(response) == said
    assert contact.name not in words_of(response)
    assert ContactLook.objects.count() == 0


def test_look_at_a_hidden_company_is_not_possible(client):
    contact = ContactPersonFactory(company=CompanyFactory(is_hidden=True))
    client.force_login(person(Role.ADMIN))

    response = client.post(f"/companies/{contact.company_id}/contacts/look/", {"purpose": "verify"})

    assert (response.status_code, ContactLook.objects.count()) == (404, 0)


def test_company_reads_who_looked_and_for_what_but_not_who_in_person(client):
    company = CompanyFactory()
    ContactPersonFactory(company=company)
    officer = person(Role.OFFICER, email="aigerim@example.test", name="Aigerim of the embassy")
    services.look_at_contacts(company=company, user=officer, purpose="other", words="Invitation to a fair")
    services.look_at_contacts(company=company, user=person(Role.STAFF), purpose="verify")
    client.force_login(member_of(company))

    page = words_of(client.get(f"/companies/{company.pk}/contacts/"))

    for said in (
        "Another purpose, said in words",
        "Invitation to a fair",
        "Embassy officer, Embassy of Indonesia in Astana · 1 person shown",
        "To verify the company",
        "City staff, City Government of Balikpapan",
    ):
        assert said in page
    assert officer.name not in page
    assert officer.email not in page


def test_looks_of_other_companies_are_not_read(client):
    services.look_at_contacts(company=CompanyFactory(), user=person(Role.STAFF), purpose="other", words="About a rival")
    company = CompanyFactory()
    client.force_login(member_of(company))

    assert "About a rival" not in words_of(client.get(f"/companies/{company.pk}/contacts/"))


def test_stand_in_enters_people_but_sees_them_only_by_a_look(client):
    contact = ContactPersonFactory()
    company = contact.company
    client.force_login(StandInFactory(company=company).user)
    page = f"/companies/{company.pk}/contacts/"

    listed = words_of(client.get(page))
    added = client.post(f"{page}add/", a_person())
    answers = [
        client.get(f"{page}{contact.pk}/edit/").status_code,
        client.post(f"{page}{contact.pk}/withdraw/").status_code,
        client.post(f"{page}{contact.pk}/remove/").status_code,
    ]
    looked = words_of(client.post(f"{page}look/", {"purpose": "help"}))

    assert contact.name not in listed
    assert "contacts/add/" in listed
    assert added.status_code == 302
    assert answers == [404, 404, 404]
    assert contact.name in looked
    assert ContactLook.objects.count() == 1


@pytest.mark.parametrize("role", [Role.STAFF, Role.OFFICER, Role.ADMIN])
def test_a_member_who_became_an_official_is_asked_for_a_purpose_like_the_others(client, role):
    company = CompanyFactory()
    contact, official = ContactPersonFactory(company=company), person(role)
    Membership.objects.create(company=company, user=official)

    def sees(user) -> tuple[bool, int, bool]:
        """Whether a member, and how the page of contact persons answers and names one unasked."""
        client.force_login(user)
        response = client.get(f"/companies/{company.pk}/contacts/")
        return is_member(user, company), response.status_code, contact.name in response.content.decode()

    assert sees(member_of(company)) == (True, 200, True)
    assert sees(official) == (False, 200, False)
