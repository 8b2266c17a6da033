"""The pages of history: who changed what, before and after, for whoever may see the thing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.enums import Role
from accounts.history import changes_by, forgetting
from accounts.models import User
from companies.enums import ListingStatus, MemberRole
from companies.models import Certificate, Company, Membership, Need, NeedParameter, StandIn
from companies.services import begin_stand_in
from desk.history.kinds import KINDS
from desk.history.labels import LABELS
from desk.history.words import SILENT, fields_of, key_of
from matching.services import decide
from tests.companies.factories import CapacityFactory, CompanyFactory, NeedFactory
from tests.factories import CertificateKindFactory, CommodityFactory, ParameterFactory, PlaceFactory
from tests.matching.found import some_matches
from tests.people import member_of, person

pytestmark = pytest.mark.django_db
EVENT_MODELS = [source.events for kind in KINDS.values() for source in kind.sources]


def earlier(days: int = 1) -> None:
    """All that is kept so far was done some days ago: a test is one moment, and what is told apart here is moments."""
    with forgetting():
        for events in EVENT_MODELS:
            events.objects.update(pgh_created_at=F("pgh_created_at") - dt.timedelta(days=days))


def shown(client, address: str) -> list:
    response = client.get(address)
    assert response.status_code == 200
    return response.context["rows"]


def told(row) -> list[tuple]:
    """A change as it is read: each part with what was done, and its lines."""
    return [
        (part.name, part.action, [(line.label, line.before, line.after) for line in part.lines]) for part in row.parts
    ]


@pytest.fixture
def staff(client):
    client.force_login(person(Role.STAFF, name="Rudi Hartono"))
    return client


def test_history_of_a_need_tells_each_field_before_and_after_in_words(staff):
    need = NeedFactory(quantity_kg=20_000, price_amount=None, destination=PlaceFactory(name_en="Almaty", country="KZ"))
    earlier()
    with changes_by(user=person(Role.STAFF).pk):
        Need.objects.filter(pk=need.pk).update(
            quantity_kg=1_250_500,
            price_amount=Decimal("1150.50"),
            price_currency="USD",
            price_unit="t",
            status=ListingStatus.CLOSED,
            payment_terms=["letter_of_credit", "documents"],
            destination=PlaceFactory(name_en="Astana", country="KZ"),
            window_until=dt.date(2027, 7, 31),
        )

    change = shown(staff, f"/history/need/{need.pk}/")[0]

    assert change.who == "Rudi Hartono"
    assert told(change) == [
        (
            "",
            "changed",
            [
                ("quantity", "20\u00a0t", "1,250.5\u00a0t"),
                ("price", "not stated", "1,150.5\u00a0USD/t"),
                ("terms of payment", "not stated", "letter of credit at sight, cash against documents"),
                ("status", "open", "closed"),
                ("place of delivery", "Almaty", "Astana"),
                ("delivery", "1 Jan – 30 Jun 2027", "1 Jan – 31 Jul 2027"),
            ],
        )
    ]


def test_history_folds_children_into_the_page_of_their_parent(staff):
    need = NeedFactory(commodity=CommodityFactory(name_en="Olein"))
    earlier()
    with changes_by(user=person(Role.STAFF).pk):
        need.accepted.update(commodity=CommodityFactory(name_en="Stearin"))
        row = NeedParameter.objects.create(need=need, parameter=ParameterFactory(name_en="Acid"), high=Decimal(5))
        NeedParameter.objects.filter(pk=row.pk).update(high=Decimal("0.1"))
        need.required_certificates.add(CertificateKindFactory(name_en="Halal"))

    (change, _first) = shown(staff, f"/history/need/{need.pk}/")

    assert told(change) == [
        ("accepted goods: Stearin", "changed", [("goods", "Olein", "Stearin")]),
        ("parameter: Acid (%)", "added", [("range or values", "", "at most 0.1")]),
        ("certificate asked for: Halal", "added", []),
    ]


def test_history_of_a_company_tells_of_members_certificates_and_stand_ins(staff):
    made = CompanyFactory(name_registered="PT Udang")
    member = person(Role.BUSINESS, email="ayu@example.test", name="Ayu")
    kind = CertificateKindFactory(name_en="HACCP")
    earlier()
    with changes_by(user=member.pk):
        Membership.objects.create(company=made, user=member, role=MemberRole.OWNER)
        Certificate.objects.create(company=made, kind=kind, state="unchecked", valid_until=dt.date(2027, 3, 1))
        StandIn.objects.create(company=made, user=person(Role.STAFF), reason="asked on the phone")

    change = shown(staff, f"/history/company/{made.pk}/")[0]

    assert [(part[0], part[1]) for part in told(change)] == [
        ("member: Ayu", "added"),
        ("certificate: HACCP", "added"),
        ("standing in: Rudi Hartono", "added"),
    ]
    assert told(change)[1][2] == [("state", "", "stated, unchecked"), ("valid", "", "until 1 Mar 2027")]


def test_history_says_what_was_removed(staff):
    made = CompanyFactory()
    certificate = Certificate.objects.create(company=made, kind=CertificateKindFactory(name_en="BRC"), state="not_held")
    earlier()
    certificate.delete()

    change = shown(staff, f"/history/company/{made.pk}/")[0]

    assert told(change) == [("certificate: BRC", "removed", [("state", "stated not held", "")])]


def test_history_does_not_invent_what_was_there_before_anything_was_kept(staff):
    made = CompanyFactory(city="Balikpapan")
    with forgetting():
        Company.pgh_event_model.objects.all().delete()
    Company.objects.update(city="Bontang")

    (change,) = shown(staff, f"/history/company/{made.pk}/")

    ((_name, action, lines),) = told(change)
    assert (action, ("town", "", "Bontang") in lines) == ("first", True)


@pytest.mark.parametrize(
    ("facts", "who"),
    [
        ({"command": "import_book"}, "a command: import_book"),
        ({"task": "matching.tasks.carry_out"}, "the programme"),
        ({"user": None}, "somebody not signed in"),
        ({"user": 987_654}, "erased person"),
    ],
)
def test_history_says_who_or_what_made_a_change(staff, facts, who):
    with changes_by(**facts):
        made = CompanyFactory()

    assert [row.who for row in shown(staff, f"/history/company/{made.pk}/")] == [who]


def test_history_says_who_stood_in_and_what_came_with_a_book(staff):
    with changes_by(user=person(Role.STAFF).pk, stand_in=1, way="import_book"):
        made = CompanyFactory()

    (change,) = shown(staff, f"/history/company/{made.pk}/")

    assert (change.who, change.way) == ("Rudi Hartono, standing in for the company", "with a book")


def test_history_forgets_the_name_of_an_erased_person(staff):
    gone = person(Role.OFFICER, name="Dewi")
    with changes_by(user=gone.pk):
        made = CompanyFactory()
    User.objects.filter(pk=gone.pk).update(is_active=False, erased_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))

    response = staff.get(f"/history/company/{made.pk}/")

    assert [row.who for row in response.context["rows"]] == ["erased person"]
    assert "Dewi" not in response.content.decode()


def test_a_company_reads_its_own_history_without_names_of_officials(client):
    made = CompanyFactory()
    owner = member_of(made)
    officials = [person(Role.STAFF, name="Rudi Hartono"), person(Role.OFFICER, name="Dewi Sari")]
    stranger = person(Role.BUSINESS, email="other@example.test", name="Bolat")
    for number, user in enumerate([*officials, owner, stranger]):
        earlier()
        with changes_by(user=user.pk):
            Company.objects.filter(pk=made.pk).update(city=f"Town {number}")
    earlier()
    with changes_by(user=officials[0].pk):
        StandIn.objects.create(company=made, user=officials[0], reason="asked")
        made.facts.create(kind="visited", checked_on=dt.date(2027, 1, 1), checked_by=officials[1])
    client.force_login(owner)

    response = client.get(f"/history/company/{made.pk}/?size=100")

    assert [row.who for row in response.context["rows"]][:5] == [
        "city staff",
        "a business user",
        str(owner),
        "the embassy",
        "city staff",
    ]
    text = response.content.decode()
    for hidden in ("Rudi", "Hartono", "Dewi", "Sari", "Bolat", "officer@", "staff@", "other@"):
        assert hidden not in text
    assert "standing in: city staff" in text.replace("Standing", "standing")


def test_a_company_does_not_read_what_officials_note_about_it(client):
    made = CompanyFactory(screening="not_screened")
    client.force_login(member_of(made))
    earlier()
    Company.objects.update(screening="refused", city="Bontang")

    change = shown(client, f"/history/company/{made.pk}/")[0]

    assert told(change) == [("", "changed", [("town", "not stated", "Bontang")])]


def visible_things() -> dict[str, object]:
    """One thing of each kind, of a company of its own."""
    (result,) = some_matches(CommodityFactory(), 1)
    decide(match=result.match, state="shortlisted", decided_by=person(Role.STAFF))
    made = result.match.need.company
    return {
        "company": made,
        "need": result.match.need,
        "capacity": result.match.capacity,
        "match": result.match,
        "weights": result.run.weights,
        "person": person(Role.STAFF),
    }


READERS = {
    "own": {"company", "need"},
    "other": set(),
    Role.OFFICER: {"company", "need", "capacity", "match", "weights"},
    Role.STAFF: {"company", "need", "capacity", "match", "weights"},
    Role.ADMIN: {"company", "need", "capacity", "match", "weights", "person"},
}


@pytest.mark.parametrize("reader", READERS)
def test_history_of_a_thing_is_seen_by_who_sees_the_thing(client, reader):
    things = visible_things()
    other = CompanyFactory(code="another-company")
    users = {"own": member_of(things["company"]), "other": member_of(other)}
    client.force_login(users.get(reader) or person(reader))

    answers = {kind: client.get(f"/history/{kind}/{thing.pk}/").status_code for kind, thing in things.items()}

    assert answers == {kind: 200 if kind in READERS[reader] else 404 for kind in things}


def test_history_of_what_is_hidden_is_seen_by_nobody(staff):
    made = CompanyFactory(is_hidden=True)
    need = NeedFactory(company=made)

    assert staff.get(f"/history/company/{made.pk}/").status_code == 404
    assert staff.get(f"/history/need/{need.pk}/").status_code == 404
    assert [row.change.kind.key for row in shown(staff, "/history/?kind=company&kind=need")] == []


def test_history_has_no_page_for_what_has_no_history(staff):
    assert staff.get("/history/contact/1/").status_code == 404
    assert staff.get("/history/company/987654/").status_code == 404


def test_the_list_of_all_changes_names_what_was_changed_together(staff):
    with changes_by(command="import_book"):
        CompanyFactory.create_batch(7)

    (change,) = shown(staff, "/history/?kind=company")

    assert (change.who, change.change.count, change.more) == ("a command: import_book", 7, 2)
    assert [thing.name for thing in change.things] == [str(made) for made in Company.objects.order_by("pk")[:5]]


def test_the_list_is_filtered_by_kind_person_and_days(staff):
    officer = person(Role.OFFICER)
    with changes_by(user=officer.pk):
        old = CompanyFactory()
    earlier(days=40)
    with changes_by(user=officer.pk):
        made = NeedFactory()
    with changes_by(command="import_book"):
        CompanyFactory(code="by-command")

    def of(query: str) -> list[tuple[str, str]]:
        rows = shown(staff, f"/history/?{query}&kind=company&kind=need")
        return [(row.change.kind.key, row.things[0].name) for row in rows]

    company = ("company", str(made.company))
    assert sorted(of("")) == sorted([company, ("need", str(made)), ("company", "PT by-command")])
    assert sorted(of(f"person={officer.pk}")) == sorted([company, ("need", str(made))])
    assert of("person=0") == [("company", "PT by-command")]
    assert of(f"person={officer.pk}&days=all")[-1] == ("company", str(old))
    assert [row.change.kind.key for row in shown(staff, "/history/?kind=need")] == ["need"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("kind=contact", "contact is no choice here."),
        ("kind=person", "person is no choice here."),
        ("person=987654", "987654 is no choice here."),
        ("person=-1", "-1 is no choice here."),
        ("days=5", "5 is no choice here."),
        ("colour=blue", "colour is no filter of this list."),
        ("sort=who", "The list cannot be sorted by who."),
        ("page=9", "There is no page 9; the list has 1."),
    ],
)
def test_the_list_refuses_nonsense_in_words(staff, query, words):
    response = staff.get(f"/history/?{query}")

    assert response.status_code == 400
    assert words in response.content.decode()


def test_the_list_tells_administrators_of_roles_and_nobody_else(client):
    member = person(Role.BUSINESS)
    earlier(days=0)
    User.objects.filter(pk=member.pk).update(role=Role.STAFF)

    kinds = {}
    for role in (Role.STAFF, Role.ADMIN):
        client.force_login(person(role))
        kinds[role] = {row.change.kind.key for row in shown(client, "/history/")}

    assert kinds == {Role.STAFF: set(), Role.ADMIN: {"person"}}


def test_a_need_that_is_gone_stays_in_the_list(staff):
    need = NeedFactory()
    earlier()
    need.accepted.all().delete()
    need.delete()

    gone = [row for row in shown(staff, "/history/?kind=need") if row.parts and row.parts[0].action == "removed"]

    assert [(row.things[0].address, row.change.count) for row in gone] == [("", 1)]


def test_the_pages_cost_the_same_queries_for_one_change_and_for_three(staff):
    need = NeedFactory()
    address = f"/history/need/{need.pk}/?size=100"

    def cost(page: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            staff.get(page)
        return len(queries)

    def change(number: int) -> None:
        earlier()
        with changes_by(user=person(Role.STAFF).pk):
            Need.objects.filter(pk=need.pk).update(quantity_kg=1000 * number, destination=PlaceFactory())

    change(1)
    staff.get(address)
    one = [cost(address), cost("/history/")]
    for number in (2, 3, 4):
        change(number)
        NeedFactory()

    assert [cost(address), cost("/history/")] == one


def test_pages_of_history_go_on(staff):
    made = CompanyFactory(city="Town 0")
    for number in range(1, 12):
        earlier()
        Company.objects.filter(pk=made.pk).update(city=f"Town {number}")

    first = shown(staff, f"/history/company/{made.pk}/?size=10")
    second = shown(staff, f"/history/company/{made.pk}/?size=10&page=2")

    towns = [row.parts[0].lines[0].after for row in first]
    assert towns == [f"Town {number}" for number in range(11, 1, -1)]
    assert [told(row)[0][1] for row in second] == ["changed", "added"]


def test_every_kept_field_has_a_label():
    unsaid = {
        (events.__name__, field.name)
        for events in EVENT_MODELS
        for field in fields_of(events)
        if field.name not in (*SILENT, "parameter") and key_of(events(), field) not in LABELS
    }

    assert unsaid == set()


def test_every_table_of_kept_rows_is_shown_somewhere():
    from django.apps import apps

    every = {model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}

    assert every == set(EVENT_MODELS)


def test_history_speaks_the_reader_s_language(client):
    staff = person(Role.STAFF, email="ru@example.test", language="ru")
    made = CapacityFactory()
    with translation.override("ru"):
        client.force_login(staff)
        client.cookies["django_language"] = "ru"

        response = client.get(f"/history/capacity/{made.pk}/")

    assert response.status_code == 200
    assert "100\u00a0" in response.content.decode()


def test_what_a_stand_in_changes_says_that_the_company_was_stood_in_for(client):
    made = CompanyFactory(name_registered="PT Udang")
    need = NeedFactory(company=made)
    begin_stand_in(company=made, user=person(Role.STAFF, name="Rudi Hartono"), reason="asked on the phone")
    earlier()
    client.force_login(person(Role.STAFF))
    client.post(f"/needs/{need.pk}/close/")
    by_city = shown(client, f"/history/need/{need.pk}/")[0]
    client.force_login(member_of(made))
    by_company = shown(client, f"/history/need/{need.pk}/")[0]

    assert told(by_city) == [("", "changed", [("status", "open", "closed")])]
    assert by_city.who == "Rudi Hartono, standing in for the company"
    assert by_company.who == "city staff, standing in for the company"


def test_a_member_s_own_changes_are_not_said_to_be_of_a_stand_in(client):
    need = NeedFactory()
    owner = member_of(need.company)
    client.force_login(owner)
    client.post(f"/needs/{need.pk}/withdraw/")

    assert {row.who for row in shown(client, f"/history/need/{need.pk}/") if row.who != "the programme"} == {str(owner)}
