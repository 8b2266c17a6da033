"""What a valid builder asks for: the order, the files, and how the report is called."""

from django.utils.text import Truncator, capfirst

from companies.templatetags.companies_words import for_reader
from reports.enums import Format, Grouping, Office
from reports.forms.builder import MOST_NAME, BuilderForm
from reports.forms.companies import chosen_companies
from reports.orders import Order


def order_of(form: BuilderForm) -> Order:
    said = form.cleaned_data
    columns = tuple(said.get("columns") or ())
    has_contacts = bool(said.get("contacts"))
    return Order(
        subject=form.subject,
        query=form.narrowing.text,
        companies=tuple(said.get("companies") or ()),
        match=form.pair.pk if form.pair else None,
        columns=() if columns == tuple(column.key for column in form.cut.columns) else columns,
        grouping=Grouping(said.get("grouping") or ""),
        since=said.get("since"),
        until=said.get("until"),
        office=Office(said["office"]),
        recipient=said["recipient"],
        for_company=int(said["for_company"]) if said.get("for_company") else None,
        crosses_to=said.get("crosses_to", "") if has_contacts else "",
        contacts=has_contacts,
        purpose=said.get("purpose", "") if has_contacts else "",
        purpose_words=said.get("purpose_words", "") if has_contacts else "",
    )


def name_of(form: BuilderForm) -> str:
    """As it was typed; where it was not, what the report is narrowed to."""
    if form.cleaned_data["name"]:
        return form.cleaned_data["name"]
    companies = chosen_companies(form.cleaned_data.get("companies") or [], form.user)
    words = [*map(for_reader, companies), *(name for _key, name in form.sides())]
    words += [capfirst(chip["text"]) for chip in form.narrowing.chips()]
    return Truncator(", ".join(words)).chars(MOST_NAME)


def files_wanted(form: BuilderForm) -> list[tuple[Format, tuple[str, ...]]]:
    """Each file: every format in every language, or in two side by side."""
    languages = form.cleaned_data["languages"]
    each = [tuple(languages)] if form.cleaned_data["side_by_side"] else [(language,) for language in languages]
    return [(Format(kind), spoken) for kind in form.cleaned_data["formats"] for spoken in each]
