"""What a report rests on, in all languages: the run with its book and weights, the filter, what is only an example."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts import figures
from accounts.lists.filters import SortedFilter
from matching.engine import COMPONENTS
from matching.models import Run
from matching.one_match.explained import plan_behind
from matching.one_match.grounds import rests_on_example_rates
from matching.texts import COMPONENT_NAMES
from reports.document import Line, Text, in_every_language

HASH_SHOWN = 12  # letters of a SHA-256: enough to tell one corridor from another


def about_lines(
    run: Run | None, filter_words: Text | None = None, has_examples: bool = False, *, has_refreshes: bool = False
) -> tuple[Line, ...]:
    """The lines of what a report rests on, to be asked inside its snapshot.

    Args:
        filter_words: see `filters_in_words`; None where nothing can be narrowed.
        has_refreshes: some rows were looked at again after an edit, by a later run than the others.
    """
    lines = of_run(run) if run else []
    if run and has_refreshes and (plan := plan_behind(run)):
        lines.append(
            line(
                lambda: _("After edits"),
                lambda: (
                    _("Rows of later runs were looked at again after an edit. What is planned is of run %(number)s.")
                    % {"number": plan.pk}
                ),
            )
        )
    if filter_words is not None:
        lines.append(Line(in_every_language(lambda: _("Filter")), filter_words))
    if has_examples:
        lines.append(
            line(
                lambda: _("Example"),
                lambda: _("Companies and figures marked as examples are invented; goods and places are real."),
            )
        )
    if rests_on_example_rates():
        lines.append(
            line(
                lambda: _("Freight and rates"),
                lambda: _("Freight, premiums and rates of exchange are examples until quotes replace them."),
            )
        )
    return tuple(lines)


def of_run(run: Run) -> list[Line]:
    weights = run.options.get("weights", run.weights.values)
    cut_at, corridor = run.book_cut_at, run.corridor_version[:HASH_SHOWN]
    lines = [
        line(lambda: _("Run"), lambda: run.pk),
        line(lambda: _("Data of"), lambda: figures.moment(cut_at) if cut_at else _("not cut yet")),
        line(lambda: _("Taken as today"), lambda: figures.day(run.as_of)),
        line(lambda: _("Rules, engine"), lambda: f"{run.rules_version}, {run.engine_version}"),
        line(lambda: _("Weights"), lambda: "; ".join(f"{name} {share}" for name, share in named(weights))),
    ]
    if corridor:
        lines.insert(4, line(lambda: _("Version of the corridor"), lambda: corridor))
    return lines


def named(weights: dict) -> list[tuple[str, str]]:
    return [(str(COMPONENT_NAMES[component]), figures.percent(weights[component])) for component in COMPONENTS]


def line(label: Callable[[], object], value: Callable[[], object]) -> Line:
    """A label and a value, both as they are said in each language."""
    return Line(in_every_language(label), in_every_language(value))


def filters_in_words(
    made: Callable[[], SortedFilter], nothing: Callable[[], str], more: Callable[[], list[str]] = list
) -> Text:
    """What a list is narrowed by, in all languages.

    Args:
        made: the filter anew, for it names its choices in the language that is spoken when it is made.
        nothing: what is said where nothing narrows it.
        more: what else narrows it.
    """
    return in_every_language(lambda: "; ".join([*filter_words(made()), *more()]) or nothing())


def filter_words(filters: SortedFilter) -> list[str]:
    """Each filter that narrows a list, as "label: choice, choice"."""
    if not filters.form.is_valid():
        return []
    found = []
    for name, value in filters.form.cleaned_data.items():
        if value in (None, "", []) or name not in filters.filters:
            continue
        field = filters.form.fields[name]
        found.append(f"{field.label}: {_said(field, value)}")
    return found


def _said(field, value) -> str:
    if isinstance(value, list):
        labels = {str(key): label for key, label in field.choices}
        return ", ".join(str(labels[str(choice)]) for choice in value)
    if isinstance(value, (int, Decimal)):
        return figures.shortest(value)
    return figures.moment(value) if isinstance(value, datetime) else str(value)
