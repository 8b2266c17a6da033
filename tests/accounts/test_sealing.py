"""The keys of second factors in the database: of no use to whoever steals a copy of it."""

import pytest
from django.test import override_settings

from accounts.adapter import SecondFactorAdapter
from accounts.enums import Role
from accounts.models import SecondFactor
from accounts.sealing import seal, unseal
from tests.people import APP_SECRET, person

OTHER_KEY = "another-key-of-tests-" + "y" * 40


def test_sealed_text_can_be_read_again_and_says_nothing_itself():
    sealed = seal("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert seal("JBSWY3DPEHPK3PXP") != sealed
    assert unseal(sealed) == "JBSWY3DPEHPK3PXP"


def test_former_key_still_opens_what_it_sealed(settings):
    sealed, former = seal("a key"), settings.SECRET_KEY

    with override_settings(SECRET_KEY=OTHER_KEY, SECRET_KEY_FALLBACKS=[former]):
        assert unseal(sealed) == "a key"


@pytest.mark.parametrize("sealed", [None, "", "JBSWY3DPEHPK3PXP", "gAAAA", "ключ"])
def test_text_that_cannot_be_opened_becomes_a_key_that_nobody_knows(sealed):
    if sealed is None:
        with override_settings(SECRET_KEY=OTHER_KEY):
            sealed = seal("a key")

    first, second = unseal(sealed), unseal(sealed)

    assert (len(first), len(second)) == (32, 32)
    assert first != second
    assert first not in (sealed, "a key")


@pytest.mark.django_db
def test_database_holds_no_key_of_a_second_factor_in_the_open():
    staff = person(Role.STAFF)

    stored = SecondFactor.objects.get(user=staff).data["secret"]

    assert APP_SECRET not in stored
    assert SecondFactorAdapter().decrypt(stored) == APP_SECRET
