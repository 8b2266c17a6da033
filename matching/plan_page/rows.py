"""The tables of a plan in the reader's words: what many rows say is worked out once for a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import figures
from accounts.lists.row_forms import RowForm, addresses
from accounts.markup import escaped, filled
from companies.templatetags.companies_words import name_in_short
from matching.enums import Rest
from matching.models import PlanFlow, PlanLine
from matching.tables.words import PairWords

FLOW_LABELS = {
    "exporter": gettext_lazy("Exporter"),
    "importer": gettext_lazy("Importer"),
    "goods": gettext_lazy("Goods"),
    "planned": gettext_lazy("Planned"),
    "shipped": gettext_lazy("Shipped"),
    "score": gettext_lazy("Score"),
    "next": gettext_lazy("Next plan"),
}
REST_LABELS = {
    "goods": gettext_lazy("Goods"),
    "rule": gettext_lazy("Rule that binds"),
    "step": gettext_lazy("Next step"),
}
OF_SIDE = {
    "need": {"listing": gettext_lazy("Need"), "left": gettext_lazy("Short")},
    "capacity": {"listing": gettext_lazy("Capacity"), "left": gettext_lazy("Left")},
}
# How a rest looks: the class of its words, and the icon before them.
LOOKS = {Rest.NEAR: ("near", "near"), Rest.SCARCE: ("unk", "lock")}
OTHER_LOOK = ("fail", "fail")


@dataclass(frozen=True)
class FlowTable:
    """What `_plan_flow_rows.html` shows."""

    labels: dict[str, Promise]
    may_ask: bool
    rows: SafeString


@dataclass(frozen=True)
class RestTable:
    """What `_plan_rest_rows.html` shows."""

    labels: dict[str, Promise]
    side: str
    rows: SafeString


# --- flows


def flow_table(flows: Iterable[PlanFlow], *, may_ask: bool) -> FlowTable:
    """Loaded flows, each with the ways to pin or ban its pair for those who may ask."""
    form = RowForm("matching/_plan_flow_row.html", {"labels": FLOW_LABELS, "may_ask": may_ask})
    words = FlowWords(may_ask=may_ask)
    return FlowTable(FLOW_LABELS, may_ask, form.filled(words.of_flow(flow) for flow in flows))


class FlowWords(PairWords):
    """Writes the cells of who supplies whom."""

    def __init__(self, *, may_ask: bool):
        super().__init__()
        self.url_of, self.ask_at = addresses("matching:match-detail"), addresses("matching:plan-instruct")
        self.keep = (_("Keep in"), _("Keep out")) if may_ask else None

    def of_flow(self, flow: PlanFlow) -> dict:
        exporter, importer = self.of_company(flow.capacity.company), self.of_company(flow.need.company)
        link, instruct = exporter["name"], ""
        if flow.match_id:
            link = filled('<a href="{}">{}</a>', self.url_of(flow.match_id), link)
            if self.keep:
                names = filled("{}, {}", exporter["name"], importer["name"])
                instruct = keep_links(self.ask_at(flow.match_id), names, self.keep)
        return {
            "link": link,
            "exporter": exporter,
            "importer": importer,
            "goods": self.of_goods(flow.capacity, flow.need),
            "planned": self.quantity(flow.quantity_kg),
            "shipped": shipped(flow),
            "delivered": delivered(flow),
            "points": self.points(flow.score_ppm),
            "keep": instruct,
        }


def keep_links(url: str, names: SafeString, keep: tuple[str, str]) -> SafeString:
    """To pin the pair, and to ban it."""
    link = '<a href="{}?kind={}">{}<span class="tm-vh">: {}</span></a>'
    return filled(link * 2, url, "pin", keep[0], names, url, "ban", keep[1], names)


def shipped(flow: PlanFlow) -> str:
    """The month of shipping, or the first and the last of several."""
    first, last = (figures.month(date.fromisoformat(flow.months[at][0])) for at in (0, -1))
    return figures.span(first, last)


def delivered(flow: PlanFlow) -> str:
    """In how many months it is shipped, and when the last part has come."""
    shipments = len({ship for ship, _deliver, _kg in flow.months})
    words = ngettext("%(number)s month, delivered by %(month)s", "%(number)s months, delivered by %(month)s", shipments)
    return words % {"number": figures.decimal(shipments), "month": figures.month(flow.last_month)}


# --- rests


def rest_table(lines: Iterable[PlanLine], side: str) -> RestTable:
    """Told lines (see `told.told_lines`) of one side: what is left, the rule that binds, and the next step."""
    labels = REST_LABELS | OF_SIDE[side]
    form = RowForm("matching/_plan_rest_row.html", {"labels": labels, "side": side})
    words = RestWords()
    return RestTable(labels, side, form.filled(words.of_line(line) for line in lines))


class RestWords(PairWords):
    """Writes the cells of what a plan leaves."""

    def __init__(self):
        super().__init__()
        self.whole = _("of %(whole)s t")
        self.icon = cache(lambda name: render_to_string("ui/_icon.html", {"name": name}))
        self.name = cache(lambda name: escaped(name_in_short(name)))
        self.url_of = {side: addresses(f"companies:{side}-detail") for side in OF_SIDE}

    def of_line(self, line: PlanLine) -> dict:
        look, icon = LOOKS.get(line.rest, OTHER_LOOK)
        change = (line.why or {}).get("change") or {}
        return {
            "url": self.url_of[line.side](line.listing.pk),
            "company": self.of_company(line.listing.company),
            "goods": self.name(line.goods),
            "place": line.place.name,
            "left": self.quantity(line.left_kg),
            "of": self.whole % {"whole": figures.tonnes(line.quantity_kg)},
            "look": look,
            "icon": self.icon(icon),
            "rule": line.rule,
            "sentence": line.sentence,
            "mark": self.mark if change.get("rests_on_examples") else "",
            "step_url": line.step_url,
            "step": line.step,
        }
