"""What the codes in the cells of a report say, in all languages: for `Column.words`.

Cells hold codes, so that the same rows serve every language; a document carries the words of those codes that occur.
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import override

from commodities.enums import Sector
from commodities.facts import Named
from commodities.models import Commodity
from companies.models import Company
from corridor.enums import Country
from corridor.models import Place, Region
from matching.enums import MatchState, RestsOn
from matching.texts import ANSWER_NAMES, RULE_NAMES
from reports.document import Text, in_every_language

Words = dict[str, Text]


def of_choices(choices: Iterable[tuple[object, object]]) -> Words:
    """The words of a `Choices` or of any other pairs of a code and a lazy label."""
    return {str(code): in_every_language(lambda label=label: label) for code, label in choices if str(code)}


def countries() -> Words:
    return of_choices(Country.choices)


def sectors() -> Words:
    return of_choices(Sector.choices)


def match_states() -> Words:
    return of_choices(MatchState.choices)


def rests_on() -> Words:
    """What a cost rests on; where nothing is known of it the cell is empty."""
    return of_choices(RestsOn.choices)


def rules() -> Words:
    return of_choices(RULE_NAMES.items())


def answers() -> Words:
    """Of a rule: 1, 0 and -1."""
    return of_choices(ANSWER_NAMES.items())


def of_named(rows: Iterable[Named], key: Callable[[Named], str] = lambda row: row.code) -> Words:
    """The names of rows of reference data by their code."""
    return {key(row): in_every_language(lambda row=row: row.name) for row in rows}


def commodities(keys: Iterable[int]) -> Words:
    """Names of goods by code, of those with these numbers."""
    named = ("code", *(f"name_{code}" for code, _name in settings.LANGUAGES))
    return of_named(Commodity.objects.filter(pk__in=set(keys)).only(*named).order_by("tree_lo"))


def commodity_codes(keys: Iterable[int]) -> dict[int, str]:
    return dict(Commodity.objects.filter(pk__in=set(keys)).values_list("pk", "code"))


def regions(keys: Iterable[int]) -> Words:
    return of_named(Region.objects.filter(pk__in=set(keys)))


def places(keys: Iterable[int]) -> Words:
    return of_named(Place.objects.filter(pk__in=set(keys)))


# Where a company is, as a code: its region, its nearest place and its town, which `Company.where` reads.
WHERE = Concat(Coalesce("region__code", Value("")), Value("/"), Coalesce("place__code", Value("")), Value("/"), "city")


def where_sql(company: str, region: str, place: str) -> str:
    """The same code in a query, by the names that the three tables have there."""
    return f"concat({region}.code, '/', {place}.code, '/', {company}.city)"


def wheres(keys: Iterable[int]) -> Words:
    """Where companies with these numbers are, by the code of that."""
    found = Company.objects.filter(pk__in=set(keys)).select_related("region", "place").annotate(where_code=WHERE)
    one_of_each = found.order_by("where_code", "pk").distinct("where_code")
    words: Words = {company.where_code: {} for company in one_of_each}
    for code, _name in settings.LANGUAGES:
        with override(code):
            for company in one_of_each:
                words[company.where_code][code] = company.where
    return words
