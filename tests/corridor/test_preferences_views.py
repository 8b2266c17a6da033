"""The pages of preferences: a second thought before anything changes, who may, what is told."""

import re

import pytest

from accounts.enums import Role
from corridor.models import Preference
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory
from tests.people import person

pytestmark = pytest.mark.django_db
SCHEME = "I-EAEU FTA"
PAGE = "/corridor/preferences/i-eaeu-fta/"
TYPED = {"in_force_from": "2027-01-01", "legal_reference": "EEC decision 12 of 1 December 2026", "seen": ""}


@pytest.fixture
def officer(client):
    CommodityFactory(code="rbd-palm-olein", hs_code="151190", name_en="RBD palm olein")
    tariff(preference_scheme=SCHEME, preference_status="signed 2025-12-21; entry into force not confirmed")
    user = person(Role.OFFICER, name="Aigerim")
    client.force_login(user)
    return user


def text_of(response) -> str:
    text = re.sub(r"<(script|svg|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_list_says_that_entry_into_force_is_not_confirmed(client, officer):
    page = text_of(client.get("/corridor/preferences/"))

    assert "Not switched on every duty is the full one" in page
    assert "Signed 2025-12-21; entry into force not confirmed" in page
    assert (
        "For 1 line the preferential rate is not known: its duty becomes anything from nothing to the full one." in page
    )


def test_officer_sees_what_will_change_before_it_does(client, officer):
    thought = client.post(f"{PAGE}switch/", TYPED)
    nothing_yet = Preference.objects.exists()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', thought.content.decode()))

    done = client.post(f"{PAGE}switch/", sent, follow=True)

    words = text_of(thought)
    assert not nothing_yet
    assert "Nothing until 1 Jan 2027: from then on it counts." in words
    assert "The landed cost of 1 kind of goods may fall where the duty is part of it; it never rises." in words
    assert "RBD palm olein Kazakhstan 1511909908 3% anything from nothing to 3%" in words
    assert done.redirect_chain == [(PAGE, 302)]
    assert "I-EAEU FTA is switched on. The next run reckons with it." in text_of(done)
    assert "switched on from 1 Jan 2027 : EEC decision 12 of 1 December 2026 Aigerim" in text_of(done)
    assert Preference.objects.get().switched_by == officer


@pytest.mark.parametrize("typed", [{"in_force_from": "32/13/2026"}, {"legal_reference": ""}])
def test_what_cannot_be_read_is_refused_before_the_second_thought(client, officer, typed):
    response = client.post(f"{PAGE}switch/", TYPED | typed)

    assert response.status_code == 400
    assert "There is something to put right" in text_of(response)


def test_second_tab_is_told_that_somebody_was_first(client, officer):
    Preference.objects.create(scheme=SCHEME, in_force_from="2026-12-01", legal_reference="another law")

    refused = client.post(f"{PAGE}switch/", TYPED | {"confirmed": "on"})
    again = client.post(f"{PAGE}switch/", TYPED | {"seen": refused.context["form"]["seen"].value(), "confirmed": "on"})

    assert refused.status_code == 400
    assert "Somebody switched the preference in the meantime. Look at it again." in text_of(refused)
    assert again.status_code == 302
    assert str(Preference.objects.get().in_force_from) == "2027-01-01"


def test_preference_is_taken_back_with_a_reason(client, officer):
    Preference.objects.create(scheme=SCHEME, in_force_from="2026-12-01", legal_reference="a law")
    seen = client.get(PAGE).context["back"]["seen"].value()

    refused = client.post(f"{PAGE}take-back/", {"back-seen": seen, "back-reason": ""})
    done = client.post(f"{PAGE}take-back/", {"back-seen": seen, "back-reason": "not ratified"}, follow=True)

    assert refused.status_code == 400
    assert "taken back : not ratified Aigerim" in text_of(done)
    assert not Preference.objects.exists()


def test_staff_reads_and_does_not_switch(client, officer):
    client.force_login(person(Role.STAFF))

    page = text_of(client.get(PAGE))

    assert "What does I-EAEU FTA change?" in page
    assert "See what will change" not in page
    assert client.post(f"{PAGE}switch/", TYPED | {"confirmed": "on"}).status_code == 404


def test_scheme_that_nothing_names_is_not_found(client, officer):
    assert client.get("/corridor/preferences/asean/").status_code == 404
