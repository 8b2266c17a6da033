"""The pages of a registration: what is typed stays, what is saved is there on the next device, sent twice is once."""

import pytest

from accounts.enums import Role
from companies.enums import CompanyStatus
from companies.models import Company
from tests.companies.factories import CompanyFactory, StandInFactory
from tests.companies.pages import errors_of, words_of
from tests.companies.registration.pages import BIN, NIB, address, begun, complete, seen, signed_in_for
from tests.factories import CertificateKindFactory, PlaceFactory, RegionFactory
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
START = {"country": "ID", "registration_number": NIB, "name_registered": "PT Laut Jaya"}


@pytest.fixture
def business(client):
    client.force_login(person(Role.BUSINESS))
    return client


# The beginning


def test_registration_begins_and_leads_to_the_steps(business):
    response = business.post("/register/", START)

    company = Company.objects.get()
    assert response["Location"] == address(company)
    assert business.post("/register/", START)["Location"] == address(company)  # a double tap
    assert Company.objects.count() == 1


def test_registration_that_is_refused_keeps_what_was_typed(business):
    response = business.post("/register/", START | {"country": "KZ", "registration_number": "020240000554"})

    assert (response.status_code, Company.objects.count()) == (400, 0)
    assert errors_of(response) == {
        "registration_number": ["The check digit of 020240000554 is 4 but must be 5. One of the digits is mistyped."]
    }
    assert 'value="PT Laut Jaya"' in response.content.decode()
    assert 'href="#id_registration_number"' in response.content.decode()


def test_taken_number_tells_nothing_of_the_company(business):
    CompanyFactory(registration_number=NIB, name_registered="PT Very Secret", city="Verysecretville")

    page = business.post("/register/", START)

    assert "A company with this number is here already." in words_of(page)
    assert "ery Secret" not in words_of(page)
    assert "Verysecretville" not in words_of(page)


def test_number_of_ones_own_company_leads_to_it(client):
    company = CompanyFactory(registration_number=NIB)
    signed_in_for(client, company)

    assert client.post("/register/", START)["Location"] == f"/companies/{company.pk}/"


def test_what_was_begun_is_offered_again(business):
    business.post("/register/", START)

    assert "0 of 6 steps done" in words_of(business.get("/register/"))


def test_staff_say_why_they_register_somebody_else(client):
    client.force_login(person(Role.STAFF))

    refused = client.post("/register/", START)
    done = client.post("/register/", START | {"reason": "They asked at the counter."})

    assert errors_of(refused) == {"reason": ["Fill this in."]}
    company = Company.objects.get()
    assert done["Location"] == address(company)
    assert "You stand in for PT Laut Jaya." in words_of(client.get(address(company)))


# The steps


@pytest.mark.parametrize(
    ("step", "typed", "stored", "goes_on"),
    [
        (
            "company",
            {
                "registration_number": NIB,
                "name_registered": "PT Laut Jaya",
                "legal_form": "pt",
                "tax_number": "01.312.166.0-091.000",
            },
            {"legal_form": "pt", "tax_number": "0013121660091000"},
            "site",
        ),
        (
            "work",
            {"sectors": ["metals", "fisheries"], "website": "laut.example"},
            {"sectors": ["fisheries", "metals"], "website": "https://laut.example"},
            "languages",
        ),
        ("languages", {"languages": ["ru", "id"]}, {"languages": ["id", "ru"]}, "reach"),
        ("reach", {"switchboard": "0542-8520000"}, {"switchboard": "+625428520000"}, "company"),
    ],
)
def test_step_is_saved_and_the_next_one_opens(client, step, typed, stored, goes_on):
    company = begun()
    signed_in_for(client, company)

    response = client.post(address(company, step), typed | {"seen": seen(company, step)})

    company.refresh_from_db()
    assert {name: getattr(company, name) for name in stored} == stored
    assert response["Location"] == address(company, goes_on)


def test_region_leads_to_where_its_goods_are_loaded(client):
    region = RegionFactory(place=PlaceFactory(name_en="Kariangau"), distance_km=9)
    company = complete()
    signed_in_for(client, company)

    response = client.post(address(company, "site"), {"region": region.pk, "city": "", "seen": seen(company, "site")})

    assert response["Location"] == address(company, "loading")
    page = client.get(address(company, "loading"))
    assert (page.context["form"]["place"].value(), page.context["form"]["first_mile_km"].value()) == (
        region.place_id,
        "9",
    )


def test_kazakh_company_chooses_among_its_oblasts_and_has_no_npwp(client):
    oblast, foreign = RegionFactory(country="KZ", level="oblast"), RegionFactory()
    company = begun(country="KZ", registration_number=BIN)
    signed_in_for(client, company)

    site = client.get(address(company, "site")).context["form"]
    names = client.get(address(company, "company")).context["form"]

    assert str(oblast.pk) in str(site["region"])
    assert f'value="{foreign.pk}"' not in str(site["region"])
    assert set(names.fields) & {"tax_number", "name_latin"} == {"name_latin"}


@pytest.mark.parametrize(
    ("step", "typed", "errors"),
    [
        (
            "company",
            {"registration_number": "1", "name_registered": "PT A", "legal_form": "pt"},
            {"registration_number": ["A NIB has 13 digits; 1 has 1."]},
        ),
        ("work", {}, {"sectors": ["Choose at least one."]}),
        ("languages", {}, {"languages": ["Choose at least one."]}),
        ("site", {}, {"region": ["Fill this in."]}),
        (
            "loading",
            {"first_mile_km": "1.250"},
            {
                "place": ["Fill this in."],
                "first_mile_km": ["“1.250” can be read as 1250 or as 1.25. Choose one, or type it again."],
            },
        ),
        ("reach", {}, {"role_mailbox": ["Give a mailbox or a telephone number of the company."]}),
        (
            "reach",
            {"switchboard": "258 00 00"},
            {
                "switchboard": [
                    "258 00 00 names no country. Begin with a plus and the code of the country, such as +62 542 123456."
                ]
            },
        ),
    ],
)
def test_step_that_is_refused_says_what_to_do_and_saves_nothing(client, step, typed, errors):
    company = begun()
    before = company.changed_at
    signed_in_for(client, company)

    response = client.post(address(company, step), typed | {"seen": seen(company, step)})

    company.refresh_from_db()
    assert (response.status_code, errors_of(response), company.changed_at) == (400, errors, before)


def test_step_saved_by_somebody_else_is_shown_beside_what_was_typed(client):
    company = begun()
    opened = seen(company, "work")
    Company.objects.update(description="What they wrote.")
    signed_in_for(client, company)
    typed = {"sectors": ["fisheries"], "description": "What I wrote."}

    stale = client.post(address(company, "work"), typed | {"seen": opened})
    again = client.post(address(company, "work"), typed | {"seen": stale.context["form"]["seen"].value()})

    assert stale.status_code == 400
    assert "Stored now: What they wrote." in words_of(stale)
    assert "What I wrote.</textarea>" in words_of(stale)
    assert again.status_code == 302
    company.refresh_from_db()
    assert company.description == "What I wrote."


def test_number_taken_by_another_company_is_refused_at_its_field(client):
    CompanyFactory(registration_number="9120101234568")
    company = begun()
    signed_in_for(client, company)
    typed = {"registration_number": "9120101234568", "name_registered": "PT A", "legal_form": "pt"}

    response = client.post(address(company, "company"), typed | {"seen": seen(company, "company")})

    assert response.status_code == 400
    assert "A company with this registration number is here already." in words_of(response)


def test_unknown_step_is_not_found(client):
    company = begun()
    signed_in_for(client, company)

    assert client.get(address(company, "nowhere")).status_code == 404


def test_list_of_steps_says_how_far_each_is(client):
    company = complete(languages=[])
    company.certificates.create(kind=CertificateKindFactory(), state="unchecked")
    signed_in_for(client, company)

    lines = client.get(address(company)).context["lines"]

    assert [(line.key, line.state, str(line.words)) for line in lines] == [
        ("company", "done", "Done"),
        ("site", "done", "Done"),
        ("loading", "done", "Done"),
        ("work", "done", "Done"),
        ("languages", "now", "Next"),
        ("certificates", "done", "1 stated"),
        ("reach", "done", "Done"),
        ("contact", "later", "You may leave it"),
        ("check", "later", "After the others"),
    ]
    assert all(client.get(line.url).status_code == 200 for line in lines)


def test_company_that_was_sent_back_reads_why_at_every_step(client):
    company = complete(status_reason="The number belongs to another firm.")
    signed_in_for(client, company)

    for page in (address(company), address(company, "company"), address(company, "check")):
        assert "Sent back with these words: The number belongs to another firm." in words_of(client.get(page))


# Certificates, people


def test_certificate_is_stated_changed_and_taken_back(client):
    kind = CertificateKindFactory()
    company = begun()
    signed_in_for(client, company)
    home = f"/companies/{company.pk}/certificates/"

    client.post(f"{home}add/", {"kind": kind.pk, "held": "held", "number": "A-1", "valid_until": "2031-05-01"})
    stated = company.certificates.get()
    page = client.get(f"{home}{stated.pk}/")
    client.post(f"{home}{stated.pk}/", {"held": "not_held", "seen": page.context["form"]["seen"].value()})
    changed = company.certificates.get()
    client.post(f"{home}{stated.pk}/remove/")

    assert (stated.kind, stated.state, stated.number, str(stated.valid_until)) == (
        kind,
        "unchecked",
        "A-1",
        "2031-05-01",
    )
    assert (changed.state, changed.number, changed.valid_until) == ("not_held", "", None)
    assert company.certificates.count() == 0


def test_certificate_that_has_ended_is_not_held(client):
    kind = CertificateKindFactory()
    company = begun()
    signed_in_for(client, company)
    typed = {"kind": kind.pk, "held": "held", "valid_until": "2020-01-01"}

    response = client.post(f"/companies/{company.pk}/certificates/add/", typed)

    assert errors_of(response) == {
        "valid_until": ["This day has passed: say that you do not hold it, or give the day of the new one."]
    }


def test_certificate_of_another_company_is_not_found(client):
    theirs = begun(registration_number="9120101234569").certificates.create(
        kind=CertificateKindFactory(), state="unchecked"
    )
    company = begun()
    signed_in_for(client, company)

    assert client.get(f"/companies/{company.pk}/certificates/{theirs.pk}/").status_code == 404
    client.post(f"/companies/{company.pk}/certificates/{theirs.pk}/remove/")
    assert theirs.company.certificates.count() == 1


def test_contact_person_is_entered_with_a_consent_only(client):
    company = begun()
    signed_in_for(client, company)
    typed = {
        "name": "Budi",
        "email": "budi@example.org",
        "countries": ["ID"],
        "given_on": "2026-11-01",
        "wording": "2026-11",
    }

    refused = client.post(address(company, "contact"), typed)
    entered = client.post(address(company, "contact"), typed | {"agreed": "on"})

    assert errors_of(refused) == {"agreed": ["Without the person's consent nothing is kept."]}
    assert entered["Location"] == address(company)
    assert [(one.name, one.consent.countries) for one in company.contacts.all()] == [("Budi", ["ID"])]


def test_stand_in_enters_a_contact_person_and_does_not_read_those_entered(client):
    company = begun()
    company.contacts.create(name="Unmistakable", email="a@example.org")
    stand_in = StandInFactory(company=company)
    client.force_login(stand_in.user)

    assert "Unmistakable" not in words_of(client.get(address(company, "contact")))


# Sending


def test_company_is_sent_once_however_often_the_button_is_pressed(client):
    company = complete()
    signed_in_for(client, company)
    page = client.get(address(company, "check"))
    sent = {"seen_at": page.context["seen_at"]}

    answers = [client.post(address(company, "check"), sent)["Location"] for _time in range(2)]

    company.refresh_from_db()
    assert (answers, company.status) == ([f"/companies/{company.pk}/"] * 2, CompanyStatus.SUBMITTED)


def test_company_with_steps_to_do_is_led_to_them(client):
    company = complete(languages=[])
    signed_in_for(client, company)

    page = client.get(address(company, "check"))
    refused = client.post(address(company, "check"), {"seen_at": page.context["seen_at"]})

    assert f'href="{address(company, "languages")}"' in page.content.decode()
    assert "Send it" not in words_of(page)
    assert refused.status_code == 400
    assert "these steps want something: Languages." in words_of(refused)


def test_registration_is_thrown_away_after_one_more_question(client):
    company = begun()
    signed_in_for(client, company)

    assert client.get(address(company, "drop")).status_code == 200
    assert client.post(address(company, "drop"))["Location"] == "/"
    assert not Company.objects.filter(pk=company.pk).exists()


def test_company_that_trades_is_not_thrown_away(client):
    company = begun(status=CompanyStatus.ACTIVE)
    signed_in_for(client, company)

    assert client.post(address(company, "drop"))["Location"] == address(company)
    assert Company.objects.filter(pk=company.pk).exists()


def test_at_most_twelve_fields_must_be_filled_in(client):
    company = begun()
    signed_in_for(client, company)
    start = client.get("/register/").context["form"]
    forms = [
        client.get(address(company, step)).context["form"]
        for step in ("company", "site", "loading", "work", "languages", "reach")
    ]

    asked = {name for form in [start, *forms] for name, field in form.fields.items() if field.required}

    assert asked == {
        "country",
        "registration_number",
        "name_registered",
        "legal_form",
        "region",
        "place",
        "sectors",
        "languages",
    }
    # and one of mailbox and telephone: nine in all


def test_member_of_nothing_finds_no_registration(business):
    company = begun()
    member_of(company)

    assert business.get(address(company)).status_code == 404
    assert business.post(address(company, "languages"), {"languages": ["id"]}).status_code == 404
