"""What an order chooses, read or refused in words: which rows, which columns, grouped how, in which months."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts import figures
from accounts.lists.filters import PLACES, SortedFilter
from companies.models import Company
from companies.templatetags.companies_words import for_reader
from reports.cutting.match_sql import MatchColumn
from reports.document import Column
from reports.orders import Order

Filter = TypeVar("Filter", bound=SortedFilter)
OneColumn = TypeVar("OneColumn", Column, MatchColumn)
MOST_COLUMNS_PRINTED = 8
OF_A_PAGE = ("size", *PLACES)  # what an address says of its page, and not of its rows


def address_of(order: Order, *without: str) -> QueryDict:
    """The filters and the order of a list, as its address holds them."""
    query = QueryDict(order.query.removeprefix("?"), mutable=True)
    for name in (*OF_A_PAGE, *without):
        query.pop(name, None)
    return query


def valid(filters: Filter) -> Filter:
    """A filter whose address makes sense; nonsense is refused as its page does it."""
    if not filters.form.is_valid():
        raise ValidationError([message for errors in filters.form.errors.values() for message in errors])
    return filters


def check_choice(order: Order, user, columns: Sequence[OneColumn], groupings: Sequence[str]) -> None:
    """What every subject refuses: columns, groupings and companies that it does not have, and days in a wrong order."""
    known = {column.key for column in columns}
    wrong = [key for key in order.columns if key not in known]
    if wrong:
        raise ValidationError(_("This report has no column %(name)s."), params={"name": wrong[0][:40]})
    if order.grouping not in groupings:
        raise ValidationError(_("This report cannot be grouped so."))
    if order.since and order.until and order.since > order.until:
        raise ValidationError(_("The last day lies before the first."))
    companies = set(order.companies)
    if companies and Company.objects.visible_to(user).filter(pk__in=companies).count() != len(companies):
        raise ValidationError(_("One of the companies is not there any more."))


def chosen(
    columns: Sequence[OneColumn], order: Order, grouped_by: str = "", more: Sequence[OneColumn] = ()
) -> tuple[OneColumn, ...]:
    """The columns of an order, in its order, else all; that of the groups comes first where it is not among them.

    `more`: columns that are there for whoever asks for them, and for groups.
    """
    by_key = {column.key: column for column in (*columns, *more)}
    keys = list(dict.fromkeys(order.columns or (column.key for column in columns)))
    if grouped_by and grouped_by not in keys:
        keys.insert(0, grouped_by)
    return tuple(by_key[key] for key in keys)


def printed(columns: Sequence[OneColumn], order: Order, usual: Sequence[str], grouped_by: str = "") -> tuple[str, ...]:
    """What a sheet of paper has room for: what was asked for if it fits, else the figures that a meeting needs."""
    keys = [column.key for column in columns]
    wanted = keys if order.columns else [key for key in usual if key in keys]
    group = [grouped_by] if grouped_by in keys else []
    return tuple(dict.fromkeys([*group, *wanted]))[: max(MOST_COLUMNS_PRINTED, len(usual))]


def months_of(order: Order) -> tuple[date | None, date | None]:
    """The first days of the months in which a period begins and ends: a month counts if a day of it is within."""
    return (
        order.since and order.since.replace(day=1),
        order.until and order.until.replace(day=1),
    )


def narrowing_words(order: Order, of_days: Promise) -> list[str]:
    """What narrows a report beside the filters of its list. `of_days`: what lies within the period."""
    said = []
    if order.companies:
        names = (for_reader(company) for company in Company.objects.filter(pk__in=order.companies))
        said.append(": ".join([_("Companies"), ", ".join(names)]))
    if order.since or order.until:
        said.append(f"{of_days}: {period_words(order.since, order.until)}")
    return said


def period_words(since: date | None, until: date | None) -> str:
    if since and until:
        return figures.days(since, until)
    if since:
        return _("from %(day)s") % {"day": figures.day(since)}
    return _("until %(day)s") % {"day": figures.day(until)}
