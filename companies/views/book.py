"""The book: the workbook in which companies, needs and capacities come in."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.permissions import may_run_matching
from companies.book.columns import HEADING_LANGUAGES
from companies.book.template import book_template as template_in
from companies.permissions import may_import_books
from companies.views.finding import signed_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@only_for(may_import_books)
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """How the book is filled in and read, and its template in each language."""
    languages = [(code, name) for code, name in settings.LANGUAGES if code in HEADING_LANGUAGES]
    return render(request, "companies/book.html", {"languages": languages, "may_run": may_run_matching(request.user)})


@only_for(signed_in)
@require_safe
def book_template(request: HttpRequest, language: str) -> HttpResponse:
    """The template to fill in. A business brings in listings alone: its company is here already."""
    if language not in HEADING_LANGUAGES:
        raise Http404
    response = HttpResponse(template_in(language, with_companies=may_import_books(request.user)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="tradematch-book-{language}.xlsx"'
    return response
