"""Companies that a report is about or narrowed to: looked for by their names, chosen from what was found."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from companies.filters import SEARCHED
from companies.finding.likely import likely_ones
from companies.models import Company
from companies.templatetags.companies_words import for_reader

MOST_CHOSEN = 20
MOST_FOUND = 10  # for each name that was typed
DIVIDERS = ",;\n"


@dataclass(frozen=True)
class Offered:
    """A company to tick. It is ticked already where it was chosen before, or is the only one of its name."""

    company: Company
    is_chosen: bool

    @property
    def name(self) -> str:
        return for_reader(self.company)


@dataclass(frozen=True)
class LookedFor:
    """What became of names that were typed."""

    meant: list[Company]  # each the only one of its name
    several: list[Company]  # those whose name is not theirs alone
    left: list[str]  # names of which nobody was chosen yet
    unknown: list[str]  # names of nobody


def names_in(words: str) -> list[str]:
    """What was typed, name by name: divided by commas, semicolons or lines. The database takes no NUL."""
    words = words.replace("\x00", "")
    for divider in DIVIDERS:
        words = words.replace(divider, "\n")
    return [name for name in (line.strip() for line in words.split("\n")) if name][:MOST_CHOSEN]


def found_by(name: str, user: User) -> list[Company]:
    """Companies whose name or number holds the words; where none does, those that sound like it."""
    wanted = Q()
    for field in SEARCHED:
        wanted |= Q((f"{field}__icontains", name))
    companies = Company.objects.visible_to(user).filter(wanted).select_related("region", "place")
    found = list(companies.order_by("name_registered", "pk")[:MOST_FOUND])
    return found or [one.company for one in likely_ones(name, for_whom=user)]


def chosen_companies(keys: list[int], user: User) -> list[Company]:
    """The companies of some keys that the person may see, in the order in which they were chosen."""
    companies = Company.objects.visible_to(user).select_related("region", "place").in_bulk(keys)
    return [companies[key] for key in keys if key in companies]


def looked_for(words: str, chosen: Iterable[int], user: User) -> LookedFor:
    """What the names that were typed mean, beside the companies that are chosen already."""
    chosen = set(chosen)
    meant, several, left, unknown = [], [], [], []
    for name in names_in(words):
        found = found_by(name, user)
        if len(found) == 1:
            meant.append(found[0])
            continue
        several += found
        if not found:
            unknown.append(name)
        if not any(company.pk in chosen for company in found):
            left.append(name)
    return LookedFor(meant, several, left, unknown)


def offered(chosen: list[Company], several: list[Company]) -> list[Offered]:
    """What the form shows to tick, each company once."""
    rows = {company.pk: Offered(company, is_chosen=True) for company in chosen}
    for company in several:
        rows.setdefault(company.pk, Offered(company, is_chosen=False))
    return list(rows.values())
