"""What the rows of a page say again and again: companies, goods and figures, each written and escaped once for it."""

from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from accounts.markup import escaped, filled
from accounts.templatetags.figures import points, quantity
from companies.models import Capacity, Company, Need
from companies.templatetags.companies_words import for_reader, name_in_short
from matching.templatetags.matching_words import direction


def sub(text: str, kind: str = "") -> str:
    """Words on a line of their own in a cell; nothing where there are none."""
    return filled('<span class="tm-sub{}">{}</span>', kind and f" {kind}", text) if text else ""


def faint(text: str) -> SafeString:
    """Words that stand where there is nothing to say."""
    return filled('<span class="tm-note">{}</span>', text)


class PairWords:
    """Writes what rows say of the two sides of a pair, for one page and one reader."""

    def __init__(self):
        self.companies: dict[int, dict] = {}
        self.goods: dict[int, dict] = {}
        self.mark = mark_safe(" " + render_to_string("ui/_example.html").strip())  # noqa: S308 - a template of ours
        self.quantity, self.points = cache(quantity), cache(points)

    def of_company(self, company: Company) -> dict:
        if company.pk not in self.companies:
            self.companies[company.pk] = {
                "name": escaped(for_reader(company)),
                "where": escaped(company.where),
                "mark": self.mark if company.is_example else "",
            }
        return self.companies[company.pk]

    def of_goods(self, capacity: Capacity, need: Need) -> dict:
        """What the pair trades, and from where to where."""
        if capacity.commodity_id not in self.goods:
            goods = capacity.commodity
            name, code = escaped(name_in_short(goods.name)), escaped(goods.hs_code)
            self.goods[goods.pk] = {"name": name, "hs_code": code}
        way = direction(capacity.origin_country, need.destination.country)
        return self.goods[capacity.commodity_id] | {"way": way}
