"""What a person asks about runs: which ones a list shows, what a what-if takes to be otherwise, why it is promoted."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.forms.ours import OurForm
from accounts.lists.filters import ListForm, SortedFilter
from accounts.reading import DayField, NumberField
from corridor.customs import switched_on
from corridor.preferred import known_schemes
from matching import engine
from matching.enums import RunKind, RunState
from matching.models import Weights
from matching.services.what_ifs import LEAST_PERCENT, MOST_PERCENT
from matching.texts.names import COMPONENT_NAMES

PLACES = 4  # decimals of a weight in points of 100
WHOLE = Decimal(100)
DAYS_BACK, DAYS_AHEAD = 366, 731  # how far from today the day of a what-if may lie

COMPONENT_HINTS = {
    "price": _("how far below the buyer's limit a tonne arrives"),
    "quantity": _("how much of what is wanted can move"),
    "quality": _("how well inside the asked ranges the goods are"),
    "time": _("how many days of freedom the delivery has"),
    "certificates": _("whether the papers are held and checked"),
    "logistics": _("how short the way is"),
    "trust": _("what was checked of both companies"),
}


# --- the list


class RunListForm(ListForm):
    sorts = {"number": "pk", "cut": "book_cut_at", "started": "queued_at"}
    falls_first = ("number", "cut", "started")


class RunFilter(SortedFilter):
    """Runs by kind and state; without a choice all but refreshes, of which every edit makes one."""

    default_sort = "-number"
    kind = django_filters.MultipleChoiceFilter(choices=RunKind.choices, label=_("Kind"))
    state = django_filters.MultipleChoiceFilter(choices=RunState.choices, label=_("State"))

    class Meta:
        form = RunListForm

    def narrowed(self, rows: QuerySet, names: Iterable[str]) -> QuerySet:
        if "kind" in names and not self.form.cleaned_data["kind"]:
            rows = rows.exclude(kind=RunKind.REFRESH)
        return super().narrowed(rows, names)

    def counts(self, name: str) -> dict:
        """How many runs each choice of a filter would show."""
        return dict(self.without(name).values_list(name).annotate(rows=Count("pk")))


# --- a what-if


class WhatIfRunForm(OurForm):
    """Each field that is left as it is changes nothing. It starts from what is in force."""

    freight = NumberField(
        required=False,
        decimals=1,
        least=LEAST_PERCENT,
        most=MOST_PERCENT,
        label=_("Freight changes by"),
        help_text=_("Every quote for a leg or a whole lane; -10 is a tenth cheaper. Handling stays."),
    )
    preferences = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Agreements on duties taken to be in force"),
        help_text=_("Ticked at first: those that are in force today."),
    )
    share_cap = NumberField(
        required=False,
        decimals=1,
        least=Decimal("0.1"),
        most=100,
        label=_("One company supplies at most"),
        help_text=_("Of what one need wants, so that it does not hang on one supplier. Left empty: no such limit."),
    )
    micro_floor = NumberField(
        required=False,
        decimals=1,
        most=100,
        label=_("Micro companies supply at least"),
        help_text=_(
            "Of what the plan would move without this, as far as micro companies can. Left empty: no such limit."
        ),
    )
    as_of = DayField(
        required=False,
        earliest=lambda: timezone.localdate() - timedelta(days=DAYS_BACK),
        latest=lambda: timezone.localdate() + timedelta(days=DAYS_AHEAD),
        label=_("The day taken as today"),
        help_text=_("Left empty: today. The figures of the corridor are those of that day."),
    )

    def __init__(self, data, in_force: Weights):
        self.in_force = in_force
        self.base = {name: in_points(in_force.values[name]) for name in engine.COMPONENTS}
        agreed = set(switched_on(timezone.localdate()).values_list("scheme", flat=True))
        schemes = known_schemes()
        self.agreed = sorted(agreed.intersection(schemes))
        initial = {f"weight_{name}": points for name, points in self.base.items()} | {"preferences": self.agreed}
        super().__init__(data, initial=initial)
        for name in engine.COMPONENTS:
            self.fields[f"weight_{name}"] = NumberField(decimals=PLACES, most=WHOLE, label=COMPONENT_NAMES[name])
        self.fields["preferences"].choices = [(scheme, scheme) for scheme in schemes]

    @property
    def weight_rows(self) -> list[dict]:
        """Each weight with what it means and what is in force."""
        return [
            {"field": self[f"weight_{name}"], "hint": COMPONENT_HINTS[name], "in_force": self.base[name]}
            for name in engine.COMPONENTS
        ]

    @property
    def sum_typed(self) -> Decimal | None:
        """What the weights sum to, as far as they can be read; None where one cannot."""
        if not self.is_bound:
            return sum(self.base.values())
        self.is_valid()  # reads what was typed
        typed = [self.cleaned_data.get(f"weight_{name}") for name in engine.COMPONENTS]
        return None if None in typed else sum(typed)

    def clean(self) -> dict:
        asked = super().clean()
        if self.data.get("seen") != str(self.in_force.version):
            said = _(
                "Version %(version)s of the weights is in force by now. See what stands beside each, then say again."
            )
            self.add_error(None, ValidationError(said, params={"version": self.in_force.version}, code="stale"))
        typed = [asked.get(f"weight_{name}") for name in engine.COMPONENTS]
        if None not in typed and sum(typed) != WHOLE:
            said = _("The weights sum to %(sum)s instead of 100.")
            self.add_error(
                None, ValidationError(said, params={"sum": figures.shortest(sum(typed), PLACES)}, code="sum")
            )
        return asked

    @property
    def options(self) -> dict:
        """What is otherwise, as a run keeps it."""
        asked, options = self.cleaned_data, {}
        typed = {name: asked[f"weight_{name}"] for name in engine.COMPONENTS}
        if typed != self.base:
            options["weights"] = {name: float(points / WHOLE) for name, points in typed.items()}
        if asked["freight"]:
            options["freight_percent"] = plain(asked["freight"])
        if asked["share_cap"] is not None and asked["share_cap"] < WHOLE:
            options["share_cap_percent"] = plain(asked["share_cap"])
        if asked["micro_floor"]:
            options["micro_floor_percent"] = plain(asked["micro_floor"])
        if sorted(asked["preferences"]) != self.agreed:
            options["preferences"] = sorted(asked["preferences"])
        return options

    @property
    def as_of_asked(self) -> date | None:
        return self.cleaned_data["as_of"]


def plain(number: Decimal) -> str:
    """As options of a run write a number: the same number always in the same way."""
    return f"{number.normalize():f}"


def in_points(weight: float) -> Decimal:
    """A weight as points of 100."""
    return (Decimal(repr(weight)) * WHOLE).quantize(Decimal(1).scaleb(-PLACES)).normalize()


class PromoteForm(OurForm):
    """Why the weights of a what-if are to be in force from now on."""

    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Why are these weights better?"),
        help_text=_("Kept with the weights for everybody who reads a score later."),
    )
