"""The three ways a form of a listing begins: from one's own words, from a listing that stands, from what was typed."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from itertools import product
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import get_language

from commodities.facts import FALLBACKS
from companies.facts import Node
from companies.faults import Refusal
from companies.forms.listings.base import ListingForm
from companies.forms.listings.goods import Offered, Suggested, read_offered, suggested, values_of_listing
from companies.forms.listings.kinds import FORMS
from companies.listing_states import DAYS, Listing, kind_of
from companies.models import Company, Need
from companies.own_words import read_listing
from companies.own_words.prefill import Filled, prefill
from companies.services.locking import version
from companies.weights import net_of_glaze, weigh
from corridor.models import Place

SAME = (
    "own_words",
    "period",
    "unit_kg",
    "weight_basis",
    "glaze_percent",
    "price_unit",
    "incoterm",
    "payment_terms",
    "valid_until",
    "reference",
)
OF_NEED = ("destination_id", "named_place_id", "window_from", "window_until", "price_basis")
OF_CAPACITY = ("place_id", "available_from", "available_until", "lead_days", "packaging", "net_kg_per_transport_unit")


def form_from_words(company: Company, kind: str, text: str) -> ListingForm:
    """What can be read is filled in, what can be read in two ways is asked, and the goods are looked for."""
    filled = read_words(text, kind)
    found = suggested(filled.goods, for_need=kind == "need")
    goods = FORMS[kind].goods_field
    initial = fresh() | {"own_words": text, "reads": "1" if text else "", "looked": filled.goods}
    if found.sure:
        initial[goods] = [found.sure] if kind == "need" else found.sure
    form = FORMS[kind](company=company, offered=found.offered, filled=filled, initial=initial)
    form.goods_words, form.not_understood = filled.goods, not_understood(filled.goods, found, form)
    return form


def form_again(company: Company, kind: str, data: Mapping, *, stands: Listing | None = None) -> ListingForm:
    """What was typed, with what was read before it: the same words say the same. `stands` is what is edited."""
    text = data.get("own_words", "").replace("\r\n", "\n")
    filled = read_words(text, kind) if data.get("reads") else Filled()
    offered = read_offered(data.get("offered", ""))
    form = FORMS[kind](data, company=company, offered=offered, filled=filled, stands=stands)
    form.goods_words = filled.goods
    return form


def form_looked_again(company: Company, kind: str, data: Mapping, *, stands: Listing | None = None) -> ListingForm:
    """Other words for the goods: what they find stands first, what is ticked stays ticked, all else stays typed."""
    data = data.copy()
    words = "".join(letter for letter in data.get("look", "").strip()[:200] if letter.isprintable())
    found = suggested(words, for_need=kind == "need")
    goods = FORMS[kind].goods_field
    if found.offered:
        ticked = [Offered(value) for value in data.getlist(goods) if value]
        offered = list({one.value: one for one in [*found.offered, *ticked]}.values())
        data["offered"] = " ".join(str(one) for one in offered)
        data["look"], data["looked"] = "", words
    form = form_again(company, kind, data, stands=stands)
    form.found_nothing = "" if found.offered else words
    return form


def prefilled_from(listing: Listing) -> dict[str, Any]:
    """The initial values of the form from a listing that stands, by the names of its fields."""
    kind = kind_of(listing)
    values: dict[str, Any] = {name: getattr(listing, name) for name in SAME}
    of_kind = OF_NEED if kind == "need" else OF_CAPACITY
    values |= {name.removesuffix("_id"): getattr(listing, name) for name in of_kind}
    values |= {
        "quantity": plain(listing.quantity_typed),
        "unit": listing.quantity_unit,
        "price": plain(listing.price_amount),
        "currency": listing.price_currency,
        "unit_kg": plain(listing.unit_kg),
        "glaze_percent": plain(listing.glaze_percent),
        FORMS[kind].goods_field: values_of_listing(listing),
    }
    if kind == "need":
        values["smallest_share"] = in_typed_unit(listing, listing.smallest_share_kg)
        values["certificates"] = [str(pk) for pk in listing.required_certificates.values_list("pk", flat=True)]
        values["accepted_origins"], values["excluded_origins"] = listing.accepted_origins, listing.excluded_origins
    else:
        held = listing.own_certificates.exclude(state="not_held").values_list("kind_id", flat=True)
        values[FORMS[kind].goods_field] = values[FORMS[kind].goods_field][0]
        values["lot"] = in_typed_unit(listing, listing.lot_kg)
        values["lot_multiple"] = in_typed_unit(listing, listing.lot_multiple_kg)
        values["origin_country"], values["certificates"] = listing.origin_country, [str(pk) for pk in held]
    for one in listing.parameters.all():
        name = f"p{one.parameter_id}"
        values |= {f"{name}_low": plain(one.low), f"{name}_high": plain(one.high), f"{name}_values": one.values}
    return values


def form_of(listing: Listing) -> ListingForm:
    """The form to edit a listing with."""
    initial = prefilled_from(listing) | {"seen_at": version(listing)}
    if initial["valid_until"] is None:
        del initial["valid_until"]
    return _begun(listing, initial, stands=listing)


def form_of_copy(listing: Listing) -> ListingForm:
    """A new listing that begins with the facts of another; days that are over are not taken along, nor its number."""
    initial = prefilled_from(listing) | fresh() | {"made_from": listing.pk, "reference": ""}
    today, kind = timezone.localdate(), kind_of(listing)
    if getattr(listing, DAYS[kind][1]) < today:
        for name in DAYS[kind]:
            del initial[name]
    elif getattr(listing, DAYS[kind][0]) < today:
        initial[DAYS[kind][0]] = today
    del initial["valid_until"]
    return _begun(listing, initial)


def _begun(listing: Listing, initial: dict[str, Any], stands: Listing | None = None) -> ListingForm:
    """A form that begins with stored facts; lists of values that have no boxes are written with commas."""
    kind = kind_of(listing)
    chosen = initial[FORMS[kind].goods_field]
    offered = [Offered(value) for value in ([chosen] if isinstance(chosen, str) else chosen)]
    form = FORMS[kind](company=listing.company, offered=offered, initial=initial, stands=stands)
    for name, field in form.fields.items():
        if name.endswith("_values") and not hasattr(field, "choices"):
            form.initial[name] = ", ".join(initial.get(name) or [])
    return form


def fresh() -> dict[str, Any]:
    """What makes a page one page: sent twice, it is one listing."""
    return {"sent_as": uuid4()}


def read_words(text: str, kind: str) -> Filled:
    places = {place.code: place for place in Place.objects.all()}
    names = {code: [getattr(place, f"name_{language}") for language in FALLBACKS] for code, place in places.items()}
    language = (get_language() or "en")[:2]
    return prefill(text, read_listing(text, language, names, today=timezone.localdate()), kind, places)


def not_understood(goods: str, found: Suggested, form: ListingForm) -> list[str]:
    """The words of the goods that nothing was read from: neither a kind of goods nor a property of them."""
    of_goods = {"certificates", *(name for use in form.uses for name in use.names)}
    used = " ".join(source.words.lower() for name, source in form.filled.sources.items() if name in of_goods)
    used += " ".join(question.words.lower() for question in form.filled.questions)
    words = [word.strip("()[]{}.,;:!?\"'«»“”") for word in goods.split()]
    left = [word for word in words if word and word.lower() not in found.words and word.lower() not in used]
    return [*left, *form.filled.unknown]


def plain(number):
    """40 and not 40.000."""
    if number is None:
        return None
    return number.quantize(1) if number == number.to_integral_value() else number.normalize()


def in_typed_unit(listing: Listing, kilograms: int | None) -> Decimal | None:
    """The roundest amount, in the unit in which the quantity was typed, that comes to these kilograms.

    Kilograms were rounded down when the ice or the weight of a bag was taken into account. Read back without care, what
    nobody touched would be refused, or shrink with every edit.
    """
    if kilograms is None:
        return None
    exact, node = listing.quantity_typed * kilograms / listing.quantity_kg, principal_of(listing)
    for digits, rounding in product(range(4), (ROUND_HALF_EVEN, ROUND_CEILING)):
        amount = exact.quantize(Decimal(1).scaleb(-digits), rounding)
        if comes_to(amount, listing, node) == kilograms:
            return plain(amount)
    amount = exact.quantize(listing.quantity_typed)
    return plain(amount) if isinstance(listing, Need) or amount else None


def principal_of(listing: Listing) -> Node:
    """The goods by whose weight its units are counted."""
    if not isinstance(listing, Need):
        return listing.commodity
    first = listing.accepted.select_related("commodity", "group").first()
    return first.commodity or first.group


def comes_to(amount: Decimal, listing: Listing, node: Node) -> int | None:
    """Its net kilograms by the unit and the glaze of the listing; None where it cannot be weighed."""
    try:
        return net_of_glaze(weigh(amount, listing.quantity_unit, node, listing.unit_kg), listing.glaze_percent)
    except Refusal:
        return None
