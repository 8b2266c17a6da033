"""Needs and capacities in words, in the language that is spoken: what is asked, what is offered, by whom."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import figures
from companies.models import Capacity, Company, Need
from companies.templatetags.companies_words import payment_names
from reports.document import Line, Side


def side_of_need(need: Need) -> Side:
    """What an importer wants, as one of two sides; loaded with its company, places, goods and what was checked."""
    return Side(
        role=" ".join([_("Need"), need.reference]),
        **of_company(need.company),
        lines=(
            *example_line(need.company),
            Line(_("Goods"), goods_wanted(need)),
            Line(_("Wants"), quantity(need.quantity_kg, need.is_monthly)),
            Line(_("Delivery"), f"{figures.days(need.window_from, need.window_until)}, {need.destination.name}"),
            Line(_("Limit"), limit_of(need)),
            Line(_("Payment"), payment_of(need)),
        ),
    )


def side_of_capacity(capacity: Capacity) -> Side:
    goods, available = capacity.commodity, figures.days(capacity.available_from, capacity.available_until)
    return Side(
        role=" ".join([_("Capacity"), capacity.reference]),
        **of_company(capacity.company),
        lines=(
            *example_line(capacity.company),
            Line(_("Goods"), f"{goods.name}, HS {goods.hs_code}"),
            Line(_("Offers"), offered(capacity)),
            Line(_("Available"), f"{available}, {capacity.place.name}"),
            Line(_("Asks"), ask_of(capacity)),
            Line(_("Payment"), payment_of(capacity)),
        ),
    )


def of_company(company: Company) -> dict[str, str]:
    return {
        "name": company.name_registered,
        "latin": "" if company.name_latin == company.name_registered else company.name_latin,
        "where": ", ".join(part for part in (company.where, str(company.get_country_display())) if part),
        "checked": checked(company),
    }


def example_line(company: Company) -> tuple[Line, ...]:
    return (Line(_("Example"), _("This company and its figures are invented.")),) if company.is_example else ()


def checked(company: Company) -> str:
    """What somebody checked of a company, and when."""
    facts = [f"{fact.get_kind_display()} ({figures.day(fact.checked_on)})" for fact in company.facts.all()]
    return capfirst(", ".join(facts) or _("nothing checked yet"))


def goods_wanted(need: Need) -> str:
    return ", ".join(accepted.name for accepted in need.accepted.all())


def quantity(kg: int, is_monthly: bool = False) -> str:
    return figures.measured(figures.tonnes(kg), _("t/month") if is_monthly else _("t"))


def offered(capacity: Capacity) -> str:
    words = quantity(capacity.quantity_kg, capacity.is_monthly)
    if not capacity.lot_kg:
        return words
    lot = _("lot %(tonnes)s t") % {"tonnes": figures.tonnes(capacity.lot_kg)}
    return f"{words}, {lot}"


def limit_of(need: Need) -> str:
    if need.price_amount is None:
        return _("not known")
    if need.price_basis == "all_in":
        return f"{price(need)}, {need.get_price_basis_display()}"
    place = need.named_place.name if need.named_place else ""
    return f"{price(need)}, {need.incoterm} {place}".rstrip(", ")


def ask_of(capacity: Capacity) -> str:
    if capacity.price_amount is None:
        return _("not known")
    return f"{price(capacity)}, {capacity.incoterm} {capacity.place.name}"


def price(listing: Need | Capacity) -> str:
    unit = _("kg") if listing.price_unit == "kg" else _("t")
    return figures.measured(figures.price(listing.price_amount), f"{listing.price_currency}/{unit}")


def payment_of(listing: Need | Capacity) -> str:
    return payment_names(listing.payment_terms) or _("not known")
