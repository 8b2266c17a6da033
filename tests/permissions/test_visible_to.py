"""Who sees which rows: whole sets, for everybody, with all that could leak made first."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts import permissions
from accounts.enums import Role
from accounts.models import User
from companies.models import Capacity, Company, ContactPerson, Need, StandIn
from desk.history.kinds import KINDS
from matching.lists import listed_results, newest_near_misses
from matching.models import Match, NearMiss, Run
from notices.enums import NoticeKind
from notices.models import Notice
from reports.models import Report, ReportFile, Schedule
from tests.people import person
from tests.permissions.world import made_world

pytestmark = pytest.mark.django_db
SHOWN = {"ours", "next", "farm", "mill"}  # all but the hidden one
NOBODY: set[str] = set()
# What each sees of companies, needs and capacities.
READS = {
    "anonymous": NOBODY,
    "ours": {"ours"},
    "next": {"next"},
    "farm": {"farm"},
    "mill": {"mill"},
    "hidden": {"hidden"},  # their own: what is hidden is hidden from the others
    "former member": NOBODY,
    "closed member": NOBODY,
    "officer": SHOWN,
    "staff": SHOWN,
    "stand-in": SHOWN,
    "admin": SHOWN,
    "disabled": NOBODY,
}
READERS = [name for name, seen in READS.items() if seen == SHOWN]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        world = made_world()
        closed = world.people_of("ours", "closed@example.test")
        User.objects.filter(pk=closed.pk).update(is_active=False)
        for user in (closed, world.officials["disabled"]):
            Notice.objects.create(user=user, kind=NoticeKind.COMPANY_ACTIVE, event="of old", facts={"company": "x"})
        former = world.people_of("ours", "former@example.test")
        former.memberships.all().delete()
        everybody = {"anonymous": AnonymousUser(), **world.members, **world.officials}
        everybody |= {"closed member": closed, "former member": former}
        world.everybody = {name: User.objects.get(pk=user.pk) if user.pk else user for name, user in everybody.items()}
        yield world
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", READS)
def test_companies_needs_and_capacities_are_seen_by_their_own_and_by_readers(world, name):
    user = world.everybody[name]

    assert set(Company.objects.visible_to(user)) == {world.companies[key] for key in READS[name]}
    assert set(Need.objects.visible_to(user)) == {world.needs[key] for key in READS[name]}
    assert set(Capacity.objects.visible_to(user)) == {world.capacities[key] for key in READS[name]}


def test_companies_are_acted_for_by_members_and_by_who_stands_in_now(world):
    StandIn.objects.create(
        company=world.companies["next"], user=world.officials["staff"], reason="over", ended_at="2027-01-01T00:00Z"
    )
    acting = {name: {name} for name in ("ours", "next", "farm", "mill")} | {
        "stand-in": {"ours"},
        "one factor": {"ours"},
    }

    assert {name: set(Company.objects.acted_for_by(user)) for name, user in world.everybody.items()} == {
        name: {world.companies[key] for key in acting.get(name, NOBODY)} for name in world.everybody
    }


def test_a_stand_in_who_is_no_longer_of_the_city_acts_for_nobody(world):
    with transaction.atomic():
        User.objects.filter(pk=world.officials["stand-in"].pk).update(role=Role.OFFICER)
        user = User.objects.get(pk=world.officials["stand-in"].pk)
        found = set(Company.objects.acted_for_by(user))
        transaction.set_rollback(True)

    assert found == set()


@pytest.mark.parametrize("name", READS)
def test_contact_persons_are_seen_by_their_own_and_where_they_agreed(world, name):
    with transaction.atomic():
        contacts = dict(world.contacts)
        for key, countries in (
            ("for the city", ["ID"]),
            ("for the embassy", ["KZ"]),
            ("withdrawn", ["ID", "KZ"]),
            ("never", []),
        ):
            contacts[key] = ContactPerson.objects.create(company=world.companies["farm"], name=key, phone="+7 701")
            if countries:
                contacts[key].consents.create(wording="2026-11", countries=countries, given_on="2027-01-01")
        contacts["withdrawn"].consents.update(withdrawn_at="2027-01-02T00:00Z")
        found = set(ContactPerson.objects.visible_to(world.everybody[name]))
        transaction.set_rollback(True)

    seen = set(READS[name])
    if name == "farm":
        seen |= {"for the city", "for the embassy", "withdrawn", "never"}
    elif name in READERS:
        seen.add("for the embassy" if name == "officer" else "for the city")
    assert found == {contacts[key] for key in seen}


@pytest.mark.parametrize("name", READS)
def test_matches_near_misses_and_runs_are_seen_whole_by_readers_and_told_to_both_sides(world, name):
    user = world.everybody[name]
    is_reader = name in READERS
    sold_by = {match.capacity.company.pk: match for match in Match.objects.all()}
    missed_by = {miss.capacity.company.pk: miss for miss in NearMiss.objects.all()}
    sellers = {key: made.pk for key, made in world.companies.items() if made.pk in sold_by}
    assert (set(sellers), len(missed_by), Run.objects.count()) == ({"ours", "next", "hidden"}, 3, 2)
    whole = {"ours", "next"}  # without the hidden one
    pairs = whole if is_reader else {name} & set(sellers)

    assert set(Match.objects.visible_to(user)) == {
        sold_by[sellers[key]] for key in (whole if name == "farm" else pairs)
    }
    near = {missed_by[sellers[key]] for key in (whole if name == "mill" else pairs)}
    assert set(NearMiss.objects.visible_to(user)) == near
    # Lists that name both sides are for readers alone, whatever business users are told of their own matches.
    assert {result.match for result in listed_results(user)} == (
        {sold_by[sellers[key]] for key in whole} if is_reader else set()
    )
    assert set(newest_near_misses(user)) == (near if is_reader else set())
    assert set(Run.objects.visible_to(user)) == (set(Run.objects.all()) if is_reader else set())


def test_matches_are_told_to_the_companies_of_both_sides(world):
    told = {key: set(Match.objects.told_to([made.pk])) for key, made in world.companies.items()}

    assert told == {
        "ours": {world.match},
        "next": {world.match_of_others},
        "farm": {world.match, world.match_of_others},
        "mill": set(),
        "hidden": set(Match.objects.filter(capacity__company=world.companies["hidden"])),
    }


@pytest.mark.parametrize("name", READS)
def test_notices_are_seen_by_whom_they_tell(world, name):
    user = world.everybody[name]
    told = set(Notice.objects.filter(user_id=user.pk))
    is_closed = name in ("closed member", "disabled")
    assert bool(told) == (name in world.members or is_closed)

    assert set(Notice.objects.visible_to(user)) == (set() if is_closed else told)


@pytest.mark.parametrize("name", READS)
def test_history_is_seen_with_the_thing(world, name):
    user = world.everybody[name]
    seen = {kind: set(KINDS[kind].visible(user)) for kind in ("company", "need", "match", "weights", "person")}
    is_reader = name in READERS

    assert seen == {
        "company": {world.companies[key] for key in READS[name]},
        "need": {world.needs[key] for key in READS[name]},
        "match": {world.match, world.match_of_others} if is_reader else set(),
        "weights": {world.run.weights} if is_reader else set(),
        "person": set(User.objects.all()) if name == "admin" else set(),
    }


def test_no_official_without_an_account_that_is_open_is_asked_anything(world):
    """The questions about roles are false of everybody whose account is closed, whatever the role."""
    questions = [
        value for name, value in vars(permissions).items() if name.startswith(("may_", "needs_")) and callable(value)
    ]
    closed = person(Role.ADMIN, email="closed-admin@example.test")
    closed.is_active = False

    assert {question.__name__ for question in questions if question(closed)} == set()
    assert {question.__name__ for question in questions if question(AnonymousUser())} == set()
    assert len(questions) >= 9


BY_ROLE = {
    "may_see_every_company": {Role.OFFICER, Role.STAFF, Role.ADMIN},
    "may_run_matching": {Role.STAFF, Role.ADMIN},
    "may_change_weights": {Role.STAFF, Role.ADMIN},
    "may_decide_on_matches": {Role.OFFICER, Role.STAFF, Role.ADMIN},
    "may_export": {Role.OFFICER, Role.STAFF, Role.ADMIN},
    "may_stand_in": {Role.STAFF, Role.ADMIN},
    "may_look_at_contacts": {Role.OFFICER, Role.STAFF, Role.ADMIN},
    "may_read_all_history": {Role.STAFF, Role.ADMIN},
    "may_keep_corridor": {Role.STAFF, Role.OFFICER, Role.ADMIN},
    "may_switch_preferences": {Role.OFFICER, Role.ADMIN},
    "may_manage_people": {Role.ADMIN},
    "may_see_parts": {Role.ADMIN},
    "needs_second_factor": {Role.OFFICER, Role.STAFF, Role.ADMIN},
}


def test_each_question_is_true_of_the_roles_that_the_design_names(world):
    found = {
        name: {role for role in Role if getattr(permissions, name)(person(role, email=f"{role}-asked@example.test"))}
        for name in vars(permissions)
        if name.startswith(("may_", "needs_"))
    }

    assert found == BY_ROLE


@pytest.mark.parametrize("name", READS)
def test_reports_files_and_schedules_are_seen_by_their_maker_and_whom_they_are_shared_with(world, name):
    """The officer's, which one of city staff sees too. Administrators see schedules alone, for they can end them."""
    user = world.everybody[name]
    sees = name in ("officer", "staff")

    assert list(Report.objects.visible_to(user)) == ([world.file.report] if sees else [])
    assert list(ReportFile.objects.visible_to(user)) == ([world.file] if sees else [])
    assert list(Schedule.objects.visible_to(user)) == ([world.schedule] if sees or name == "admin" else [])
