"""What the fields of what is kept are called, and how values that belong together are said together."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts import figures

LABELS: dict[str, Promise] = {
    # Companies and what was checked about them
    "kind": gettext_lazy("kind"),
    "code": gettext_lazy("code"),
    "name_registered": gettext_lazy("registered name"),
    "name_latin": gettext_lazy("name in Latin letters"),
    "name_short": gettext_lazy("short name"),
    "country": gettext_lazy("country"),
    "registration_number": gettext_lazy("registration number"),
    "legal_form": gettext_lazy("legal form"),
    "tax_number": gettext_lazy("tax number"),
    "activities": gettext_lazy("what it does with goods"),
    "region": gettext_lazy("region"),
    "place": gettext_lazy("place"),
    "first_mile_km": gettext_lazy("kilometres to the nearest place"),
    "city": gettext_lazy("town"),
    "sectors": gettext_lazy("sectors"),
    "size": gettext_lazy("size"),
    "languages": gettext_lazy("languages"),
    "website": gettext_lazy("website"),
    "role_mailbox": gettext_lazy("mailbox of the company"),
    "switchboard": gettext_lazy("switchboard"),
    "description": gettext_lazy("description"),
    "status": gettext_lazy("status"),
    "status_reason": gettext_lazy("reason of the status"),
    "screening": gettext_lazy("screening"),
    "screening_note": gettext_lazy("note on the screening"),
    "is_hidden": gettext_lazy("kept off every page"),
    "merged_into": gettext_lazy("merged into"),
    "source": gettext_lazy("source"),
    "confidence": gettext_lazy("confidence"),
    "company": gettext_lazy("company"),
    "user": gettext_lazy("person"),
    "role": gettext_lazy("role"),
    "checked_on": gettext_lazy("checked on"),
    "checked_by": gettext_lazy("checked by"),
    "note": gettext_lazy("note"),
    "state": gettext_lazy("state"),
    "number": gettext_lazy("number"),
    "issuer": gettext_lazy("issuer"),
    "scope": gettext_lazy("scope"),
    "valid_from+valid_until": gettext_lazy("valid"),
    "wording": gettext_lazy("version of the words agreed to"),
    "countries": gettext_lazy("countries"),
    "given_on": gettext_lazy("given on"),
    "recorded_by": gettext_lazy("recorded by"),
    "withdrawn_at": gettext_lazy("withdrawn"),
    "reason": gettext_lazy("reason"),
    "began_at": gettext_lazy("began"),
    "ended_at": gettext_lazy("ended"),
    "stays": gettext_lazy("entry that stays"),
    "goes": gettext_lazy("entry that goes"),
    "merged_by": gettext_lazy("merged by"),
    "merged_at": gettext_lazy("merged"),
    "undone_by": gettext_lazy("undone by"),
    "undone_at": gettext_lazy("undone"),
    "submitted_at": gettext_lazy("sent to be verified"),
    # Needs and capacities
    "reference": gettext_lazy("reference"),
    "own_words": gettext_lazy("own words"),
    "language": gettext_lazy("language"),
    "quantity_kg": gettext_lazy("quantity"),
    "quantity_typed+quantity_unit": gettext_lazy("quantity as typed"),
    "unit_kg": gettext_lazy("what one of them weighs"),
    "weight_basis": gettext_lazy("net weight or weight with glaze"),
    "glaze_percent": gettext_lazy("glaze"),
    "made_from": gettext_lazy("copied or renewed from"),
    "period": gettext_lazy("how often"),
    "price_amount+price_currency+price_unit": gettext_lazy("price"),
    "price_basis": gettext_lazy("what the price covers"),
    "incoterm": gettext_lazy("Incoterm"),
    "named_place": gettext_lazy("place of the Incoterm"),
    "payment_terms": gettext_lazy("terms of payment"),
    "valid_until": gettext_lazy("valid until"),
    "smallest_share_kg": gettext_lazy("smallest share from one supplier"),
    "Need.destination": gettext_lazy("place of delivery"),
    "window_from+window_until": gettext_lazy("delivery"),
    "accepted_origins": gettext_lazy("accepted origins"),
    "excluded_origins": gettext_lazy("excluded origins"),
    "commodity": gettext_lazy("goods"),
    "group": gettext_lazy("group of goods"),
    "position": gettext_lazy("position"),
    "certificatekind": gettext_lazy("certificate asked for"),
    "origin_country": gettext_lazy("country of origin"),
    "lot_kg": gettext_lazy("lot"),
    "lot_multiple_kg": gettext_lazy("multiple of the lot"),
    "packaging": gettext_lazy("packaging"),
    "net_kg_per_transport_unit": gettext_lazy("net weight of a transport unit"),
    "available_from+available_until": gettext_lazy("available"),
    "lead_days": gettext_lazy("days from order to shipment"),
    "low+high+values": gettext_lazy("range or values"),
    # Decisions, weights, people
    "decided_by": gettext_lazy("decided by"),
    "decided_at": gettext_lazy("decided"),
    "result": gettext_lazy("on the facts of"),
    "batch": gettext_lazy("with others at once"),
    "promoted_from": gettext_lazy("taken over from run"),
    "version": gettext_lazy("version"),
    "values": gettext_lazy("values"),
    "changed_by": gettext_lazy("changed by"),
    "is_active": gettext_lazy("may sign in"),
    "is_superuser": gettext_lazy("has every right"),
    "is_sample": gettext_lazy("sample person"),
    "letters": gettext_lazy("notices by mail"),
    "type": gettext_lazy("second factor"),
    "erased_at": gettext_lazy("erased"),
    # Ways, rates, duties
    "origin": gettext_lazy("origin"),
    "destination": gettext_lazy("destination"),
    "is_enabled": pgettext_lazy("a corridor", "open"),
    "mode": gettext_lazy("by"),
    "transit_days_low+transit_days_high": gettext_lazy("days on the way"),
    "parts": gettext_lazy("legs it consists of"),
    "leg": gettext_lazy("leg of a route"),
    "equipment": gettext_lazy("equipment"),
    "amount+currency+per": gettext_lazy("price"),
    "basis": gettext_lazy("what the price covers"),
    "given_by": gettext_lazy("given by"),
    "entered_by": gettext_lazy("entered by"),
    "cover": gettext_lazy("cover"),
    "percent_low": gettext_lazy("percent at least"),
    "percent_high": gettext_lazy("percent at most"),
    "scheme": gettext_lazy("preference"),
    "in_force_from": gettext_lazy("in force from"),
    "legal_reference": gettext_lazy("legal reference"),
    "switched_by": gettext_lazy("switched by"),
    "switched_at": gettext_lazy("switched"),
    "is_open": gettext_lazy("open"),
    "from_day": gettext_lazy("from"),
    "until": gettext_lazy("until"),
    "packing_up_to_kg": gettext_lazy("packing up to"),
    "packing_over_kg": gettext_lazy("packing over"),
    "on": gettext_lazy("day of the rate"),
    "currency": gettext_lazy("currency"),
    "usd_per_unit": gettext_lazy("US dollars for one unit"),
    "distance_km": gettext_lazy("kilometres"),
    "distance_method": gettext_lazy("how the distance is known"),
    "transit_method": gettext_lazy("how the days are known"),
    "is_bidirectional": gettext_lazy("both ways"),
    "hs6": gettext_lazy("HS code"),
    "national_code": gettext_lazy("national code"),
    "market": gettext_lazy("market"),
    "market_scope": gettext_lazy("scope of the market"),
    "measure": gettext_lazy("measure"),
    "ad_valorem_pct": gettext_lazy("percent of the value"),
    "specific_eur": gettext_lazy("euros for a unit"),
    "specific_unit": gettext_lazy("unit of the specific rate"),
    "specific_rule": gettext_lazy("rule of the specific rate"),
    "specific_usd_per_t": gettext_lazy("US dollars for a tonne"),
    "rate_text": gettext_lazy("rate as printed"),
    "condition": gettext_lazy("condition"),
    "preference_scheme": gettext_lazy("preference"),
    "preference_status": gettext_lazy("state of the preference"),
    "preference_pct": gettext_lazy("percent under the preference"),
    "relevance": gettext_lazy("relevance"),
    "valid_from+valid_to": gettext_lazy("valid"),
    "source_date": gettext_lazy("day of the source"),
    "line_note": gettext_lazy("note"),
    "is_usual": gettext_lazy("usual line"),
    "tariff": gettext_lazy("line of the tariff"),
    "chosen_by": gettext_lazy("picked by"),
    "chosen_at": gettext_lazy("picked"),
}


def label_of(model: type, key: str) -> str:
    """What a field, or several that say one thing, are called; some models have a word of their own for it."""
    return str(LABELS.get(f"{model.__name__}.{key}") or LABELS[key])


def price(row) -> str:
    if row.price_amount is None:
        return ""
    return figures.measured(figures.price(row.price_amount), f"{row.price_currency}/{row.price_unit}")


def typed(row) -> str:
    unit = row._meta.get_field("quantity_unit").flatchoices
    return figures.measured(figures.shortest(row.quantity_typed), str(dict(unit)[row.quantity_unit]))


def spell(first: str, last: str) -> Callable[[object], str]:
    """From a day to a day, either of which may not be stated."""

    def said(row) -> str:
        begins, ends = getattr(row, first), getattr(row, last)
        if begins and ends:
            return figures.days(begins, ends)
        if begins:
            return _("from %(day)s") % {"day": figures.day(begins)}
        return _("until %(day)s") % {"day": figures.day(ends)} if ends else ""

    return said


def quoted(row) -> str:
    per = dict(row._meta.get_field("per").flatchoices)[row.per]
    return _("%(amount)s %(currency)s, %(per)s") % {
        "amount": figures.price(row.amount),
        "currency": row.currency,
        "per": per,
    }


def transit(row) -> str:
    low, high = row.transit_days_low, row.transit_days_high
    if low is None or high is None:
        return ""
    days = figures.span(figures.decimal(low), figures.decimal(high))
    return ngettext("%(days)s day", "%(days)s days", high) % {"days": days}


def range_or_values(row) -> str:
    """What a parameter may be: from - to, at least, at most, or one of some values."""
    if row.values:
        return ", ".join(row.values)
    if row.low is None:
        return _("at most %(value)s") % {"value": figures.shortest(row.high)}
    if row.high is None:
        return _("at least %(value)s") % {"value": figures.shortest(row.low)}
    return figures.span(figures.shortest(row.low), figures.shortest(row.high))


# Fields that say one thing only together.
TOGETHER: dict[str, Callable[[object], str]] = {
    "price_amount+price_currency+price_unit": price,
    "quantity_typed+quantity_unit": typed,
    "window_from+window_until": spell("window_from", "window_until"),
    "available_from+available_until": spell("available_from", "available_until"),
    "valid_from+valid_until": spell("valid_from", "valid_until"),
    "valid_from+valid_to": spell("valid_from", "valid_to"),
    "low+high+values": range_or_values,
    "transit_days_low+transit_days_high": transit,
    "amount+currency+per": quoted,
}
