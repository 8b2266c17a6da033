"""What is missing: near misses gathered into policy, and the letter to one company."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import figures
from accounts.access import only_for
from accounts.lists.filters import ListForm
from accounts.lists.pages import Listing, listing, questions, refused
from accounts.permissions import may_decide_on_matches, may_see_every_company
from companies.models import Company
from companies.services.asking import people_of
from matching.coaching import letter
from matching.coaching.lines import lines_of
from matching.coaching.openings import Openings
from matching.lists import newest_near_misses, newest_run
from matching.names import reader_names
from matching.one_match.grounds import rests_on_example_rates
from matching.tables.gathering import GROUPS, CoachingFilter


@only_for(may_see_every_company)
@require_safe
def coaching(request: HttpRequest) -> HttpResponse:
    """What one change would open, gathered by change, certificate, company, goods, district or rule."""
    filters = CoachingFilter(request.GET, queryset=newest_near_misses(request.user))
    shown = listing(request, filters)
    if not shown.is_valid:
        return refused(request, filters)
    names, gathered = reader_names(), shown.page.paginator.object_list.gathered
    certificates = Openings(filters.qs, "certificate")[:1]
    context = {
        "listing": shown,
        "page": shown.page,
        "by": filters.by,
        "lines": lines_of(shown.page.object_list, filters.by, filters.narrowing, names),
        "whole": gathered.whole,
        "counted_at": gathered.counted_at if gathered.is_kept else None,
        "best": next(iter(lines_of(certificates, "certificate", filters.narrowing, names)), None),
        "switch": switch(shown),
        "sorts": shown.sort_links(),
        "run": newest_run(request.user),
        "has_examples": rests_on_example_rates(),
    }
    return render(request, "matching/coaching.html", context)


def switch(shown: Listing) -> list[dict]:
    """The ways of gathering, each with its address."""
    return [
        {"label": label, "url": shown.address(by=key), "is_current": key == shown.filters.by}
        for key, label in GROUPS.items()
    ]


class LetterForm(ListForm):
    """The language that a letter is written in."""

    sort = size = page = None
    language = forms.ChoiceField(required=False, choices=settings.LANGUAGES, label=_("Language"))


@only_for(may_see_every_company)
@require_safe
def coaching_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """What would open which demand for one company, as a letter in its language that names no partner."""
    company, form = company_of(request, pk), LetterForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "questions": questions(request, form), "whole": request.path}
        return render(request, "ui/list_refused.html", context, status=400)
    written = letter.letter_to(company, form.cleaned_data["language"] or letter.language_of(company), today())
    context = {
        "company": company,
        "letter": written,
        "languages": settings.LANGUAGES,
        "people": people_of(company).count(),
        "may_send": may_decide_on_matches(request.user),
    }
    return render(request, "matching/coaching_letter.html", context)


@only_for(may_decide_on_matches)
@require_POST
def coaching_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the company's people that there is advice: once a run each, however often it is sent."""
    company = company_of(request, pk)
    written = letter.letter_to(company, letter.language_of(company), today())
    if not written.openings:
        messages.warning(request, _("There is nothing to tell: no change of this company alone would open a partner."))
        return redirect("matching:coaching-letter", pk)
    told = letter.send(written)
    if told:
        said = ngettext("%(number)s person has been told.", "%(number)s people have been told.", told)
        messages.success(request, said % {"number": figures.decimal(told)})
    else:
        messages.warning(request, _("Nobody was told anew: its people know it already, or it has none here."))
    return redirect("matching:coaching-letter", pk)


def company_of(request: HttpRequest, pk: int) -> Company:
    return get_object_or_404(Company.objects.visible_to(request.user).select_related("region", "place"), pk=pk)


def today():
    return timezone.localdate()
