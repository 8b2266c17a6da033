"""The properties that buyer and seller of some goods compare, as fields of the form of a need or a capacity."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.reading import LineField, NumberField
from commodities.enums import ParameterKind, SpecRule
from commodities.facts import Confidence
from commodities.models import Commodity, CommodityGroup, CommodityParameter, Parameter
from commodities.texts import unit_label
from companies.facts import FARTHEST_PARAMETER, Node, StatedParameter

MOST_SHOWN = 60
AT_LEAST, AT_MOST = gettext_lazy("at least"), gettext_lazy("at most")


@dataclass
class ParameterUse:
    """One property of the goods: how it is compared, the values it may have, and what is usual, as a hint."""

    parameter: Parameter
    kind: str
    rule: str
    usual: str
    values: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"p{self.parameter.pk}"

    @property
    def is_range(self) -> bool:
        is_number = self.parameter.unit != "" or self.rule in (SpecRule.MIN, SpecRule.MAX, SpecRule.RANGE)
        return self.kind == ParameterKind.GUARANTEE and not self.values and is_number

    @property
    def names(self) -> tuple[str, ...]:
        return (f"{self.name}_low", f"{self.name}_high") if self.is_range else (f"{self.name}_values",)

    @property
    def unit(self) -> str:
        return unit_label(self.parameter.unit)

    def fields(self) -> dict[str, forms.Field]:
        """Two bounds of a range; boxes for the values the catalogue lists; else a line for values with commas."""
        if self.is_range:
            ends = {"least": -FARTHEST_PARAMETER, "most": FARTHEST_PARAMETER}
            return {
                name: NumberField(required=False, decimals=4, label=label, **ends)
                for name, label in zip(self.names, (AT_LEAST, AT_MOST), strict=True)
            }
        if self.values:
            choices = [(value, value) for value in self.values]
            boxes = forms.CheckboxSelectMultiple
            made = forms.MultipleChoiceField(required=False, choices=choices, widget=boxes, label=self.parameter.name)
        else:
            made = LineField(most=200, required=False, label=self.parameter.name)
            made.help_text = _("Several with commas between.")
        return {self.names[0]: made}

    def stated(self, cleaned: dict) -> StatedParameter | None:
        """What the form says of it; nothing where it says nothing."""
        if self.is_range:
            low, high = (cleaned.get(name) for name in self.names)
            return None if low is None and high is None else StatedParameter(self.parameter, low, high)
        typed = cleaned.get(self.names[0]) or []
        values = [part.strip()[:80] for part in typed.split(",")] if isinstance(typed, str) else typed
        values = tuple(dict.fromkeys(value for value in values if value))
        return StatedParameter(self.parameter, values=values) if values else None


def uses_of(nodes: Iterable[Node]) -> list[ParameterUse]:
    """The parameters of the goods at or below some nodes, each once, in the order of the catalogue."""
    inside = Q(pk__in=[])
    for node in nodes:
        for part in node.members.all() if isinstance(node, CommodityGroup) else [node]:
            inside |= Q(tree_lo__gte=part.tree_lo, tree_lo__lt=part.tree_hi)
    rows = CommodityParameter.objects.filter(commodity__in=Commodity.objects.filter(inside))
    merged: dict[int, ParameterUse] = {}
    for row in rows.select_related("parameter").order_by("commodity__tree_lo", "pk"):
        use = merged.setdefault(row.parameter_id, ParameterUse(row.parameter, row.kind, row.rule, usual(row)))
        use.values += [value for value in row.values if value not in use.values]
    return list(merged.values())[:MOST_SHOWN]


def usual(row: CommodityParameter) -> str:
    """What is usual for the goods, with where that stands; no rule of ours."""
    low, high = (None if end is None else figures.shortest(end) for end in (row.limit_min, row.limit_max))
    if low is None and high is None:
        return ""
    unit = unit_label(row.parameter.unit)
    if row.rule == SpecRule.MAX or low is None:
        limit = _("at most %(figure)s") % {"figure": figures.measured(high or low, unit)}
    elif row.rule == SpecRule.MIN or high is None:
        limit = _("at least %(figure)s") % {"figure": figures.measured(low, unit)}
    else:
        limit = figures.measured(figures.span(low, high), unit)
    if row.standard and row.confidence in (Confidence.VERIFIED, Confidence.SECONDARY):
        return _("Usual: %(limit)s (%(standard)s).") % {"limit": limit, "standard": row.standard}
    return _("Usual in the trade, not verified: %(limit)s.") % {"limit": limit}
