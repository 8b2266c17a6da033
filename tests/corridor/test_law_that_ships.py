"""Which of the shipped requirements may refuse a pair: every row more would refuse pairs on a guess."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from commodities.models import Commodity
from corridor.models import Preference, Requirement
from corridor.queries import papers_of, standing_requirements, voluntary_requirements

pytestmark = pytest.mark.django_db
NOV_25 = dt.date(2026, 11, 25)
PALM_OIL = {
    "standing": ["R025", "R027"],
    "before_contract": ["R009", "R024", "R002", "R003", "R052"],
    "per_shipment": ["R019", "R020", "R022", "R023", "R011", "R013", "R054", "R008", "R051", "R001"],
}
WHEAT_FLOUR = {
    "standing": ["R041", "R045", "R040"],
    "before_contract": ["R052"],
    "per_shipment": ["R036", "R037", "R044", "R049", "R051"],
}


def test_today_halal_food_and_fortified_flour_refuse_a_pair(shipped):
    """The only two hard gates of the reference: all other rows are unsure, or of another stage."""
    laws = {law.requirement: law for law in standing_requirements(NOV_25)}

    assert {code: (law.certificate_kind, law.sectors, law.tree is None) for code, law in laws.items()} == {
        "R041": ("halal_bpjph", frozenset({"palm_oil", "fisheries", "grains", "other"}), True),
        "R045": ("sni_3751", frozenset(), False),
    }
    assert {(law.origin, law.destination, law.bearer) for law in laws.values()} == {("KZ", "ID", "seller")}


def test_halal_was_no_gate_before_18_october_2026(shipped):
    before = [law.requirement for law in standing_requirements(dt.date(2026, 10, 17))]

    assert before == ["R045"]


def test_voluntary_requirements_help_and_refuse_nobody(shipped):
    assert [(law.requirement, law.certificate_kind) for law in voluntary_requirements(NOV_25)] == [("R027", "rspo")]


def papers(origin: str, destination: str, code: str, on: dt.date = NOV_25, **facts) -> list:
    return papers_of(origin, destination, Commodity.objects.get(code=code), on, **facts)


def by_stage(found: list) -> dict[str, list[str]]:
    stages = dict.fromkeys(one.stage for one in found)
    return {stage: [one.requirement for one in found if one.stage == stage] for stage in stages}


def test_papers_of_palm_oil_to_kazakhstan(shipped):
    found = papers("ID", "KZ", "rbd-palm-olein")

    assert list(by_stage(found)) == ["standing", "before_contract", "per_shipment"]
    assert by_stage(found) == PALM_OIL
    assert not any(one.is_gate for one in found)
    ispo = next(one for one in found if one.requirement == "R025")
    assert (ispo.bearer, ispo.certificate_kind, ispo.confidence, ispo.is_open_gate) == (
        "seller",
        "ispo",
        "verified",
        True,
    )


def test_papers_of_wheat_flour_to_indonesia(shipped):
    found = papers("KZ", "ID", "wheat-flour")

    assert by_stage(found) == WHEAT_FLOUR
    assert [one.requirement for one in found if one.is_gate] == ["R041", "R045"]
    importer = next(one for one in found if one.requirement == "R040")
    assert (importer.bearer, importer.confidence, importer.is_open_gate) == ("buyer", "unsure", True)


def test_papers_of_flour_say_what_is_verified_by_an_old_source(shipped):
    """The standard for flour refuses a pair still; its source of April 2024 is to be looked at again."""
    found = {one.requirement: one for one in papers("KZ", "ID", "wheat-flour")}

    assert {code: (found[code].state, found[code].source_day) for code in ("R041", "R045", "R040")} == {
        "R041": ("holds", dt.date(2025, 7, 19)),
        "R045": ("stale", dt.date(2024, 4, 18)),
        "R040": ("holds", None),
    }
    assert found["R045"].is_gate


def test_halal_is_announced_before_it_refuses(shipped):
    told = {"announced_until": dt.date(2026, 12, 31)}
    before = papers("KZ", "ID", "wheat-flour", dt.date(2026, 10, 17), **told)
    after = papers("KZ", "ID", "wheat-flour", dt.date(2026, 10, 18), **told)

    assert [(one.requirement, one.is_gate, one.section, one.valid_from) for one in before if one.is_announced] == [
        ("R041", False, "announced", dt.date(2026, 10, 18))
    ]
    assert before[-1].requirement == "R041"
    assert [(one.requirement, one.section) for one in after if one.is_gate] == [("R041", "gate"), ("R045", "gate")]


def test_deadline_for_refiners_is_told_to_who_trades_beyond_it(shipped):
    near, far = (papers("ID", "KZ", "rbd-palm-olein", announced_until=dt.date(2027, month, 28)) for month in (2, 3))

    assert [one.requirement for one in near if one.is_announced] == ["R001"]
    assert [(one.requirement, one.valid_from) for one in far if one.is_announced] == [
        ("R026", dt.date(2027, 3, 19)),
        ("R001", None),
    ]
    assert not any(one.is_open_gate for one in far if one.is_announced)


def test_paper_for_the_preference_waits_until_somebody_switches_it_on(shipped):
    def of_preference() -> list:
        return [
            (one.section, one.is_confirmed) for one in papers("ID", "KZ", "rbd-palm-olein") if one.kind == "preference"
        ]

    waiting = of_preference()
    with transaction.atomic():
        Preference.objects.create(scheme="I-EAEU FTA", in_force_from=NOV_25, legal_reference="a law of a test")
        switched = of_preference()
        transaction.set_rollback(True)

    assert (waiting, switched) == ([("announced", False)], [("consignment", True)])


def test_papers_are_named_in_the_readers_language_where_there_is_a_name(shipped):
    with translation.override("ru"):
        titles = {one.requirement: one.title for one in papers("KZ", "ID", "wheat-flour")}
    kinds = {row.code: row for row in Requirement.objects.select_related("certificate_kind")}

    assert titles["R041"] == kinds["R041"].certificate_kind.name_ru
    assert titles["R044"] == kinds["R044"].title_en


def test_papers_that_are_gates_are_those_that_refuse(shipped):
    gates = set(Requirement.objects.gates().values_list("code", flat=True))

    assert {one.code for one in Requirement.objects.select_related("certificate_kind") if one.is_gate} == gates
    assert len(gates) == 2


def test_papers_cost_the_same_queries_for_few_as_for_many(shipped):
    counts = set()
    for way in (("KZ", "ID", "wheat-flour"), ("ID", "KZ", "rbd-palm-olein"), ("ID", "KZ", "tyres-passenger")):
        commodity = Commodity.objects.get(code=way[2])
        with CaptureQueriesContext(connection) as captured:
            papers_of(*way[:2], commodity, NOV_25)
        counts.add(len(captured))

    assert counts == {4}
