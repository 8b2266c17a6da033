"""The home of business users: their companies, what to do next, what they trade, who fits.

Whatever it shows of other companies comes from `matching/told/partners.py`, which tells nothing that names them.
"""

from collections import Counter

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from companies.enums import VerificationAct
from companies.models import Company
from companies.queue import with_waiting
from desk import queries
from desk.own_book import own_books
from desk.steps import Standing, standing_of
from matching.engine import RULE_CODES
from matching.enums import Side
from matching.lists import newest_official_run
from matching.told import partners
from matching.told.anonymised import Fit
from matching.told.partners import OwnListing, Viewpoint, viewpoint_from
from notices.queries import latest_unread

LISTINGS_SHOWN = 8  # of each kind; the others are on the page of the company and on the list of partners
FITS_OF_EACH = 3
FITS_SHOWN = 3
ADVICE_SHOWN = 4


def business_home(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    companies = list(with_waiting(Company.objects.acted_for_by(user)).select_related("region", "place"))
    viewpoint = viewpoint_from(companies)
    keys = partners.own_keys(viewpoint)
    shown = [key for side in Side for key in [k for k in keys if k[0] == side][:LISTINGS_SHOWN]]
    listings = partners.own_listings(viewpoint, shown, 1, FITS_OF_EACH, today)
    context = {
        "standings": standings(viewpoint),
        "needs": [own for own in listings if own.side == Side.BUYER],
        "capacities": [own for own in listings if own.side == Side.SELLER],
        "more": len(keys) - len(shown),
        "fits": best_fits(listings),
        "advice": best_advice(listings),
        "rules": len(RULE_CODES),
        "run": newest_official_run(),
        "told": latest_unread(user, queries.SHOWN),
    }
    return render(request, "desk/business.html", context)


def standings(viewpoint: Viewpoint) -> list[Standing]:
    """Where each company stands, with what it has open and how many partners fit that."""
    books = own_books(viewpoint.own, timezone.localdate())
    fitting = partners_by_company(viewpoint)
    return [
        standing_of(
            company,
            waiting_since=company.waiting_since,
            is_asked=company.last_act == VerificationAct.ASKED,
            book=books[company.pk],
            partners=fitting[company.pk],
        )
        for company in viewpoint.companies
    ]


def partners_by_company(viewpoint: Viewpoint) -> Counter[int]:
    """How many partners fit the listings of each company, as the list of partners counts them."""
    fitting: Counter[int] = Counter()
    rows = viewpoint.matches().filter(latest__isnull=False).order_by().values_list("need__company", "capacity__company")
    for buyer, seller, count in rows.annotate(count=Count("pk")):
        fitting[buyer] += count
        fitting[seller] += count
    return fitting


def best_fits(listings: list[OwnListing]) -> list[Fit]:
    """The best few partners of all listings; equals by their number."""
    fits = {fit.pk: fit for own in listings for fit in own.fits}
    return sorted(fits.values(), key=lambda fit: (-fit.points, fit.pk))[:FITS_SHOWN]


def best_advice(listings: list[OwnListing]) -> list[dict]:
    """The changes that would open the most partners, each with the listing to change."""
    lines = [{"own": own, "line": line} for own in listings for line in own.advice]
    return sorted(lines, key=lambda found: -found["line"].partners)[:ADVICE_SHOWN]
