"""The rows of the list of companies in the reader's words: what many rows say is worked out once for a page."""

from collections.abc import Callable, Iterable
from functools import cache

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from accounts import figures
from accounts.lists.row_forms import DrawnOnce, addresses, table_rows
from companies.models import Company
from companies.templatetags.companies_words import date_of, for_reader, language_names, or_not_known, sector_names

LABELS = {
    "country": gettext_lazy("Where"),
    "sectors": gettext_lazy("Sectors"),
    "checked": gettext_lazy("Checked"),
    "kind": gettext_lazy("How it came here"),
    "language": gettext_lazy("Languages"),
    "state": gettext_lazy("State"),
    "changed": gettext_lazy("Changed"),
}


def company_rows(companies: Iterable[Company], show: frozenset[str]) -> SafeString:
    """The rows of the table, with the columns that show. Companies come with region, place and facts loaded."""
    return table_rows("companies/_company_row.html", LABELS, CompanyWords(), companies, show)


class CompanyWords:
    """Writes the cells. Sectors, languages and what was checked come back row after row."""

    def __init__(self):
        self.drawn, self.url_of = DrawnOnce(), addresses("companies:company-detail")
        self.sectors = cache(lambda sectors: or_not_known(sector_names(sectors)))
        self.languages = cache(lambda languages: or_not_known(language_names(languages)))
        self.of_columns: dict[str, Callable[[Company], object]] = {
            "country": lambda company: {"where": company.where, "name": company.get_country_display()},
            "sectors": lambda company: self.sectors(tuple(company.sectors)),
            "checked": self.of_checked,
            "kind": lambda company: capfirst(company.get_kind_display()),
            "language": lambda company: self.languages(tuple(company.languages)),
            "state": lambda company: self.once("companies/_state.html", company, company.status),
            "changed": lambda company: figures.day(date_of(company.changed_at)),
        }

    def of_head(self, company: Company) -> dict:
        return {
            "url": self.url_of(company.pk),
            "name": for_reader(company),
            "number": company.registration_number,
            "origin": self.once("companies/_origin.html", company, company.kind),
        }

    def of_checked(self, company: Company) -> SafeString:
        return self.once("companies/_checked.html", company, *(fact.kind for fact in company.facts.all()))

    def once(self, template: str, company: Company, *alike: str) -> SafeString:
        return self.drawn(template, {"company": company}, *alike)
