"""One rule of one pair in words: what the buyer asks, what the seller can, and how they compare.

`facts` of a rule is what a run stored for the pair under the rule's code (`matching/services/facts.py`). A key that is
missing or None is a fact that is not known. Days are ISO dates.

    rule          facts
    sides         origin, destination (country codes), is_same_company, is_open, accepts_origin
    commodity     accepted: names of what the need accepts, offered: name of the capacity's goods (added by the page)
    parameters    list of: key, unit, answer, asked_low, asked_high or asked_values; where stated: offered_low,
                  offered_high or offered_values, is_choice
    certificates  list of: kind, state (1 held and checked, 0 not known, -1 stated not held), valid_from, valid_until,
                  answer
    law           seller, buyer, voluntary: lists as for certificates
    time          as_of, window_from, window_until, available_from, available_until, lead_days, first_ship, last_ship,
                  days_low, days_high, first_day, last_day
    quantity      demanded_kg, smallest_share_kg, best_month_kg, smallest_kg, lot_kg, multiple_kg, movable_kg
    price         ask_usd_per_t, limit_usd_per_t, landed_low_usd_per_t, landed_high_usd_per_t, landed_at_least_usd_per_t
    payment       buyer, seller: lists of terms
    standing      buyer_is_active, seller_is_active; buyer_screening, seller_screening (1 clear, 0 not screened,
                  -1 refused)
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from matching.texts import figures
from matching.texts.names import ANSWER_NAMES, BY_CODE, RULE_NAMES, Names, country, term

# Signs that the shipped typeface draws. More and less stand between two figures only: kilograms, prices.
UNKNOWN_SIGN = "?"
FAILS = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True)
class Line:
    """One of several things a rule compares: a parameter, a certificate."""

    need_fact: str
    capacity_fact: str
    sign: str
    answer: int


@dataclass(frozen=True)
class Verdict:
    """What stands in one row of "Why do they fit?": the need's fact, a sign, the capacity's fact."""

    title: str
    need_fact: str
    capacity_fact: str
    sign: str  # = or its like; see look.md
    note: str  # what else the reader should know, often empty
    answer: int
    word: str  # the answer in words
    lines: tuple[Line, ...] = ()  # where the rule compares several things, each of them


def explain(rule: str, answer: int, facts, names: Names = BY_CODE) -> Verdict:
    """The verdict of one rule in words, in the active language.

    Raises KeyError for a rule or an answer that the engine does not know.
    """
    title, word = str(RULE_NAMES[rule]), str(ANSWER_NAMES[answer])
    said = _SAYERS[rule](answer, facts or {}, names)
    if isinstance(said, list):
        lines = tuple(said)
        need_fact = "; ".join(line.need_fact for line in lines)
        capacity_fact = "; ".join(line.capacity_fact for line in lines)
        if not lines:
            need_fact, capacity_fact = _nothing(rule)
        return Verdict(title, need_fact, capacity_fact, _sign("=", FAILS, answer), "", answer, word, lines)
    need_fact, capacity_fact, sign, note = said
    return Verdict(title, need_fact, capacity_fact, sign, note, answer, word)


def _nothing(rule: str) -> tuple[str, str]:
    """What a rule says that compared nothing. The law of a lane asks for more than what may refuse a pair."""
    if rule == "law":
        return _("no paper that is sure enough to refuse a pair"), _("other papers are listed below")
    return _("nothing asked"), _("nothing to show")


def _sign(passes: str, fails: str, answer: int) -> str:
    return {1: passes, 0: UNKNOWN_SIGN, -1: fails}[answer]


def _or_unknown(fact: str | None) -> str:
    return fact or _("not known")


def _sides(answer: int, facts: dict, names: Names) -> tuple[str, str, str, str]:
    origin, destination = (_or_unknown(country(facts.get(end, ""))) for end in ("origin", "destination"))
    accepts = (
        _("accepts goods from %(country)s") if facts.get("accepts_origin", True) else _("no goods from %(country)s")
    )
    note = ""
    if facts.get("is_same_company"):
        note = _("Both listings are of the same company.")
    elif not facts.get("is_open", True):
        note = _("The corridor from %(origin)s to %(destination)s is not open.") % {
            "origin": origin,
            "destination": destination,
        }
    need_fact = _("%(country)s; %(accepts)s") % {"country": destination, "accepts": accepts % {"country": origin}}
    return need_fact, origin, _sign("=", FAILS, answer), note


def _commodity(answer: int, facts: dict, names: Names) -> tuple[str, str, str, str]:
    note = _("The offer is wider than what is asked for.") if answer == 0 else ""
    accepted, offered = figures.any_of(facts.get("accepted") or []), facts.get("offered")
    return _or_unknown(accepted), _or_unknown(offered), _sign("=", FAILS, answer), note


def _parameters(answer: int, facts: list, names: Names) -> list[Line]:
    lines = []
    for entry in facts:
        label = names.parameter(entry["key"], entry.get("unit"))
        asked, offered = (_of_parameter(entry, name, names) for name in ("asked", "offered"))
        if entry.get("is_choice"):
            offered = _("%(offered)s, as the buyer chooses") % {"offered": offered}
        sign = _sign("=", FAILS, entry["answer"])
        lines.append(Line(f"{label}: {asked}", f"{label}: {offered}", sign, entry["answer"]))
    return lines


def _of_parameter(entry: dict, name: str, names: Names) -> str:
    values = entry.get(f"{name}_values")
    if values is not None:
        return figures.any_of(names.value(value) for value in values)
    return figures.spread(entry.get(f"{name}_low"), entry.get(f"{name}_high"), entry.get("unit", ""))


def _certificates(answer: int, facts: list, names: Names) -> list[Line]:
    return [_paper(entry, names, names.certificate(entry["kind"]), None) for entry in facts]


def _law(answer: int, facts: dict, names: Names) -> list[Line]:
    sellers = [
        _paper(entry, names, _("%(paper)s, of the seller") % {"paper": names.certificate(entry["kind"])}, None)
        for entry in facts.get("seller", [])
    ]
    buyers = [
        _paper(entry, names, _("%(paper)s, of the buyer") % {"paper": names.certificate(entry["kind"])}, True)
        for entry in facts.get("buyer", [])
    ]
    return sellers + buyers


def _paper(entry: dict, names: Names, asked: str, is_buyers: bool | None) -> Line:
    """What the other side or the law asks on the left, what the holder has on the right."""
    held = held_words(entry)
    if is_buyers:
        held = _("the buyer: %(held)s") % {"held": held}
    return Line(asked, held, _sign("=", FAILS, entry["answer"]), entry["answer"])


def held_words(entry: dict) -> str:
    if entry["state"] < 0:
        return _("stated not held")
    if entry["state"] == 0:
        return _("not checked or not stated")
    if entry["answer"] < 0:
        return _("held, but valid %(period)s") % {"period": figures.period(entry["valid_from"], entry["valid_until"])}
    if entry.get("valid_until"):
        return _("held and checked, valid until %(day)s") % {"day": figures.day(entry["valid_until"])}
    return _("held and checked")


def _time(answer: int, facts: dict, names: Names) -> tuple[str, str, str, str]:
    need_fact = _("delivery %(period)s") % {
        "period": figures.period(facts.get("window_from"), facts.get("window_until"))
    }
    shipping = _("shipping %(period)s") % {"period": figures.period(facts.get("first_ship"), facts.get("last_ship"))}
    if facts.get("days_high") is None:
        way = _("days under way not known")
    else:
        way = _("%(days)s under way") % {"days": figures.day_range(facts["days_low"], facts["days_high"])}
    note = ""
    if facts.get("lead_days") is None:
        note = _("How soon after the order the seller ships is not known.")
    elif answer == 1 and facts.get("first_day"):
        note = _("Arrives %(period)s.") % {"period": figures.period(facts["first_day"], facts["last_day"])}
    return need_fact, f"{shipping}; {way}", _sign("=", FAILS, answer), note


def _quantity(answer: int, facts: dict, names: Names) -> tuple[str, str, str, str]:
    need_fact = _("%(quantity)s in all") % {"quantity": figures.quantity(facts.get("demanded_kg") or 0)}
    if facts.get("smallest_share_kg"):
        share = figures.quantity(facts["smallest_share_kg"])
        need_fact += "; " + _("from one supplier at least %(quantity)s") % {"quantity": share}
    capacity_fact = _("up to %(quantity)s in a month") % {"quantity": figures.quantity(facts.get("best_month_kg") or 0)}
    if facts.get("lot_kg") is None:
        capacity_fact += "; " + _("lot not known")
    else:
        capacity_fact += "; " + _("lot %(quantity)s") % {"quantity": figures.quantity(facts["lot_kg"])}
    if facts.get("multiple_kg"):
        capacity_fact += "; " + _("in steps of %(quantity)s") % {"quantity": figures.quantity(facts["multiple_kg"])}
    if answer == -1:
        missing = (facts.get("smallest_kg") or 0) - (facts.get("best_month_kg") or 0)
        note = _("%(quantity)s are missing in the best month.") % {"quantity": figures.quantity(missing)}
    else:
        note = _("%(quantity)s can move.") % {"quantity": figures.quantity(facts.get("movable_kg") or 0)}
    return need_fact, capacity_fact, _sign("≤", ">", answer), note


def _price(answer: int, facts: dict, names: Names) -> tuple[str, str, str, str]:
    limit, low, high = (facts.get(f"{name}_usd_per_t") for name in ("limit", "landed_low", "landed_high"))
    at_least = facts.get("landed_at_least_usd_per_t")
    need_fact = _or_unknown(None if limit is None else _("limit %(price)s") % {"price": figures.price(limit)})
    if low is not None and high is not None:
        capacity_fact = _("lands at %(price)s") % {"price": figures.price(low, high)}
    elif at_least is not None:
        capacity_fact = _("lands at %(price)s at least") % {"price": figures.price(at_least)}
    else:
        capacity_fact = _("landed cost not known")
    return need_fact, capacity_fact, _sign("≥", "<", answer), _price_note(answer, limit, low, high, at_least)


def _price_note(answer: int, limit, low, high, at_least) -> str:
    if not limit:
        return ""
    if answer == 1 and high is not None:
        words, distance = _("%(price)s (%(percent)s) below the limit."), limit - high
    elif answer == -1:
        words, distance = _("%(price)s (%(percent)s) above the limit."), (at_least if low is None else low) - limit
    else:
        return ""
    return words % {"price": figures.price(round(distance, 2)), "percent": figures.percent(100 * distance / limit)}


def _payment(answer: int, facts: dict, names: Names) -> tuple[str, str, str, str]:
    buyer, seller = (figures.any_of(term(code) for code in facts.get(side) or []) for side in ("buyer", "seller"))
    common = [term(code) for code in facts.get("buyer") or [] if code in (facts.get("seller") or [])]
    note = _("Both accept: %(terms)s.") % {"terms": figures.any_of(common)} if common else ""
    return buyer or _("not stated"), seller or _("not stated"), _sign("=", FAILS, answer), note


def _standing(answer: int, facts: dict, names: Names) -> tuple[str, str, str, str]:
    return _of_company(facts, "buyer"), _of_company(facts, "seller"), _sign("=", FAILS, answer), ""


def _of_company(facts: dict, side: str) -> str:
    active = _("active") if facts.get(f"{side}_is_active") else _("not active")
    screening = {1: _("screening clear"), 0: _("not screened"), -1: _("screening refused")}
    return f"{active}; {screening[facts.get(f'{side}_screening') or 0]}"


_SAYERS = {
    "sides": _sides,
    "commodity": _commodity,
    "parameters": _parameters,
    "certificates": _certificates,
    "law": _law,
    "time": _time,
    "quantity": _quantity,
    "price": _price,
    "payment": _payment,
    "standing": _standing,
}
