"""No page shows anybody what is not theirs: every page that opens is read for the marks of other companies."""

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.permissions.table import TABLE
from tests.permissions.test_matrix import address_of
from tests.permissions.world import MARKS, made_world

pytestmark = pytest.mark.django_db
PAGES_READ = [row for row in TABLE if row.method == "get" and "200" in row.answers]
MEMBERS = ("own", "other", "abroad")
READERS = ("anonymous", *MEMBERS, "officer", "staff", "stand-in", "admin")
# Of each company's contact persons nobody reads by opening a page; a look with a purpose is a form.
CONTACT = "Contact {mark}"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield made_world()
        transaction.set_rollback(True)


def opened(world, row, actor: str, address: str) -> str | None:
    """The page as somebody reads it; None where it does not open."""
    cache.clear()
    with transaction.atomic():
        response = world.client(world.who(actor, row)).get(address)
        transaction.set_rollback(True)
    if response.status_code != 200 or "spreadsheet" in response.get("Content-Type", ""):
        return None
    return b"".join(response.streaming_content if response.streaming else [response.content]).decode()


def marks_in(text: str) -> set[str]:
    """Whose company, need, capacity, people or words are on a page."""
    return {key for key, mark in MARKS.items() if mark.lower() in text.lower()}


@pytest.mark.parametrize("row", PAGES_READ, ids=lambda row: row.name)
def test_nobody_reads_what_is_not_theirs(world, row):
    with transaction.atomic():
        address = address_of(row, world)
        texts = {actor: opened(world, row, actor, address) or "" for actor in READERS}
        transaction.set_rollback(True)
    own = {
        actor: {key for key, member in world.members.items() if member == world.who(actor, row)} for actor in READERS
    }

    # A company reads of itself alone.
    assert {actor: marks_in(texts[actor]) - own[actor] for actor in MEMBERS} == {actor: set() for actor in MEMBERS}
    # What is hidden is read by nobody. (Administrators list every account, whose company may be hidden.)
    lists_accounts = row.address.startswith(("accounts:person", "desk:history-list"))
    readers = [actor for actor in READERS if not (lists_accounts and actor == "admin")]
    assert {actor for actor in readers if "hidden" in marks_in(texts[actor])} == set()
    # Contact persons are read by their own company alone; others look for a purpose, in a form.
    contacts = {key: CONTACT.format(mark=mark) for key, mark in MARKS.items()}
    seen = {actor: {key for key, contact in contacts.items() if contact in texts[actor]} for actor in READERS}
    assert {actor: seen[actor] - own[actor] for actor in READERS} == {actor: set() for actor in READERS}


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("/companies/", {"ours", "next", "farm", "mill"}),
        ("/matches/", {"ours", "next", "farm"}),
        ("/near-misses/", {"ours", "next", "mill"}),
        ("/reports/matches.csv", {"ours", "next", "farm"}),
        ("/needs/unmet/", {"ours", "next", "mill"}),
        ("/capacities/unused/", {"farm", "mill"}),
    ],
)
@pytest.mark.parametrize("actor", ["officer", "staff", "admin"])
def test_lists_show_staff_and_officers_all_that_is_not_hidden(world, address, seen, actor):
    response = world.client(world.officials[actor]).get(address)
    text = b"".join(response.streaming_content if response.streaming else [response.content]).decode()

    assert marks_in(text) == seen


@pytest.mark.parametrize("key", ["ours", "next", "farm", "mill"])
def test_home_and_partners_of_a_company_show_its_own_listings(world, key):
    client = world.client(world.members[key])

    assert marks_in(client.get("/").content.decode()) == {key}
    partners = client.get("/partners/").content.decode()
    assert {key} == marks_in(partners)
    assert f"N-{MARKS[key]}" in partners
    assert f"C-{MARKS[key]}" in partners


def test_a_look_with_a_purpose_shows_contact_persons_once_and_is_kept(world):
    made = world.companies["ours"]
    client = world.client(world.officials["staff"])
    with transaction.atomic():
        shown = client.post(f"/companies/{made.pk}/contacts/look/", {"purpose": "verify"}).content.decode()
        looks = list(made.contact_looks.values_list("looked_by", "purpose", "seen"))
        after = client.get(f"/companies/{made.pk}/contacts/").content.decode()
        transaction.set_rollback(True)

    assert CONTACT.format(mark=MARKS["ours"]) in shown
    assert looks == [(world.officials["staff"].pk, "verify", 1)]
    assert CONTACT.format(mark=MARKS["ours"]) not in after
