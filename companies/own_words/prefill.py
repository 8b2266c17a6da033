"""From what was read of a person's own words to the fields of the form of a need or a capacity. Nothing is guessed:
what can be read in two ways becomes a question, and what the form has no field for is told as such."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from accounts import figures
from companies.enums import PaymentTerm, PriceBasis
from companies.own_words.facts import Fact, OwnWords, Window
from companies.own_words.prefill_amounts import fill_lot, fill_packs, fill_price, fill_quantity
from companies.own_words.prefill_facts import Filled, Option, Question, Source, Spoken, readings
from corridor.enums import Country
from corridor.models import Place
from corridor.terms import names_arrival

__all__ = ["Filled", "Option", "Question", "Source", "prefill"]

NEED, CAPACITY = "need", "capacity"
WINDOWS = {NEED: ("window_from", "window_until"), CAPACITY: ("available_from", "available_until")}


def prefill(text: str, words: OwnWords, kind: str, places: Mapping[str, Place]) -> Filled:
    """The beginning of a form of a need or a capacity (`kind`); `places` by their codes."""
    spoken, filled = Spoken(text, words), Filled(goods=words.goods)
    fill_quantity(spoken, filled)
    fill_packs(spoken, filled, has_field=kind == CAPACITY)
    fill_price(spoken, filled)
    _fill_incoterm(spoken, filled)
    _fill_places(spoken, filled, kind, places)
    _fill_window(spoken, filled, kind)
    _fill_payment(spoken, filled)
    _fill_weight(spoken, filled)
    if kind == NEED:
        _ask_what_the_price_covers(spoken, filled)
    if kind == CAPACITY:
        fill_lot(spoken, filled, "lot")
        _fill_lead_days(spoken, filled)
    left = ("tolerance",) if kind == CAPACITY else ("tolerance", "lot", "lead_days")
    filled.unknown += [spoken.words_of(fact) for fact in spoken.of("unknown_place")]
    filled.kept += [spoken.words_of(fact) for fact in spoken.of(*left)]
    for fact in spoken.of("share"):
        _keep_share(spoken, filled, fact)
    other = next((fact for fact in spoken.of("side") if fact.value and fact.value != kind), None)
    filled.says_other_side = spoken.words_of(other) if other else ""
    return filled


def _ask_what_the_price_covers(spoken: Spoken, filled: Filled) -> None:
    """A limit price covers what it covers: words hardly ever say which."""
    if facts := spoken.of("price"):
        options = [Option(str(basis.label), {"price_basis": basis.value}) for basis in PriceBasis]
        filled.ask("price_basis", spoken.words_of(*facts), options, _("What does this price cover?"))


def _fill_incoterm(spoken: Spoken, filled: Filled) -> None:
    for fact in spoken.of("incoterm"):
        options = [
            Option(code, {"incoterm": code}) if code else Option(_("No Incoterm: it belongs to the goods"), {})
            for code in readings(fact)
        ]
        filled.put_or_ask("incoterm", spoken.words_of(fact), options)


def _fill_places(spoken: Spoken, filled: Filled, kind: str, places: Mapping[str, Place]) -> None:
    """A need names where it arrives, a capacity where it lies; where else goods come from or go to is not asked."""
    if kind == CAPACITY:
        roles = (("named_place", "place"), ("origin", "place"), ("place", "place"))
        filled.kept += [spoken.words_of(fact) for fact in spoken.of("destination")]
    else:
        roles = (("named_place", "named_place"), ("destination", "destination"), ("place", "destination"))
    for role, name in roles:
        for fact in spoken.of(role):
            options = [Option(places[code].name, {name: places[code].pk}) for code in readings(fact) if code in places]
            filled.put_or_ask(name, spoken.words_of(fact), options)
    if kind == NEED:
        _arrive_where_named(filled, places)
        _fill_origins(spoken, filled, places)


def _arrive_where_named(filled: Filled, places: Mapping[str, Place]) -> None:
    """DAP Almaty says of a need that the goods shall arrive in Almaty, where nothing else says where."""
    pk = filled.values.get("named_place")
    named = next((place for place in places.values() if place.pk == pk), None)
    arrives = names_arrival(filled.values.get("incoterm", ""))
    if named and arrives and "destination" not in filled.values and named.country in Country.values:
        filled.put({"destination": named.pk}, filled.sources["named_place"].words)


def _fill_origins(spoken: Spoken, filled: Filled, places: Mapping[str, Place]) -> None:
    """ "From Bontang" says of a need that the goods shall come from Indonesia: no need asks for less than a country."""
    for fact in spoken.of("origin"):
        countries = {places[code].country for code in readings(fact) if code in places} & set(Country.values)
        if len(countries) == 1:
            filled.put({"accepted_origins": sorted(countries)}, spoken.words_of(fact))
        else:
            filled.kept.append(spoken.words_of(fact))


def _fill_window(spoken: Spoken, filled: Filled, kind: str) -> None:
    first, last = WINDOWS[kind]
    for fact in spoken.of("window"):
        options = [Option(shown_window(one), _window_values(one, first, last)) for one in readings(fact)]
        at = last if all(one.first is None for one in readings(fact)) else first
        filled.put_or_ask(at, spoken.words_of(fact), options)


def _window_values(window: Window, first: str, last: str) -> dict[str, date]:
    values = {first: window.first, last: window.last}
    return {name: day for name, day in values.items() if day}


def shown_window(window: Window) -> str:
    if window.first and window.last:
        return figures.days(window.first, window.last)
    if window.last:
        return _("until %(day)s") % {"day": figures.written_day(window.last)}
    return _("from %(day)s") % {"day": figures.written_day(window.first)}


def _fill_payment(spoken: Spoken, filled: Filled) -> None:
    """Several terms that are clear are all accepted; one that is not is asked."""
    facts = spoken.of("payment")
    clear = [fact for fact in facts if not fact.is_question and fact.value in PaymentTerm.values]
    if clear:
        terms = list(dict.fromkeys(fact.value for fact in clear))
        filled.put({"payment_terms": terms}, spoken.words_of(*clear))
    for fact in facts:
        if fact.is_question:
            options = [Option(str(PaymentTerm(code).label), {"payment_terms": [code]}) for code in fact.alternatives]
            filled.put_or_ask("payment_terms", spoken.words_of(fact), options)


def _fill_weight(spoken: Spoken, filled: Filled) -> None:
    """Net or with glaze, and how much glaze. Gross weight is neither: the question stays."""
    for fact in spoken.of("weight_basis"):
        if fact.value in ("net", "glazed"):
            filled.put({"weight_basis": fact.value}, spoken.words_of(fact))
        else:
            filled.kept.append(spoken.words_of(fact))
    for fact in spoken.of("glaze"):
        if fact.is_question:
            filled.kept.append(spoken.words_of(fact))
            continue
        filled.shares.append((replace(fact.value, of="glaze"), spoken.words_of(fact)))
        ends = {fact.value.low, fact.value.high} - {None}
        if filled.values.get("weight_basis") == "glazed" and len(ends) == 1:
            filled.put({"glaze_percent": ends.pop()}, spoken.words_of(fact))


def _keep_share(spoken: Spoken, filled: Filled, fact: Fact) -> None:
    """A percentage waits for the goods, whose parameters it may be of; with two readings it is told, and not taken."""
    if fact.is_question:
        filled.kept.append(spoken.words_of(fact))
    else:
        filled.shares.append((fact.value, spoken.words_of(fact)))


def _fill_lead_days(spoken: Spoken, filled: Filled) -> None:
    for fact in spoken.of("lead_days"):
        options = [Option(str(days), {"lead_days": days}) for days in readings(fact)]
        filled.put_or_ask("lead_days", spoken.words_of(fact), options)
