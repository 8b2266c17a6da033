"""Switching a preferential tariff: what is refused, two tabs at once, what stays in the history."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.history import changes_by
from corridor.changes import changes_of_preference
from corridor.models import Preference
from corridor.preferred import effects_of, schemes_on
from corridor.services.preferences import stamp_of, switch_on, take_back
from tests.corridor.tariffs import tariff
from tests.factories import CommodityFactory, RequirementFactory
from tests.people import person

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 25)
NEW_YEAR = dt.date(2027, 1, 1)
SCHEME = "I-EAEU FTA"
STATUS = "signed 2025-12-21; entry into force not confirmed"
LAW = "EEC Collegium decision 12 of 1 December 2026"


@pytest.fixture
def officer():
    return person(Role.OFFICER)


@pytest.fixture(autouse=True)
def line():
    return tariff(preference_scheme=SCHEME, preference_status=STATUS)


def switch(officer, *, seen="", **facts) -> Preference:
    known = {"scheme": SCHEME, "in_force_from": NEW_YEAR, "legal_reference": LAW}
    return switch_on(seen=seen, by=officer, **(known | facts))


def words_of(refusal) -> list[str]:
    return refusal.value.messages


def test_switch_on_keeps_the_day_the_law_and_who_did_it(officer):
    switch(officer, legal_reference=f"  {LAW} ")

    (preference,) = Preference.objects.all()
    assert (preference.scheme, preference.in_force_from, preference.legal_reference, preference.switched_by) == (
        SCHEME, NEW_YEAR, LAW, officer,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"legal_reference": " "}, "Name the law or decision that puts it into force, with its number and day."),
        ({"legal_reference": "x" * 301}, "Name the law or decision that puts it into force, with its number and day."),
        ({"scheme": "ASEAN"}, "No line of the tariff names the preference ASEAN."),
    ],
)
def test_switch_on_refuses_without_a_law_and_without_a_line(officer, facts, words):
    with pytest.raises(ValidationError) as refusal:
        switch(officer, **facts)

    assert words_of(refusal) == [words]
    assert not Preference.objects.exists()


def test_second_tab_sees_the_switch_of_the_first(officer):
    first = switch(officer)
    with pytest.raises(ValidationError) as refusal:
        switch(officer, in_force_from=DAY)
    assert words_of(refusal) == ["Somebody switched the preference in the meantime. Look at it again."]

    with pytest.raises(ValidationError) as nothing_new:
        switch(officer, seen=stamp_of(first))
    assert words_of(nothing_new) == ["This is how it stands already."]

    assert switch(officer, in_force_from=DAY, seen=stamp_of(first)).in_force_from == DAY
    assert Preference.objects.count() == 1


def test_preference_is_taken_back_once_and_with_a_reason(officer):
    seen = stamp_of(switch(officer))
    with pytest.raises(ValidationError) as without_reason:
        take_back(scheme=SCHEME, reason="", seen=seen)
    take_back(scheme=SCHEME, reason="not ratified after all", seen=seen)
    with pytest.raises(ValidationError) as stale:
        take_back(scheme=SCHEME, reason="not ratified after all", seen=seen)
    with pytest.raises(ValidationError) as twice:
        take_back(scheme=SCHEME, reason="not ratified after all", seen="")
    with pytest.raises(ValidationError) as other_tab:
        switch(officer, seen=seen)

    assert words_of(without_reason) == ["Say why, in 5 to 300 letters."]
    assert words_of(twice) == ["I-EAEU FTA is not switched on."]
    gone = ["Somebody took the preference back in the meantime. Look at it again."]
    assert (words_of(stale), words_of(other_tab)) == (gone, gone)
    assert not Preference.objects.exists()


def test_history_tells_what_was_switched_set_right_and_taken_back(officer):
    with changes_by(user=officer.pk):
        first = switch(officer)
    admin = person(Role.ADMIN)
    with changes_by(user=admin.pk):
        second = switch(admin, in_force_from=DAY, seen=stamp_of(first))
    with changes_by(user=admin.pk):
        take_back(scheme=SCHEME, reason="not ratified after all", seen=stamp_of(second))

    told = [(one.action, one.row.in_force_from, one.by, one.reason) for one in changes_of_preference(SCHEME)]

    assert told == [
        ("taken_back", DAY, admin, "not ratified after all"),
        ("changed", DAY, admin, ""),
        ("set", NEW_YEAR, officer, ""),
    ]
    assert changes_of_preference("ASEAN") == []


def test_scheme_says_what_the_data_know_of_it_and_what_it_would_change(line, officer):
    known = tariff("1511909902", preference_scheme=SCHEME, preference_pct=1)
    free = tariff("1511909903", preference_scheme=SCHEME, ad_valorem_pct=0)
    tariff("1511909904", preference_scheme=SCHEME, valid_to=DAY - dt.timedelta(1)), tariff("1511909905")
    paper = RequirementFactory(
        title_en=f"{SCHEME} preference", kind="preference", stage="per_shipment", direction="ID>KZ"
    )
    switch(officer)

    (scheme,) = schemes_on(DAY)

    assert (scheme.name, scheme.slug, scheme.statuses) == (SCHEME, "i-eaeu-fta", [STATUS])
    assert (scheme.unknown, scheme.known, scheme.free) == ([line], [known], [free])
    assert (scheme.requirements, scheme.preference) == ((paper,), Preference.objects.get())
    assert (scheme.is_in_force(DAY), scheme.is_in_force(NEW_YEAR)) == (False, True)


def test_preference_touches_goods_whose_counting_line_asks_for_something(line):
    tariff("1511909903", preference_scheme=SCHEME, condition="technical or industrial use, not for food")
    free = tariff("1513299000", preference_scheme=SCHEME, ad_valorem_pct=0, hs6="151329")
    olein = CommodityFactory(hs_code="151190", name_en="RBD palm olein")
    CommodityFactory(hs_code=free.hs6)

    (scheme,) = schemes_on(DAY)

    assert [(one.goods, one.market, one.lines) for one in effects_of(scheme, DAY)] == [(olein, "KZ", (line,))]


def test_switched_scheme_without_a_line_stays_in_sight(line, officer):
    switch(officer)
    line.delete()

    assert [(one.name, one.lines) for one in schemes_on(DAY)] == [(SCHEME, ())]
