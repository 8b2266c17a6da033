"""What is carried away: the matches that a filter shows, with what they rest on."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import figures
from companies.enums import CompanyKind
from companies.models import Company
from matching.engine import COMPONENTS
from matching.explained import plan_behind
from matching.filters import MatchFilter
from matching.grounds import Grounds, rests_on_example_rates, told
from matching.lists import all_with_sides, of_refreshes
from matching.models import MatchResult, Run
from matching.texts import COMPONENT_NAMES
from reports.exporters import MOST_ROWS, About

CHUNK = 500


def rows_of(filters: MatchFilter) -> Iterator[MatchResult]:
    """The rows of a valid filter in its order, a chunk at a time. Refuses more than a spreadsheet is pleasant with."""
    if not filters.form.is_valid():
        raise ValidationError([message for errors in filters.form.errors.values() for message in errors])
    rows = filters.sorted()
    if (count := rows.count()) > MOST_ROWS:
        raise ValidationError(
            _("%(count)s rows are too many for one file (at most %(most)s). Narrow the filter."),
            params={"count": figures.decimal(count), "most": figures.decimal(MOST_ROWS)},
        )
    return told(all_with_sides(rows, CHUNK), Grounds())


def about(filters: MatchFilter, run: Run | None) -> About:
    """What the figures rest on: the run with its book and weights, the filter, and what is only an example."""
    lines = [("TradeMatch", _("Matches of needs and capacities"))]
    if run:
        weights = run.options.get("weights", run.weights.values)
        lines += [
            (_("Run"), str(run.pk)),
            (_("Data of"), figures.moment(run.book_cut_at) if run.book_cut_at else _("not cut yet")),
            (_("Taken as today"), figures.day(run.as_of)),
            (_("Rules, engine"), f"{run.rules_version}, {run.engine_version}"),
            (_("Weights"), "; ".join(f"{name} {figures.percent(weight)}" for name, weight in named(weights))),
        ]
        if (plan := plan_behind(run)) and of_refreshes(filters.qs).exists():
            words = _("Rows of later runs were looked at again after an edit. What is planned is of run %(number)s.")
            lines.append((_("After edits"), words % {"number": plan.pk}))
    lines.append((_("Filter"), "; ".join(filter_words(filters)) or _("none: all matches that may be seen")))
    if has_examples(filters.qs):
        lines.append(
            (_("Example"), _("Companies and figures marked as examples are invented; goods and places are real."))
        )
    if rests_on_example_rates():
        words = _("Freight, premiums and rates of exchange are examples until quotes replace them.")
        lines.append((_("Freight and rates"), words))
    return About(tuple((str(label), str(text)) for label, text in lines))


def named(weights: dict) -> list[tuple[str, float]]:
    return [(str(COMPONENT_NAMES[component]), weights[component]) for component in COMPONENTS]


def has_examples(rows: QuerySet) -> bool:
    examples = Company.objects.filter(kind=CompanyKind.EXAMPLE)
    return any(rows.filter((f"{side}__in", examples)).exists() for side in ("exporter", "importer"))


def filter_words(filters: MatchFilter) -> list[str]:
    """Each active filter as "label: choice, choice"."""
    found = []
    for name, value in filters.form.cleaned_data.items():
        field = filters.form.fields[name]
        if value in (None, "", []) or name not in filters.filters:
            continue
        if isinstance(value, list):
            labels = dict(field.choices)
            text = ", ".join(str(labels[choice]) for choice in value)
        elif isinstance(value, (int, Decimal)):
            text = figures.shortest(value)
        elif isinstance(value, datetime):
            text = figures.moment(value)
        else:
            text = str(value)
        found.append(f"{field.label}: {text}")
    return found
