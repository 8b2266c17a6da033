"""Quotes that come in and go out as sheets: answered first, written once confirmed."""

import tempfile
from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from accounts.forms.ours import OurForm
from accounts.lists.pages import refused
from accounts.permissions import may_keep_corridor, may_see_every_company
from corridor.forms.quote_list import QuoteFilter
from corridor.services.quotes import JOINED
from corridor.sheets.answer import SheetAnswer
from corridor.sheets.columns import COLUMNS, Kind, allowed_words
from corridor.sheets.importing import read_quotes, write_quotes
from corridor.sheets.sealed import Sealed, seal, unseal
from corridor.sheets.writing import csv_lines, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 500


class SheetForm(OurForm):
    file = forms.FileField(
        label=gettext_lazy("Which file?"),
        help_text=gettext_lazy("A workbook (.xlsx) or CSV (UTF-8) of at most 1 MB."),
        error_messages={
            "missing": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
            "invalid": gettext_lazy("Choose a file."),
        },
    )


@only_for(may_keep_corridor)
@require_http_methods(["GET", "HEAD", "POST"])
def quote_import(request: HttpRequest) -> HttpResponse:
    """Read a sheet and say what would become of it. Nothing is written."""
    if request.method != "POST":
        return upload_page(request, SheetForm())
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return upload_page(request, form, status=400)
    sent = form.cleaned_data["file"]
    data = sent.read()
    return answer_page(request, read_quotes(sent.name, data), data)


@only_for(may_keep_corridor)
@require_POST
def quote_import_confirm(request: HttpRequest) -> HttpResponse:
    """Write what was answered and confirmed. Where it would be answered otherwise by now, it is shown anew."""
    sealed = unseal(request.POST.get("sheet", ""), request.user.pk)
    if sealed is None:
        form = SheetForm()
        messages.error(request, _("What was read is no longer at hand. Send the file again."))
        return upload_page(request, form, status=400)
    answer = write_quotes(sealed.name, sealed.data, by=request.user, digest=sealed.digest)
    if answer is None:
        messages.error(request, _("Quotes were changed meanwhile, so nothing was written. Look at the rows again."))
        return answer_page(request, read_quotes(sealed.name, sealed.data), sealed.data, status=400)
    new, changed = answer.counts["new"], answer.counts["changed"]
    said = [
        ngettext("%(number)s quote is new.", "%(number)s quotes are new.", new) % {"number": new},
        ngettext("%(number)s quote is changed.", "%(number)s quotes are changed.", changed) % {"number": changed},
    ]
    messages.success(request, " ".join(said))
    return redirect("corridor:quote-list")


@only_for(may_see_every_company)
@require_safe
def quote_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The quotes of a filter, in its order, as a sheet that can be read back."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    filters = QuoteFilter(request.GET)
    if not filters.form.is_valid():
        return refused(request, filters)
    quotes = filters.sorted().select_related(*JOINED).iterator(chunk_size=CHUNK)
    name = f"tradematch-quotes-{timezone.localdate().isoformat()}.{kind}"
    return csv_download(quotes, name) if kind == "csv" else xlsx_download(quotes, name)


def csv_download(quotes, name: str) -> HttpResponse:
    """Sent line by line, in the language of the request, which is over before the last line is written."""
    language = get_language()

    def lines():
        with override(language):
            yield from csv_lines(quotes)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def xlsx_download(quotes, name: str) -> HttpResponse:
    """Written to a file first: a workbook is a zip and cannot be sent before it is whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_xlsx(path, quotes)
        opened = path.open("rb")  # stays readable after the folder is gone
    return FileResponse(opened, as_attachment=True, filename=name, content_type=XLSX)


def upload_page(request: HttpRequest, form: SheetForm, *, status: int = 200) -> HttpResponse:
    columns = [(column, allowed_words(column) if column.kind == Kind.CHOICE else "") for column in COLUMNS]
    context = {"form": form, "columns": columns}
    return render(request, "corridor/quote_import.html", context, status=status)


def answer_page(request: HttpRequest, answer: SheetAnswer, data: bytes, *, status: int = 200) -> HttpResponse:
    sheet = seal(Sealed(answer.name, data, answer.digest), request.user.pk) if answer.may_be_written else ""
    context = {"answer": answer, "sheet": sheet, "rows": answer.worth_a_look}
    return render(request, "corridor/quote_answer.html", context, status=400 if answer.is_refused else status)
