"""A trading partner that says something unmistakable in every field it has, and a book in which it fits one company.

Nothing of it may be read by that company: neither words nor figures. `words_of` says what to look for.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from accounts.enums import Role
from commodities.models import Commodity
from companies.enums import CertificateState, CommitmentKind, CompanyKind, FactKind, PriceBasis
from companies.models import (
    Capacity,
    CapacityParameter,
    Certificate,
    Commitment,
    Company,
    ContactPerson,
    Need,
    NeedParameter,
    VerificationFact,
)
from matching.enums import MatchState, Side
from matching.models import Allocation, Decision, Match
from tests.factories import CertificateKindFactory, CommodityFactory, ParameterFactory, PlaceFactory, RegionFactory
from tests.matching.book import AS_OF, capacity, company, need, open_corridor
from tests.matching.found import finished_run, found
from tests.people import member_of, person

# What may be any figure by chance: keys in addresses, such as /matches/1733/, and tokens.
CHANCE = re.compile(r'(?<=[a-z]/)\d+(?=/)|(?<=name="csrfmiddlewaretoken" value=")\w+')
# Figures and days of the other side: as they are stored, and as pages would write them.
FIGURES = (
    ("6431", "6,431"),  # quantity, t
    ("1733", "1,733"),  # lot or smallest share, t
    ("7393", "7,393"),  # price
    ("8117", "8,117"),  # landed cost
    ("2917", "2,917"),  # planned, t
    ("3539", "3,539"),  # committed to others, t
    ("4547", "4,547"),  # net mass of a transport unit
    ("61.37",),  # what it states of a parameter
    ("17 Feb", "2027-02-17"),
    ("23 Jul", "2027-07-23"),
)
WORDS = (
    *(
        "Secretregistered",
        "Secretlatin",
        "Secretshort",
        "secretcode",
        "Secretnumber",
        "Secretcity",
        "Secretdescription",
    ),
    *(
        "secret.example.test",
        "secretmailbox",
        "secretphone",
        "Secretsource",
        "Secretplace",
        "Secretregion",
        "Secretsite",
    ),
    *("Secretreference", "Secretwords", "Secretpackaging", "Secretcertnumber", "Secretissuer", "Secretscope"),
    *("Secretfactnote", "Secretdecisionnote", "Secretcontact", "secretperson", "Secretmembername", "secretmember"),
)


@dataclass
class Secret:
    """The book of a leak test: one's own user and listing, the partner's company and listing, and their match."""

    own: Company
    own_listing: Need | Capacity
    other: Company
    other_listing: Need | Capacity
    match: Match
    goods: Commodity


def secret_company(country: str) -> Company:
    """A company that nobody else in its region is like."""
    code = f"{country}-SECRET"
    made = company(
        country,
        kind=CompanyKind.REGISTERED,
        code="secretcode",
        name_registered="Secretregistered PT",
        name_latin="Secretlatin",
        name_short="Secretshort",
        registration_number="Secretnumber",
        region=RegionFactory(code=code, country=country, name_en="Secretregion", national_code="6"),
        place=PlaceFactory(code=f"{country}SECR", country=country, name_en="Secretplace nearest"),
        first_mile_km=4547,
        city="Secretcity",
        website="https://secret.example.test/",
        role_mailbox="secretmailbox@example.test",
        switchboard="+secretphone",
        description="Secretdescription",
        source="Secretsource",
    )
    VerificationFact.objects.filter(company=made).update(note="Secretfactnote")
    VerificationFact.objects.create(company=made, kind=FactKind.VISITED, checked_on=AS_OF, note="Secretfactnote two")
    ContactPerson.objects.create(company=made, name="Secretcontact", email="secretperson@example.test")
    user = member_of(made)
    user.name, user.email = "Secretmembername", "secretmember@example.test"
    user.save(update_fields=["name", "email"])
    return made


def secret_book(side: Side) -> Secret:
    """The other side of the match is `side`; one's own company has the other listing."""
    open_corridor()
    goods, run = CommodityFactory(name_en="Palm olein"), finished_run()
    country = "ID" if side == Side.SELLER else "KZ"
    other = secret_company(country)
    own = company("KZ" if side == Side.SELLER else "ID", name_registered="Own Company")
    place = PlaceFactory(code=f"{country}SITE", country=country, name_en="Secretsite")
    facts = {
        "company": other,
        "reference": "Secretreference",
        "own_words": "Secretwords",
        "quantity_kg": 6_431_000,
        "quantity_typed": Decimal(6431),
        "price_amount": Decimal(7393),
    }
    if side == Side.SELLER:
        offered = capacity(
            goods,
            **facts,
            place=place,
            lot_kg=1_733_000,
            packaging="Secretpackaging",
            net_kg_per_transport_unit=4547,
            available_from=dt.date(2027, 2, 17),
            available_until=dt.date(2027, 7, 23),
        )
        wanted = need(goods, company=own)
    else:
        wanted = need(
            goods,
            **facts,
            destination=place,
            named_place=place,
            price_basis=PriceBasis.AT_INCOTERM,
            smallest_share_kg=1_733_000,
            window_from=dt.date(2027, 2, 17),
            window_until=dt.date(2027, 7, 23),
        )
        offered = capacity(goods, company=own)
    listing = offered if side == Side.SELLER else wanted
    parameter = ParameterFactory(name_en="Free fatty acids")
    owner = {"capacity": offered} if side == Side.SELLER else {"need": wanted}
    made = CapacityParameter if side == Side.SELLER else NeedParameter
    made.objects.create(**owner, parameter=parameter, high=Decimal("61.37"))
    Certificate.objects.create(
        company=other,
        kind=CertificateKindFactory(code="halal", name_en="Halal certificate"),
        state=CertificateState.CHECKED,
        number="Secretcertnumber",
        issuer="Secretissuer",
        scope="Secretscope",
        valid_until=dt.date(2027, 7, 23),
    )
    Commitment.objects.create(**owner, month=dt.date(2027, 2, 1), quantity_kg=3_539_000, kind=CommitmentKind.COMMITTED)
    result = found(
        run,
        wanted,
        offered,
        facts=secret_facts(side, parameter.key, parameter.unit),
        unknown=("time", "price", "parameters"),
        planned_kg=2_917_000,
        movable_kg=1_733_000,
        landed_low_usd_per_t=Decimal(8117),
        landed_high_usd_per_t=Decimal(8117),
        rank_for_need=1,
        rank_for_capacity=1,
        score_ppm=823_456,
        state=MatchState.SHORTLISTED,
    )
    Allocation.objects.create(
        run=run,
        match=result.match,
        ship_month=dt.date(2027, 2, 1),
        deliver_month=dt.date(2027, 3, 1),
        quantity_kg=2_917_000,
    )
    Decision.objects.create(
        match=result.match,
        state=MatchState.SHORTLISTED,
        note="Secretdecisionnote",
        decided_by=person(Role.STAFF),
        result=result,
    )
    own_listing = wanted if side == Side.SELLER else offered
    return Secret(own, own_listing, other, listing, result.match, goods)


def secret_facts(side: Side, key: str, unit: str) -> dict:
    """What a run would have stored: each rule's facts of both sides, those of the other one unmistakable."""
    is_seller = side == Side.SELLER
    paper = {
        "kind": "halal",
        "state": 1,
        "valid_from": "2027-02-17",
        "valid_until": "2027-07-23",
        "answer": 1,
    }
    parameter = {"key": key, "unit": unit, "answer": 0, "is_choice": False}
    stated, asked = {"offered_low": None, "offered_high": 61.37}, {"asked_low": None, "asked_high": 61.37}
    window = {"window_from": "2027-03-01", "window_until": "2027-05-31"}
    available = {"available_from": "2027-01-01", "available_until": "2027-06-30"}
    secret_days = ("2027-02-17", "2027-07-23")
    return {
        "sides": {"origin": "ID", "destination": "KZ", "is_open": True, "accepts_origin": True},
        "parameters": [parameter | (stated | {"asked_low": None, "asked_high": 5.0} if is_seller else asked)],
        "certificates": [paper] if is_seller else [],
        "law": {"seller": [paper] if is_seller else [], "buyer": [] if is_seller else [paper], "voluntary": []},
        "time": (window if is_seller else available)
        | dict(zip(available if is_seller else window, secret_days, strict=True))
        | {"lead_days": 4547, "first_ship": secret_days[0], "last_ship": secret_days[1], "days_low": 4547}
        | {"days_high": 4547, "first_day": secret_days[0], "last_day": secret_days[1]},
        "quantity": {
            "movable_kg": 1_733_000,
            "demanded_kg": 100_000 if is_seller else 6_431_000,
            "smallest_share_kg": None if is_seller else 1_733_000,
            "best_month_kg": 6_431_000,
            "smallest_kg": 1_733_000,
            "lot_kg": 1_733_000 if is_seller else 20_000,
            "multiple_kg": None,
        },
        "price": {
            "ask_usd_per_t": 7393.0 if is_seller else 800.0,
            "limit_usd_per_t": 1150.0 if is_seller else 7393.0,
            "landed_low_usd_per_t": 8117.0,
            "landed_high_usd_per_t": 8117.0,
            "landed_at_least_usd_per_t": 8117.0,
        },
        "payment": {"buyer": ["letter_of_credit"], "seller": ["letter_of_credit"]},
        "standing": {"buyer_is_active": True, "seller_is_active": True, "buyer_screening": 1, "seller_screening": 1},
    }


def told_of(text: str) -> list[str]:
    """What of the secrets a page says, in whatever letters and grouping. Keys in addresses and tokens say nothing."""
    text = CHANCE.sub("", text.replace("\xa0", " ")).lower()
    found = [word for word in WORDS if word.lower() in text]
    return found + [forms[0] for forms in FIGURES if any(form.lower() in text for form in forms)]
