"""Everybody who could open a page, and things of everybody: what could leak is there before anybody looks."""

import datetime as dt
from dataclasses import dataclass, field

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows import login
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.cookie import SimpleCookie
from django.test import Client, RequestFactory
from django.utils import timezone
from fido2.cose import CoseKey
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.enums import Role
from accounts.models import SavedView, SecondFactor, User
from companies.enums import MemberRole
from companies.models import BookImport, Claim, Company, ContactPerson, Invitation, Merge, StandIn
from companies.services import add_certificate_file, begin_stand_in, make_claim
from companies.services.invitations import digest_of
from corridor.enums import Country
from matching.enums import Failure, RunState
from matching.models import Comparison, DecisionBatch, Match, PlanInstruction, Run
from matching.services import decide
from notices.enums import NoticeKind
from notices.models import Notice
from reports.models import ReportFile, Schedule
from tests.corridor.quotes.facts import premium
from tests.corridor.tariffs import tariff
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    CorridorFactory,
    ExchangeRateFactory,
    FreightQuoteFactory,
    LegFactory,
)
from tests.matching.book import capacity, company, need, open_corridor, port, town
from tests.matching.found import finished_run, found, near_miss
from tests.matching.run_differences.kept import ended, row
from tests.people import member_of, person
from tests.permissions.table import ACTORS, Row
from tests.reports.building.kept import ready_report

# Each company and all that is its own carries its mark: whose it is can be read off any page.
OURS, NEXT, FARM, MILL, HIDDEN = "Zorsa", "Nyxte", "Farmu", "Mylla", "Vydden"
MARKS = {"ours": OURS, "next": NEXT, "farm": FARM, "mill": MILL, "hidden": HIDDEN}
LINK = "a-link-that-works-once"
HOMES = {"ours": "ID", "next": "ID", "farm": "KZ", "mill": "KZ", "hidden": "ID"}


CHANGE = {
    "code": "lower_ask",
    "amount": 20,
    "unit": "USD/t",
    "percent": 2.5,
    "over_percent": 1.7,
    "landed": 1170,
    "is_part": False,
}


@dataclass
class World:
    """Five companies, their listings, matches and people, and whoever may come to look."""

    companies: dict = field(default_factory=dict)
    needs: dict = field(default_factory=dict)
    capacities: dict = field(default_factory=dict)
    contacts: dict = field(default_factory=dict)
    members: dict = field(default_factory=dict)
    officials: dict = field(default_factory=dict)
    cookies: dict = field(default_factory=dict)
    notices: dict = field(default_factory=dict)
    passkeys: dict = field(default_factory=dict)
    corridor: dict = field(default_factory=dict)
    match: Match | None = None
    match_of_others: Match | None = None
    batch: DecisionBatch | None = None
    run: Run | None = None
    view: int = 0  # a saved view of city staff
    file: ReportFile | None = None  # of the officer's report, which one of city staff sees too
    schedule: Schedule | None = None  # the officer's, which one of city staff gets

    def who(self, actor: str, row: Row) -> User | None:
        """The person of a column, seen from the company that a row is about."""
        own, other, abroad = ("farm", "mill", "ours") if row.is_kazakh else ("ours", "next", "farm")
        companies = {"own": own, "other": other, "abroad": abroad}
        return self.members[companies[actor]] if actor in companies else self.officials.get(actor)

    def people_of(self, key: str, email: str) -> User:
        """One more person who acts for a company."""
        user = person(Role.BUSINESS, email=email)
        user.memberships.create(company=self.companies[key], role=MemberRole.EDITOR)
        return user

    def client(self, user: User | None) -> Client:
        """A browser in which the person is signed in."""
        client = Client(raise_request_exception=False)
        if user is not None:
            client.cookies = SimpleCookie(self.cookies[user.pk].output(header="", sep=";"))
        return client


def made_world() -> World:
    world = World()
    open_corridor()
    two_lines_of_the_tariff()
    CorridorFactory(origin="KZ", destination="ID")
    for key, mark in MARKS.items():
        add_company(world, key, mark)
    add_matches(world)
    add_officials(world)
    add_own_things(world)
    add_corridor(world)
    for user in [*world.members.values(), *world.officials.values()]:
        world.cookies[user.pk] = signed_in(user)
    User.objects.filter(pk=world.officials["disabled"].pk).update(is_active=False)
    return world


def two_lines_of_the_tariff() -> None:
    """Among which one can be picked, both with a preference that can be switched."""
    goods = CommodityFactory(code="goods-ID", name_en="Goods of ID")
    for code in ("T9001", "T9002"):
        tariff(code=code, hs6=goods.hs_code, preference_scheme="A scheme")


def add_company(world: World, key: str, mark: str) -> None:
    country = HOMES[key]
    goods = CommodityFactory(code=f"goods-{country}", name_en=f"Goods of {country}")
    made = company(
        country,
        code=f"code-{mark.lower()}",
        name_registered=f"PT {mark}",
        kind="registered",
        is_hidden=key == "hidden",
        description=f"description {mark}",
        role_mailbox=f"{mark.lower()}@example.test",
    )
    here = port() if country == "ID" else town()
    wanted = CommodityFactory(code="goods-KZ" if country == "ID" else "goods-ID")
    world.companies[key] = made
    world.needs[key] = need(wanted, company=made, reference=f"N-{mark}", destination=here, own_words=f"wants {mark}")
    world.capacities[key] = capacity(
        goods, company=made, reference=f"C-{mark}", place=here, origin_country=country, own_words=f"offers {mark}"
    )
    paper = made.certificates.create(kind=CertificateKindFactory(code="kept"), state="unchecked", number=f"no {mark}")
    picture = SimpleUploadedFile(f"{mark}.pdf", b"%PDF-1.7 %%EOF")
    add_certificate_file(certificate=paper, file=picture, added_by=member_of(made))
    contact = ContactPerson.objects.create(company=made, name=f"Contact {mark}", email=f"contact-{mark}@example.test")
    contact.consents.create(wording="2026-11", countries=[*Country.values], given_on="2027-01-01")
    world.contacts[key] = contact
    world.members[key] = member_of(made)


def add_matches(world: World) -> None:
    """Indonesian goods for the Kazakh farm: of ours, of the other company and of the hidden one."""
    run = finished_run()
    for key in ("ours", "next", "hidden"):
        result = found(run, world.needs["farm"], world.capacities[key])
        near_miss(run, world.needs["mill"], world.capacities[key], change=CHANGE)
        if key == "ours":
            world.match = result.match
        if key == "next":
            world.match_of_others = result.match
    world.run = run


def add_officials(world: World) -> None:
    world.officials = {
        "officer": person(Role.OFFICER, name="Official Officer"),
        "staff": person(Role.STAFF, name="Official Staff"),
        "stand-in": person(Role.STAFF, email="stand-in@example.test", name="Official Standing"),
        "admin": person(Role.ADMIN, name="Official Admin"),
        "disabled": person(Role.STAFF, email="disabled@example.test"),
        "one factor": person(Role.STAFF, email="one-factor@example.test", second_factor=False),
    }
    assert set(world.officials) | {"anonymous", "own", "other", "abroad"} == set(ACTORS)
    for key in ("stand-in", "disabled", "one factor"):
        begin_stand_in(company=world.companies["ours"], user=world.officials[key], reason="asked on the phone")
    decide(match=world.match, state="shortlisted", decided_by=world.officials["staff"])
    world.batch = DecisionBatch.objects.create(made_by=world.officials["staff"])
    report = ready_report(world.officials["officer"], files=(("pdf", ["ru"]),))
    report.shared_with.add(world.officials["staff"])
    world.file = report.files.get()
    world.schedule = schedule_of(world.officials["officer"], world.officials["staff"])


def add_own_things(world: World) -> None:
    """A notice and a passkey of each member."""
    for key, user in world.members.items():
        mark = MARKS[key]
        world.notices[key] = Notice.objects.create(
            user=user, kind=NoticeKind.COMPANY_ACTIVE, event=f"active:{mark}", facts={"company": mark}, address="/"
        )
        world.passkeys[key] = SecondFactor.objects.create(
            user=user, type=SecondFactor.Type.WEBAUTHN, data={"name": f"key {mark}", "credential": credential(mark)}
        )


def add_corridor(world: World) -> None:
    """What staff and officers enter of the way, and comparisons that have ended."""
    sides = world.match.need, world.match.capacity
    world.view = SavedView.objects.create(owner=world.officials["staff"], page="matching:match-list", name="Mine").pk
    world.corridor = {
        "comparisons": ended_comparison(world.run).pk,
        "run-differences": ended(world.run, *(row(kind, *sides) for kind in ("new", "gone", "changed"))).pk,
        "legs": LegFactory().pk,
        "quotes": FreightQuoteFactory(leg=LegFactory()).pk,
        "rates": ExchangeRateFactory(currency="CNY", confidence="verified").pk,
        "premiums": premium().pk,
    }


def credential(mark: str) -> dict:
    """What a browser answers when a passkey is set up: enough of it to be read again."""
    key = CoseKey.parse({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)})
    made = AttestedCredentialData.create(bytes(16), mark.encode(), key)
    told = AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP, 0, made)
    client = CollectedClientData.create("webauthn.create", b"challenge", "https://example.test")
    return {
        "id": websafe_encode(mark.encode()),
        "rawId": websafe_encode(mark.encode()),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
        },
        "clientExtensionResults": {},
    }


def signed_in(user: User) -> SimpleCookie:
    """The cookies of a browser in which somebody has just signed in and proved who they are.

    Proved an hour ahead: a busy machine takes longer for the tests of a file than a page believes such a proof.
    """
    RecoveryCodes.activate(user)
    client = Client()
    client.force_login(user)
    request = RequestFactory().get("/")
    request.session = client.session
    login.record_authentication(request, user, "password", email=user.email, reauthenticated=True)
    request.session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] += 3600
    request.session.save()
    UserSession.objects.create(user=user, session_key=client.session.session_key, ip="127.0.0.1", user_agent="tests")
    return client.cookies


def schedule_of(owner: User, recipient: User) -> Schedule:
    """Every day at one in the morning, UTC."""
    due = timezone.now() + dt.timedelta(hours=2)
    facts = {"subject": "matches", "order": {"subject": "matches"}, "files": [["csv", ["en"]]]}
    made = Schedule.objects.create(name="Each day", owner=owner, every="day", at=dt.time(1), next_at=due, **facts)
    made.recipients.add(recipient)
    return made


def things_of(world: World, row: Row) -> dict[str, object]:
    """What fills the placeholders of a row's address."""
    key = "farm" if row.is_kazakh else "ours"
    made = world.companies[key]
    pks = {
        "companies": made.pk,
        "needs": world.needs[key].pk,
        "capacities": world.capacities[key].pk,
        "matches": world.match.pk,
        "batches": world.batch.pk,
        "partners": world.match.pk,
        "runs": world.run.pk,
        "notices": world.notices[key].pk,
        "people": world.members[key].pk,
        "sessions": session_of(world.members[key]),
        "passkeys": world.passkeys[key].pk,
        "views": world.view,
        "files": world.file.pk,
        "schedules": world.schedule.pk,
        "share": world.officials["staff"].pk,
        "instructions": instruction_of(world.match).pk,
        **world.corridor,
    }
    if row.address.startswith("companies:claim-"):
        claim = claim_of(world.members[key], made.country)
        pks |= {"directory": claim.company_id, "claims": claim.pk}
    if row.address.startswith("companies:book-import-"):
        is_of_many = row.variant == "delegation"
        sender = world.officials["staff"] if is_of_many else world.members[key]
        pks["import"] = book_of(sender, None if is_of_many else made).pk
    stand_in = StandIn.objects.filter(company=made, user=world.officials["stand-in"]).first()
    history = {
        "company": made.pk,
        "need": pks["needs"],
        "capacity": pks["capacities"],
        "match": world.match.pk,
        "weights": world.run.weights_id,
        "rate": world.corridor["rates"],
        "person": world.members[key].pk,
        "contact": world.contacts[key].pk,
        "merge": merge_of_two(HOMES[key]).pk if row.variant == "merge" else 0,
    }
    return {
        "by_folder": pks,
        "report": str(world.file.report.public_id),
        "contact": world.contacts[key].pk,
        "member": made.memberships.first().pk,
        "certificate": made.certificates.get().pk,
        "file": made.certificates.get().files.get().pk,
        "stand_in": stand_in.pk if stand_in else 0,
        "history": history.get(row.variant, 0),
        "other": world.companies["mill" if row.is_kazakh else "next"].pk,
        "merge": merge_of_two(HOMES[key]).pk if row.address.startswith("companies:merge-") else 0,
        "company": made.pk,
        "invitation": invitation_of(made, world.members[key]).pk if "invitation" in row.address else 0,
    }


def instruction_of(match) -> PlanInstruction:
    """What staff ask of the plan about the match."""
    asked, _made = PlanInstruction.objects.get_or_create(match=match, kind="ban", defaults={"reason": "a test"})
    return asked


def invitation_of(made, user: User) -> Invitation:
    """A link for a person who acts for the company already, as an editor."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    ends_at = timezone.now() + dt.timedelta(days=1)
    link = LINK if made.country == "ID" else "another-link"
    facts = {"kind": "join", "role": "editor", "email": user.email, "language": "en", "ends_at": ends_at}
    return Invitation.objects.get_or_create(company=made, digest=digest_of(link), defaults=facts)[0]


def claim_of(user: User, country: str) -> Claim:
    """An entry of the public directory that a person has claimed."""
    entry, _ = Company.objects.get_or_create(
        code=f"entry-{country.lower()}", kind="directory", country=country, name_registered="Entry", status="active"
    )
    if known := entry.claims.filter(made_by=user, state="waiting").first():
        return known
    number = "1234567890123" if country == "ID" else "930640000024"
    file = SimpleUploadedFile("paper.pdf", b"%PDF-1.7 %%EOF")
    return make_claim(company=entry, user=user, registration_number=number, words="director", file=file)


def ended_comparison(run: Run) -> Comparison:
    told = {"as_of": run.as_of, "weights": run.weights, "state": RunState.FAILED, "reason_code": Failure.LOST}
    return Comparison.objects.create(scheme="An agreement", **told)


def merge_of_two(country: str) -> Merge:
    """Two entries of that country, of which one has gone into the other."""
    stays, goes = company(country, name_registered="PT Twin"), company(country, is_hidden=True)
    moved = {"changes": [["company", goes.pk, "is_hidden", False, True]], "exchanges": [], "told": []}
    return Merge.objects.create(stays=stays, goes=goes, reason="one number", moved=moved)


def book_of(sender: User, company: Company | None) -> BookImport:
    """A spreadsheet that was read, with one row of it refused."""
    book = BookImport.objects.create(
        company=company,
        made_by=sender,
        file_name=f"{company or 'delegation'}.xlsx",
        file_kind="xlsx",
        size=1,
        digest="0" * 64,
        state="checked",
        checked_at=timezone.now(),
        total=1,
        counts={"taken": 0, "refused": 1},
    )
    told = [{"code": "cell_missing", "cell": "B2", "column": "reference", "sheet": "Needs", "row": 2}]
    book.rows.create(position=1, sheet="Needs", row=2, outcome="refused", told=told)
    return book


def session_of(user: User) -> int:
    return UserSession.objects.filter(user=user).values_list("pk", flat=True).first() or 0
