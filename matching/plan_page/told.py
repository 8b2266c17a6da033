"""Rows of a plan in words: why a rest is left and what to do next, what one more tonne is worth."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import figures
from companies.models import Capacity, Need
from companies.templatetags.companies_words import for_reader
from matching.enums import Rest
from matching.models import PlanFlow, PlanLine
from matching.names import reader_names
from matching.plan_page.loaded import by_number, loaded_flows, loaded_lines
from matching.texts import RULE_NAMES, near_miss

RULE_OF = {Rest.SCARCE: "quantity", Rest.LOTS: "quantity", Rest.MONTHS: "time", Rest.NOBODY: "commodity"}


def largest_flows(flows: QuerySet[PlanFlow], most: int) -> list[PlanFlow]:
    return loaded_flows(by_number(flows.order_by("-quantity_kg", "pk"))[:most])


def largest_rests(lines: QuerySet[PlanLine], most: int) -> QuerySet[PlanLine]:
    return by_number(lines.filter(left_kg__gt=0).order_by("-left_kg", "pk"))[:most]


def dearest_lines(lines: QuerySet[PlanLine], most: int) -> QuerySet[PlanLine]:
    """The listings of which one more tonne would be worth most."""
    return by_number(lines.filter(price_ppm__gt=0).order_by("-price_ppm", "-left_kg", "pk"))[:most]


def told_together(*groups: Iterable[PlanLine]) -> list[list[PlanLine]]:
    """Several short lists in words, with the questions to the database of one."""
    numbers = [[row.pk for row in group] for group in groups]
    every = [PlanLine(pk=pk) for pk in dict.fromkeys(pk for group in numbers for pk in group)]
    found = {row.pk: row for row in told_lines(loaded_lines(every))}
    return [[found[pk] for pk in group if pk in found] for group in numbers]


def told_lines(lines: Iterable[PlanLine]) -> list[PlanLine]:
    """Lines with their goods, the rule that binds, a sentence, and the next step."""
    rows, names = list(lines), reader_names()
    partners = {
        "need": partners_of(Need, (row.why for row in rows), "need"),
        "capacity": partners_of(Capacity, (row.why for row in rows), "capacity"),
    }
    codes = goods_told(rows)
    for row in rows:
        row.side = "need" if row.need_id else "capacity"
        row.listing = row.need or row.capacity
        row.goods = goods_of(row)
        row.place = row.listing.destination if row.need_id else row.listing.place
        row.rule = rule_of(row)
        row.sentence = sentence_of(row, partners, names)
        row.step_url, row.step = step_of(row, codes)
    return rows


def partners_of(model: type[Need] | type[Capacity], told: Iterable[dict | None], side: str) -> dict[int, str]:
    """What the other listings of a rest are called; those of hidden companies are not named."""
    ids = {why[side] for why in told if why and side in why}
    rows = model.objects.filter(pk__in=ids, company__is_hidden=False).select_related("company")
    return {row.pk: for_reader(row.company) for row in rows}


def goods_told(rows: Iterable[PlanLine]) -> dict[int, str]:
    """The goods of the capacities that the rests of needs are told by."""
    ids = {row.why["capacity"] for row in rows if row.need_id and row.why and "capacity" in row.why}
    return dict(Capacity.objects.filter(pk__in=ids).values_list("pk", "commodity__code"))


def goods_to_look_at(row: PlanLine, codes: dict[int, str]) -> dict[str, str]:
    """Of a need those of the capacity it is told by, for it may accept many; of a whole group no goods at all."""
    code = codes.get((row.why or {}).get("capacity")) if row.need_id else None
    accepted = list(row.need.accepted.all()) if row.need_id else []
    if not code and row.commodity and not (accepted and accepted[0].group_id):
        code = row.commodity.code
    return {"commodity": code} if code else {}


def goods_of(row: PlanLine) -> str:
    accepted = list(row.need.accepted.all()) if row.need else []
    return accepted[0].name if accepted else row.commodity.name


def rule_of(row: PlanLine) -> str:
    """The rule that binds, by its name."""
    if row.rest == Rest.NEAR:
        return str(RULE_NAMES[row.why["rule"]])
    if row.rest == Rest.FAR:
        return _("Several rules")
    if row.rest == Rest.BANNED:
        return _("Instruction of staff")
    return str(RULE_NAMES[RULE_OF[row.rest]]) if row.rest else ""


def sentence_of(row: PlanLine, partners: dict[str, dict[int, str]], names) -> str:
    why, is_need = row.why or {}, row.side == "need"
    partner = partners["capacity" if is_need else "need"].get(why.get("capacity" if is_need else "need"))
    rival = partners[row.side].get(why.get(row.side))
    if row.rest == Rest.NEAR:
        change = near_miss(why["rule"], why["side"], why["change"], names).sentence
        return f"{partner}: {change}" if partner else change
    if row.rest == Rest.SCARCE and partner and rival:
        words = (
            _("Every capacity that fits is given away: %(partner)s supplies %(tonnes)s t to %(other)s.")
            if is_need
            else _("Every need that fits is met: %(partner)s takes %(tonnes)s t from %(other)s.")
        )
        return words % {"partner": partner, "tonnes": figures.tonnes(why["kg"]), "other": rival}
    if row.rest == Rest.LOTS and partner:
        words = _("What is left is smaller than the smallest shipment: %(tonnes)s t with %(partner)s.")
        return words % {"tonnes": figures.tonnes(why["smallest_kg"]), "partner": partner}
    if row.rest == Rest.MONTHS and partner:
        words = _("What is left at %(partner)s lies in other months, or the shipments do not fit together.")
        return words % {"partner": partner}
    return plain_sentence(row.rest, is_need)


def plain_sentence(rest: str, is_need: bool) -> str:
    """Where no partner is to be named."""
    return {
        Rest.NONE: "",
        Rest.NOBODY: _("Nobody offers these goods.") if is_need else _("Nobody asks for these goods."),
        Rest.FAR: _("Every pair fails two rules or more."),
        Rest.BANNED: _("Staff keep every pair that fits out of the plan."),
        Rest.SCARCE: _("Every capacity that fits is given away; more is not offered.")
        if is_need
        else _("Every need that fits is met; more is not wanted."),
        Rest.LOTS: _("What is left is smaller than the smallest shipment."),
        Rest.MONTHS: _("What is left lies in other months, or the shipments do not fit together."),
    }[rest]


def step_of(row: PlanLine, codes: dict[int, str]) -> tuple[str, str]:
    """Where to go on, and what is done there."""
    goods = goods_to_look_at(row, codes)
    if row.rest == Rest.NEAR:
        return f"{reverse('matching:near-miss-list')}?{urlencode(goods | {'rule': row.why['rule']})}", _(
            "See the change"
        )
    if row.rest in (Rest.SCARCE, Rest.MONTHS):
        query = f"?{urlencode(goods)}" if goods else ""
        return f"{reverse('matching:match-list')}{query}", _("See every pair of these goods")
    if row.rest == Rest.LOTS:
        return f"{reverse('matching:plan-loads')}?run={row.run_id}", _("Look for lots to join")
    if row.rest == Rest.BANNED:
        return f"{reverse('matching:plan')}?run={row.run_id}#asked", _("See what was asked")
    page = "companies:need-detail" if row.side == "need" else "companies:capacity-detail"
    return reverse(page, args=[row.listing.pk]), _("Open the need") if row.side == "need" else _("Open the capacity")


def title_of(flow: PlanFlow) -> str:
    """A flow in one sentence, for who hovers over its ribbon."""
    return _("%(exporter)s supplies %(tonnes)s t of %(goods)s to %(importer)s") % {
        "exporter": for_reader(flow.capacity.company),
        "tonnes": figures.tonnes(flow.quantity_kg),
        "goods": flow.capacity.commodity.name,
        "importer": for_reader(flow.need.company),
    }
