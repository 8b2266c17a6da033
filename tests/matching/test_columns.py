"""The book read in columns says what the book read row by row says, to the byte."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from commodities.enums import ParameterKind
from companies.enums import CertificateState, FactKind, PaymentTerm, Screening
from companies.models import Capacity, CapacityParameter, Certificate, Commitment, Need, NeedParameter, VerificationFact
from corridor.ways import Ways
from matching.services import copying
from matching.services.listings import capacity_rows, need_rows
from matching.services.market import AS_IT_IS, Only, list_book, listed_in, load_book, read
from tests.factories import (
    CertificateKindFactory,
    CommodityFactory,
    CommodityGroupFactory,
    CommodityParameterFactory,
    ExchangeRateFactory,
    ParameterFactory,
)
from tests.matching.book import AS_OF, capacity, company, need, open_corridor, port, town

pytestmark = pytest.mark.django_db


def row_by_row(only: Only | None = None):
    needs, capacities = need_rows(AS_OF, only and only.needs), capacity_rows(AS_OF, only and only.capacities)
    return list_book(needs, capacities, Ways(AS_OF, AS_IT_IS))


def assert_same(only: Only | None = None) -> None:
    columns, _corridor, _ways = read(AS_OF, AS_IT_IS, only)
    in_columns, expected = listed_in(columns), row_by_row(only)

    assert in_columns.departures == expected.departures
    assert in_columns.arrivals == expected.arrivals
    assert in_columns.market.digest() == expected.market.digest()


HOSTILE = ['a"b', "{x,y}", "back\\slash", "tab\there", "two\nlines", "'quoted'", "NULL", "", "запятая, да"]


class Maker:
    """A book made by chance, with every kind of fact that the rules compare."""

    def __init__(self, seed: int):
        self.chance = chance = random.Random(seed)
        open_corridor()
        ExchangeRateFactory(currency="KZT", usd_per_unit=Decimal("0.0019837"))
        self.goods = [CommodityFactory(hs_code=code) for code in ("1511", "151190", "030616", "110100")]
        self.group = CommodityGroupFactory(members=self.goods[1:3])
        self.parameters = [ParameterFactory() for _number in range(3)]
        self.kinds = [CertificateKindFactory() for _number in range(3)]
        for goods in self.goods[:2]:
            CommodityParameterFactory(commodity=goods, parameter=self.parameters[0], kind=ParameterKind.CHOICE)
        screening = [Screening.CLEAR, Screening.NOT_SCREENED, Screening.REFUSED]
        self.companies = {
            country: [company(country, screening=chance.choice(screening)) for _number in range(3)]
            for country in ("ID", "KZ")
        }
        for one in [*self.companies["ID"], *self.companies["KZ"]]:
            self.check(one)
        for _number in range(8):
            self.offer()
            self.want()

    def some(self, *values):
        return self.chance.choice(values)

    def day(self) -> dt.date:
        return AS_OF + dt.timedelta(days=self.chance.randrange(-200, 400))

    def check(self, one) -> None:
        for kind in self.chance.sample([FactKind.DOCUMENTS_SEEN, FactKind.VISITED, FactKind.DEAL_COMPLETED], 2):
            VerificationFact.objects.create(company=one, kind=kind, checked_on=AS_OF)
        for kind in self.chance.sample(self.kinds, 2):
            Certificate.objects.create(company=one, kind=kind, **self.certificate())

    def certificate(self) -> dict:
        first = self.some(None, self.day())
        last = self.some(None, (first or AS_OF) + dt.timedelta(days=self.chance.randrange(400)))
        return {"state": self.some(*CertificateState.values), "valid_from": first, "valid_until": last}

    def shared(self) -> dict:
        priced = self.some(
            {"price_amount": None, "price_currency": "", "price_unit": ""},
            {"price_amount": Decimal(self.chance.randrange(1, 10**9)).scaleb(-4), "price_unit": self.some("t", "kg")}
            | {"price_currency": self.some("USD", "KZT", "EUR")},
        )
        first = self.day()
        window = first, first + dt.timedelta(days=self.chance.randrange(0, 200))
        terms = self.chance.sample(PaymentTerm.values, self.chance.randrange(4))
        facts = {
            "period": self.some("once", "monthly"),
            "payment_terms": terms,
            "incoterm": self.some("", "FOB", "DAP"),
        }
        return priced | facts | {"window": window}

    def offer(self) -> None:
        facts = self.shared()
        first, last = facts.pop("window")
        seller = self.some(*self.companies["ID"], *self.companies["KZ"])
        made = capacity(
            self.some(*self.goods),
            company=seller,
            available_from=first,
            available_until=last,
            origin_country=self.some("ID", "KZ"),
            lot_kg=self.some(None, 20_000),
            lot_multiple_kg=self.some(None, 1_000),
            lead_days=self.some(None, 0, 14),
            net_kg_per_transport_unit=self.some(None, 18_000),
            place=self.some(port(), town()),
            **facts,
        )
        self.state(CapacityParameter, made, "capacity")
        self.commit(made, "capacity", first)
        if self.chance.random() < 0.5:
            Certificate.objects.create(company=seller, capacity=made, kind=self.some(*self.kinds), **self.certificate())

    def want(self) -> None:
        facts = self.shared()
        first, last = facts.pop("window")
        made = need(
            *self.chance.sample(self.goods, self.chance.randrange(3)),
            company=self.some(*self.companies["ID"], *self.companies["KZ"]),
            window_from=first,
            window_until=last,
            price_basis=self.some("", "at_incoterm", "all_in"),
            named_place=self.some(None, port(), town()),
            destination=self.some(port(), town()),
            smallest_share_kg=self.some(None, 50_000),
            accepted_origins=self.some([], ["ID"], ["KZ", "ID"]),
            excluded_origins=self.some([], ["ID"]),
            **facts,
        )
        if self.chance.random() < 0.5:
            made.accepted.create(group=self.group, position=9)
        made.required_certificates.set(self.chance.sample(self.kinds, self.chance.randrange(3)))
        self.state(NeedParameter, made, "need")
        self.commit(made, "need", first)

    def state(self, model, listing, side: str) -> None:
        for parameter in self.chance.sample(self.parameters, self.chance.randrange(4)):
            low = Decimal(self.chance.randrange(10**6)).scaleb(-4)
            said = self.some(
                {"low": low}, {"low": low, "high": low + 1}, {"high": low, "values": self.chance.sample(HOSTILE, 3)}
            )
            model.objects.create(parameter=parameter, **{side: listing}, **said)

    def commit(self, listing, side: str, first: dt.date) -> None:
        for months in range(self.chance.randrange(3)):
            month = (first + dt.timedelta(days=31 * months)).replace(day=1)
            Commitment.objects.create(
                **{side: listing}, month=month, quantity_kg=self.chance.randrange(1, 90_000), kind="held"
            )


@pytest.mark.parametrize("seed", range(6))
def test_columns_say_what_rows_say(seed):
    Maker(seed)

    assert_same()


def test_part_of_the_book_is_read_alike():
    Maker(7)

    assert_same(
        Only(
            set(Need.objects.values_list("pk", flat=True)[:3]), set(Capacity.objects.values_list("pk", flat=True)[2:6])
        )
    )
    assert_same(Only(set(), set()))


def test_empty_book_is_read_alike():
    open_corridor()

    assert_same()


def test_headings_of_listings_keep_their_zeros():
    open_corridor()
    shrimp, olein = CommodityFactory(hs_code="030616"), CommodityFactory(hs_code="151190")
    need(shrimp, olein)
    capacity(olein)
    capacity(CommodityFactory(hs_code="15"))

    book = load_book(AS_OF)

    assert book.headings([0], [0]) == ["0306", "1511"]
    assert book.headings([], [0, 1]) == ["15", "1511"]


def test_reading_asks_as_often_for_one_listing_as_for_many(monkeypatch):
    asked = []
    copy = copying.read_columns
    monkeypatch.setattr("matching.services.columns.reading.read_columns", lambda *said: asked.append(1) or copy(*said))
    open_corridor()
    need(CommodityFactory())
    capacity(CommodityFactory())
    load_book(AS_OF)
    n_few = len(asked)
    Maker(1)

    load_book(AS_OF)

    assert len(asked) == 2 * n_few
