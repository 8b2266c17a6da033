"""Books that come in on a page: sent, watched while they are read, looked at, confirmed, undone."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import only_for
from accounts.limits import may_try_once_more
from accounts.lists.pages import listing, refused
from accounts.permissions import may_see_every_company
from companies.book.answer_files import csv_lines, write_xlsx
from companies.book.columns import HEADING_LANGUAGES
from companies.book.saying import said_of, said_of_book
from companies.enums import ImportState
from companies.forms.imports import BookFilter, BookForm, BookOfAllFilter, RowFilter
from companies.models import BookImport, Company
from companies.permissions import may_decide_on_book, may_import_books
from companies.services import imports
from companies.tasks import work_on_book
from companies.views.book import XLSX
from companies.views.finding import own_company, say_who_stands_in, signed_in

CHUNK = 500
MADE = ("made_company", "made_need", "made_capacity")


@only_for(may_import_books)
@require_http_methods(["GET", "HEAD", "POST"])
def book_import(request: HttpRequest) -> HttpResponse:
    """Send a book of companies and their listings; the books that were sent."""
    return send_page(request, None)


@only_for(signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def company_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the own needs and capacities of a company; what it has sent."""
    return send_page(request, own_company(request, pk))


def send_page(request: HttpRequest, company: Company | None) -> HttpResponse:
    """Keep a file and have it read; without one, the form and the list."""
    if request.method != "POST":
        return list_page(request, company, BookForm())
    form = BookForm(request.POST, request.FILES)
    if form.is_valid() and not may_try_once_more(request, "book_sent"):
        form.add_error(None, _("Too many requests. Wait a few minutes, then try again."))
    if form.is_valid():
        try:
            book, is_new = imports.send_book(user=request.user, file=form.cleaned_data["file"], company=company)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            if is_new:
                work_on_book.delay_on_commit(book_id=book.pk)
            else:
                messages.info(request, _("You have sent this file already. This is what became of it."))
            return redirect("companies:book-import-detail", book.pk)
    return list_page(request, company, form, status=400)


def list_page(request: HttpRequest, company: Company | None, form: BookForm, *, status: int = 200) -> HttpResponse:
    books = BookImport.objects.visible_to(request.user).select_related("company", "made_by")
    if company is not None:
        filters = BookFilter(request.GET, queryset=books.filter(company=company))
    else:
        filters = BookOfAllFilter(request.GET, user=request.user, queryset=books)
    shown = listing(request, filters)
    if not shown.is_valid:
        return refused(request, filters)
    facets = [shown.facet("state", filters.state_counts(), hide_empty=True)]
    if company is None:
        facets.insert(0, shown.facet("whose", filters.whose_counts()))
    languages = [(code, name) for code, name in settings.LANGUAGES if code in HEADING_LANGUAGES]
    context = {
        "company": company,
        "form": form,
        "listing": shown,
        "page": shown.page,
        "facets": facets,
        "sorts": shown.sort_links(),
        "languages": languages,
    }
    return render(request, "companies/import_list.html", context, status=status)


@only_for(signed_in)
@require_safe
def book_import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One book: how far it is, what would become of each row, what was written."""
    book = seen_book(request, pk)
    context = what_shows(request, book)
    if book.state in imports.AT_WORK or not book.checked_at:
        return render(request, "companies/import_progress.html", context)
    filters = RowFilter(request.GET, book=book)
    shown = listing(request, filters, lambda rows: rows.select_related(*MADE))
    if not shown.is_valid:
        return refused(request, filters)
    for row in shown.page:
        row.said = said_of(row.told)
    facets = [
        shown.facet("outcome", filters.counts("outcome"), hide_empty=True),
        shown.facet("sheet", filters.counts("sheet"), hide_empty=True),
    ]
    context |= {"listing": shown, "page": shown.page, "facets": facets, "sorts": shown.sort_links()}
    return render(request, "companies/import_detail.html", context)


@only_for(signed_in)
@require_safe
def book_import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while a worker is at it. Once it is done, the whole page comes anew.

    Where nothing has changed since, the answer is empty (204): the page stays as it is, and a screen reader is quiet.
    """
    book = seen_book(request, pk)
    if book.state not in imports.AT_WORK:
        response = render(request, "companies/_import_progress.html", what_shows(request, book))
        response["HX-Refresh"] = "true"
        return response
    if request.GET.get("seen") == f"{book.state}-{book.done}-{book.total}":
        return HttpResponse(status=204)
    return render(request, "companies/_import_progress.html", what_shows(request, book))


@only_for(signed_in)
@require_safe
def book_import_answer(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """What is said of the rows of a filter, as a file to put them right by."""
    book = seen_book(request, pk)
    if kind not in ("csv", "xlsx"):
        raise Http404
    filters = RowFilter(request.GET, book=book)
    if not filters.form.is_valid():
        return refused(request, filters)
    rows = filters.sorted().iterator(chunk_size=CHUNK)
    name = f"tradematch-import-{book.pk}.{kind}"
    return csv_download(rows, name) if kind == "csv" else xlsx_download(rows, name)


def csv_download(rows, name: str) -> HttpResponse:
    """Sent line by line, in the language of the request, which is over before the last line is written."""
    language = get_language()

    def lines():
        with override(language):
            yield from csv_lines(rows)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def xlsx_download(rows, name: str) -> HttpResponse:
    """Written to a file first: a workbook is a zip and cannot be sent before it is whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_xlsx(path, rows)
        opened = path.open("rb")  # stays readable after the folder is gone
    return FileResponse(opened, as_attachment=True, filename=name, content_type=XLSX)


@only_for(signed_in)
@require_POST
def book_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the book written as it was shown."""
    book = own_book(request, pk)
    good, seen = "good" in request.POST, request.POST.get("seen", "")
    return act(
        request, book, lambda: imports.confirm_book(book=book, user=request.user, seen_at=seen, takes_good_rows=good)
    )


@only_for(signed_in)
@require_POST
def book_import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Have taken back what the book wrote."""
    book = own_book(request, pk)
    return act(request, book, lambda: imports.undo_book(book=book, user=request.user))


@only_for(signed_in)
@require_POST
def book_import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a book of which nothing was written."""
    book = own_book(request, pk)
    try:
        imports.drop_book(book=book)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("companies:book-import-detail", book.pk)
    messages.success(request, _("%(file)s is dropped. Nothing of it was written.") % {"file": book.file_name})
    return redirect(list_of(book))


def act(request: HttpRequest, book: BookImport, action) -> HttpResponse:
    """Leave the work to a worker, or say why it is not to be done."""
    try:
        action()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        work_on_book.delay_on_commit(book_id=book.pk)
    return redirect("companies:book-import-detail", book.pk)


def seen_book(request: HttpRequest, pk: int) -> BookImport:
    books = BookImport.objects.visible_to(request.user).select_related("company", "made_by", "decided_by")
    return get_object_or_404(books, pk=pk)


def own_book(request: HttpRequest, pk: int) -> BookImport:
    """One on which the person may decide."""
    book = seen_book(request, pk)
    if not may_decide_on_book(request.user, book):
        raise Http404
    if book.company is not None:
        say_who_stands_in(request, book.company)
    return book


def list_of(book: BookImport) -> str:
    """The list that a book stands in, for who decides on it."""
    if book.company is not None:
        return reverse("companies:company-import", args=[book.company.pk])
    return reverse("companies:book-import")


def what_shows(request: HttpRequest, book: BookImport) -> dict:
    """What every state of a book's page shows or leaves out."""
    may_decide = may_decide_on_book(request.user, book)
    to_write, left_out = imports.number_to_write(book), book.counts.get("refused", 0)
    return {
        "book": book,
        "is_at_work": book.state in imports.AT_WORK,
        "may_decide": may_decide,
        "may_look": may_see_every_company(request.user),
        "list_url": list_of(book) if may_decide or book.company is None else reverse("companies:book-import"),
        "refusals": said_of_book(book.told, refusals=True),
        "notes": said_of_book(book.told, refusals=False),
        "to_write": to_write,
        "left_out": left_out,
        "is_refused_in_part": imports.is_refused_in_part(book),
        "may_confirm": may_decide and book.state == ImportState.CHECKED and bool(to_write),
        "may_drop": may_decide and book.state in (ImportState.CHECKED, ImportState.FAILED),
        "may_undo": may_decide and book.state == ImportState.WRITTEN,
        "seen": imports.version_of(book),
        "stayed": book.counts.get("stayed", 0),
        "undone": book.counts.get("undone", {}),
    }
