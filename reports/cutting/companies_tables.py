"""Dossiers as tables, for workbooks and programs: what each company is, states, wants and offers, and who fits it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from commodities.enums import Sector
from companies.enums import CertificateState, CompanyKind, CompanyStatus, ListingStatus, PaymentTerm, Period
from corridor.enums import Country
from matching import texts
from matching.enums import MatchState, RestsOn, Side
from matching.texts import RULE_NAMES
from reports.cutting.companies_read import Known
from reports.cutting.listings import checked, goods_wanted
from reports.cutting.pair_tables import TableWithRows, spoken, tonnes, words_of
from reports.cutting.tongues import SaidRow
from reports.document import Column, Kind, Table

TEXT, NUMBER, DAY, CODE, CODES = Kind.TEXT, Kind.NUMBER, Kind.DAY, Kind.CODE, Kind.CODES


def tables(all_known: Sequence[Known], names: texts.Names) -> tuple[TableWithRows, ...]:
    return (
        companies(all_known),
        needs(all_known),
        capacities(all_known),
        certificates(all_known),
        matches(all_known),
        openings(all_known, names),
    )


def company_column() -> Column:
    return Column(key="company", title=_("Company"), kind=TEXT, width=32)


def ppm(score: int) -> str:
    """Points of 100, exactly."""
    return f"{Decimal(score) / 10_000:f}"


def plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"


def number(value: object) -> str | None:
    return None if value is None else str(value)


def companies(all_known: Iterable[Known]) -> TableWithRows:
    rows: list[SaidRow] = [
        (
            company.name_registered,
            company.name_latin or None,
            company.kind,
            company.country,
            company.registration_number or None,
            spoken(company.where),
            " ".join(company.sectors) or None,
            company.status,
            spoken(checked(company)),
            company.website or None,
            company.source or None,
            company.changed_at.date().isoformat(),
        )
        for company in (known.company for known in all_known)
    ]
    return Table(
        key="companies",
        title=_("Companies"),
        columns=(
            company_column(),
            Column(key="latin", title=_("Name in Latin letters"), kind=TEXT, width=32),
            Column(key="kind", title=_("Kind of entry"), kind=CODE, words=words_of(CompanyKind.choices)),
            Column(key="country", title=_("Country"), kind=CODE, words=words_of(Country.choices)),
            Column(key="number", title=_("Registration number"), kind=TEXT, width=20),
            Column(key="where", title=_("Place"), kind=TEXT, width=20),
            Column(key="sectors", title=_("Sectors"), kind=CODES, words=words_of(Sector.choices), width=24),
            Column(key="state", title=_("State"), kind=CODE, words=words_of(CompanyStatus.choices)),
            Column(key="checked", title=_("Checked"), kind=TEXT, width=36),
            Column(key="website", title=_("Website"), kind=TEXT, width=24),
            Column(key="source", title=_("Source"), kind=TEXT, width=36),
            Column(key="changed_on", title=_("Changed"), kind=DAY),
        ),
    ), rows


def listing_columns(days: str) -> tuple[Column, ...]:
    return (
        company_column(),
        Column(key="reference", title=_("Reference"), kind=TEXT),
        Column(key="goods", title=_("Goods"), kind=TEXT, width=36),
        Column(key="quantity_t", title=_("Quantity, t"), kind=NUMBER, places=3),
        Column(key="period", title=_("How often"), kind=CODE, words=words_of(Period.choices)),
        Column(key="since", title=pgettext("a day", "From"), kind=DAY, meaning=days),
        Column(key="until", title=_("Until"), kind=DAY, meaning=days),
        Column(key="place", title=_("Place"), kind=TEXT, width=24),
        Column(key="price", title=_("Price"), kind=NUMBER, places=2, meaning=_("limit, or asking price")),
        Column(key="currency", title=_("Currency"), kind=TEXT, width=9),
        Column(key="unit", title=_("Price for one"), kind=TEXT, width=9),
        Column(key="incoterm", title=_("Incoterm"), kind=TEXT, width=9),
        Column(key="payment", title=_("Payment"), kind=CODES, words=words_of(PaymentTerm.choices), width=30),
        Column(key="state", title=_("State"), kind=CODE, words=words_of(ListingStatus.choices)),
    )


def needs(all_known: Iterable[Known]) -> TableWithRows:
    rows = [
        listing_row(known, need, goods_wanted(need), need.window_from, need.window_until, need.destination)
        for known in all_known
        for need in known.needs
    ]
    return Table(key="needs", title=_("Needs"), columns=listing_columns(_("days of delivery"))), rows


def capacities(all_known: Iterable[Known]) -> TableWithRows:
    rows = [
        listing_row(known, one, one.commodity.name, one.available_from, one.available_until, one.place)
        for known in all_known
        for one in known.capacities
    ]
    return Table(key="capacities", title=_("Capacities"), columns=listing_columns(_("days of availability"))), rows


def listing_row(known: Known, listing, goods: str, since, until, place) -> SaidRow:
    return (
        known.company.name_registered,
        listing.reference,
        spoken(goods),
        tonnes(listing.quantity_kg),
        listing.period,
        since.isoformat(),
        until.isoformat(),
        spoken(place.name),
        plain(listing.price_amount),
        listing.price_currency or None,
        listing.price_unit or None,
        listing.incoterm or None,
        " ".join(listing.payment_terms) or None,
        listing.status,
    )


def certificates(all_known: Iterable[Known]) -> TableWithRows:
    rows: list[SaidRow] = [
        (
            known.company.name_registered,
            spoken(one.kind.name),
            one.capacity.reference if one.capacity else None,
            one.state,
            one.number or None,
            one.issuer or None,
            one.valid_until.isoformat() if one.valid_until else None,
        )
        for known in all_known
        for one in known.certificates
    ]
    return Table(
        key="certificates",
        title=_("Certificates"),
        columns=(
            company_column(),
            Column(key="certificate", title=_("Certificate"), kind=TEXT, width=40),
            Column(key="capacity", title=_("Capacity"), kind=TEXT),
            Column(key="state", title=_("State"), kind=CODE, words=words_of(CertificateState.choices), width=20),
            Column(key="number", title=_("Number"), kind=TEXT, width=20),
            Column(key="issuer", title=_("Issuer"), kind=TEXT, width=24),
            Column(key="valid_until", title=_("Valid until"), kind=DAY),
        ),
    ), rows


def matches(all_known: Iterable[Known]) -> TableWithRows:
    """The best ones of each company."""
    rows: list[SaidRow] = []
    for known in all_known:
        for result in known.matches:
            match = result.match
            partner = known.partner_in(match)
            rows.append(
                (
                    known.company.name_registered,
                    str(match.pk),
                    known.side_of(match).value,
                    partner.name_registered,
                    "yes" if partner.is_example else None,
                    partner.country,
                    spoken(partner.where),
                    spoken(match.capacity.commodity.name),
                    ppm(result.score_ppm),
                    ppm(result.could_reach_ppm),
                    str(result.known_rules),
                    None if result.movable_kg is None else tonnes(result.movable_kg),
                    tonnes(result.planned_kg),
                    number(result.landed_low_usd_per_t),
                    number(result.landed_high_usd_per_t),
                    str(result.cost_rests_on) or None,
                    number(result.days_low),
                    number(result.days_high),
                    match.state,
                )
            )
    return Table(
        key="matches",
        title=_("Matches"),
        columns=(
            company_column(),
            Column(key="match", title=_("Match"), kind=NUMBER, width=9, is_name=True),
            Column(key="side", title=_("Here it is the"), kind=CODE, words=words_of(Side.choices)),
            Column(key="partner", title=_("Partner"), kind=TEXT, width=32),
            Column(key="example", title=_("Example"), kind=CODE, words={"yes": _("example")}, width=10),
            Column(key="partner_country", title=_("Country"), kind=CODE, words=words_of(Country.choices)),
            Column(key="partner_place", title=_("Place"), kind=TEXT, width=20),
            Column(key="goods", title=_("Goods"), kind=TEXT, width=36),
            Column(key="score", title=_("Score, of 100"), kind=NUMBER, places=1),
            Column(key="could_reach", title=_("Could reach"), kind=NUMBER, places=1),
            Column(key="known", title=_("Rules known"), kind=NUMBER),
            Column(key="movable_t", title=_("Can move, t"), kind=NUMBER, places=3),
            Column(key="planned_t", title=_("Planned, t"), kind=NUMBER, places=3),
            Column(key="landed_low", title=_("Landed cost from, USD/t"), kind=NUMBER, places=2),
            Column(key="landed_high", title=_("Landed cost to, USD/t"), kind=NUMBER, places=2),
            Column(key="rests_on", title=_("Landed cost rests on"), kind=CODE, words=words_of(RestsOn.choices)),
            Column(key="days_low", title=_("Days on the way, from"), kind=NUMBER),
            Column(key="days_high", title=_("Days on the way, to"), kind=NUMBER),
            Column(key="state", title=_("State"), kind=CODE, words=words_of(MatchState.choices)),
        ),
        note=_("The best matches of each company."),
    ), rows


def openings(all_known: Iterable[Known], names: texts.Names) -> TableWithRows:
    """The smallest changes that would make somebody fit a company."""
    rows: list[SaidRow] = [
        (
            known.company.name_registered,
            known.partner_in(miss).name_registered,
            spoken(miss.capacity.commodity.name),
            miss.rule,
            miss.side,
            spoken(texts.near_miss(miss.rule, miss.side, miss.change, names).sentence),
            ppm(miss.score_ppm),
        )
        for known in all_known
        for miss in known.near_misses
    ]
    return Table(
        key="openings",
        title=_("Near misses"),
        columns=(
            company_column(),
            Column(key="partner", title=_("Partner"), kind=TEXT, width=32),
            Column(key="goods", title=_("Goods"), kind=TEXT, width=36),
            Column(key="rule", title=_("Rule"), kind=CODE, words=words_of(RULE_NAMES.items())),
            Column(key="side", title=_("Who would have to change"), kind=CODE, words=words_of(Side.choices)),
            Column(key="change", title=_("Change"), kind=TEXT, width=60),
            Column(key="score", title=_("Score after it, of 100"), kind=NUMBER, places=1),
        ),
        note=_("The pairs of each company that one change would open, the smallest changes first."),
    ), rows
