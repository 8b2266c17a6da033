"""What a builder proposes when it is opened, and what it keeps of what was typed while it is changed."""

from django.http import QueryDict
from django.utils.translation import get_language

from accounts.enums import Role
from accounts.models import SavedView, User
from reports.cutting.list_columns import columns_shown
from reports.enums import Format, Office, Subject
from reports.forms.builder import BuilderForm
from reports.forms.narrowing import BY_HAND, Narrowing
from reports.models import Report


def proposed(user: User, subject: Subject, asked: QueryDict) -> BuilderForm:
    """The builder as a link opens it: its rows are those of the link, the rest is as the person took it last time."""
    query = asked.get("query", "").removeprefix("?")
    narrowing = Narrowing(subject, query, user)
    said = {"companies": asked.getlist("companies"), "match": asked.get("match", "")} | columns_of(narrowing)
    return BuilderForm(
        user=user, subject=subject, query=narrowing.text, initial=taken_last(user) | said | by_hand(narrowing)
    )


def asked_again(user: User, report: Report) -> BuilderForm:
    """The builder with all that was asked of a report, to be asked of the figures of today."""
    order = report.asked
    narrowing = Narrowing(order.subject, order.query, user)
    said = {
        "companies": [str(key) for key in order.companies],
        "match": str(order.match or ""),
        "columns": list(order.columns) or None,
        "order": list(order.columns),
        "for_company": str(order.for_company or ""),
        "name": report.name,
    }
    plain = ("grouping", "since", "until", "recipient", "contacts", "purpose", "purpose_words", "crosses_to")
    said |= {name: getattr(order, name) for name in plain} | files_of(report) | {"office": order.office}
    return BuilderForm(user=user, subject=order.subject, query=narrowing.text, initial=said | by_hand(narrowing))


def columns_of(narrowing: Narrowing) -> dict:
    """The columns of a list that somebody has chosen columns for; nothing says all."""
    if narrowing.subject != Subject.MATCHES or not narrowing.filters.form.is_valid():
        return {}
    columns = list(columns_shown(narrowing.filters.form))
    return {"columns": columns} if columns else {}


def taken_last(user: User) -> dict:
    """Files, languages and letterhead of the last report; before the first one paper, in the reader's language."""
    last = Report.objects.filter(maker=user, schedule=None, files__isnull=False).prefetch_related("files").first()
    if last:
        return files_of(last) | {"office": last.asked.office}
    own = Office.EMBASSY if user.role == Role.OFFICER else Office.CITY
    return {"formats": [Format.PDF], "languages": [get_language()], "side_by_side": False, "office": own}


def files_of(report: Report) -> dict:
    """The files of a report as the builder asks for them."""
    files = list(report.files.all())
    return {
        "formats": sorted({file.format for file in files}),
        "languages": sorted({language for file in files for language in file.languages}),
        "side_by_side": any(len(file.languages) > 1 for file in files),
    }


def by_hand(narrowing: Narrowing) -> dict:
    """The fields of the builder that say a part of the filter."""
    return {
        name: narrowing.query.get(name, "") if name == "text" else narrowing.query.getlist(name) for name in BY_HAND
    }


def changed(user: User, subject: Subject, sent: QueryDict) -> BuilderForm:
    """The builder after one of its small buttons: everything that was typed is there, and nothing is judged yet."""
    form = BuilderForm(sent, user=user, subject=subject, query=sent.get("query", ""))
    said = {name: field.widget.value_from_datadict(sent, {}, name) for name, field in form.fields.items()}
    said |= {name: sent.getlist(name) for name in ("companies", "columns") if name in form.fields}
    said["order"] = sent.getlist("order")
    narrowing = form.narrowing
    act, _colon, what = sent.get("do", "").partition(":")
    if act == "drop":
        name, _sign, value = what.partition("=")
        narrowing.drop(name, value)
    elif act == "view" and (view := view_called(what, narrowing)):
        narrowing = Narrowing(subject, view.query, user)
    elif act in ("up", "down"):
        said["order"] = moved([row.key for row in form.column_rows()], what, -1 if act == "up" else 1)
    return BuilderForm(user=user, subject=subject, query=narrowing.text, initial=said | by_hand(narrowing))


def view_called(number: str, narrowing: Narrowing) -> SavedView | None:
    return next((view for view in narrowing.views() if str(view.pk) == number), None)


def moved(keys: list[str], key: str, step: int) -> list[str]:
    """The keys with one of them a place further up or down; at an end it stays."""
    if key not in keys:
        return keys
    at = keys.index(key)
    to = min(max(at + step, 0), len(keys) - 1)
    keys[at], keys[to] = keys[to], keys[at]
    return keys
