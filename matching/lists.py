"""What the lists of matches and near misses are made of, before anything is filtered: who may see which rows."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import F, QuerySet

from accounts.lists.attaching import attach, is_attached, lean
from accounts.permissions import may_see_every_company
from commodities.models import Commodity
from companies.models import Capacity, Company, Need
from corridor.models import Place, Region
from matching.enums import RunKind
from matching.models import ListedMatch, Match, MatchResult, NearMiss, PlanFlow, PlanLine, Run

# What rows show of each side, and of what it names.
NAMES = ("name_en", "name_id", "name_ru", "name_kk")
OF_LISTING = ("company", "price_currency", "status", "valid_until")
OF_NEED = (*OF_LISTING, "destination", "window_from", "window_until")
OF_CAPACITY = (*OF_LISTING, "commodity", "origin_country", "place")
OF_RESULT = [field.name for field in MatchResult._meta.concrete_fields if field.name != "components"]
OF_COMPANY = ("kind", "status", "name_registered", "name_latin", "name_short", "city", "place", "region")


def listed_results(user) -> QuerySet[ListedMatch]:
    """Each match that is current, or that people decided upon whatever became of it since, as one narrow row.

    Nothing for business users: a row names both sides. What they are told is made in `matching/told/anonymised.py`.
    """
    return every_listed_result().visible_to(user)


def every_listed_result() -> QuerySet[ListedMatch]:
    """The same for whoever sits at the terminal of the machine."""
    return ListedMatch.objects.of_today()


def every_result_of(run: Run) -> QuerySet[MatchResult]:
    """What one run found, for whoever sits at the terminal of the machine: under the names of a listed row."""
    return MatchResult.objects.filter(run=run).annotate(
        state=F("match__state"),
        first_run=F("match__first_run"),
        exporter_name=F("match__capacity__company__name_registered"),
        importer_name=F("match__need__company__name_registered"),
        goods_name=F("match__capacity__commodity__name_en"),
        **of_a_pair("match__"),
    )


def of_a_pair(pair: str = "") -> dict[str, F]:
    """What every list of pairs is narrowed by, under the names of a listed row."""
    return {
        "need": F(f"{pair}need"),
        "capacity": F(f"{pair}capacity"),
        "exporter": F(f"{pair}capacity__company"),
        "importer": F(f"{pair}need__company"),
        "commodity": F(f"{pair}capacity__commodity"),
        "sector": F(f"{pair}capacity__commodity__sector"),
        "tree_lo": F(f"{pair}capacity__commodity__tree_lo"),
        "origin_country": F(f"{pair}capacity__origin_country"),
        "destination_country": F(f"{pair}need__destination__country"),
        "exporter_region": F(f"{pair}capacity__company__region"),
        "importer_region": F(f"{pair}need__company__region"),
    }


def with_sides(rows: Iterable[ListedMatch] | Iterable[MatchResult]) -> list[MatchResult]:
    """Everything that the rows of a page show, by their keys, in their order. For a page, not a list. Nine queries."""
    wanted = [row.result_id if isinstance(row, ListedMatch) else row.pk for row in rows]
    found = lean(MatchResult, wanted, OF_RESULT)
    results = [found[pk] for pk in wanted if pk in found]
    matches = attach(Match, (), (results, "match"))
    results = [result for result in results if is_attached(result, "match")]
    attach(Run, ("as_of", "finished_at"), (results, "run"), (matches, "first_run"))
    attach_pairs(matches)
    return results


def attach_pairs(pairs: Iterable[Match] | Iterable[NearMiss] | Iterable[PlanFlow] | Iterable[PlanLine]) -> None:
    """Both sides of pairs as rows show them: in six narrow queries, for one of all tables takes the database longer
    to plan than to carry out, and repeats each company and each place in every row."""
    needs = attach(Need, OF_NEED, (pairs, "need"))
    capacities = attach(Capacity, OF_CAPACITY, (pairs, "capacity"))
    companies = attach(Company, OF_COMPANY, (needs, "company"), (capacities, "company"))
    attach(Commodity, ("hs_code", *NAMES), (capacities, "commodity"))
    attach(Place, ("country", *NAMES), (needs, "destination"), (capacities, "place"), (companies, "place"))
    attach(Region, NAMES, (companies, "region"))


def of_refreshes(rows: QuerySet[ListedMatch] | QuerySet[MatchResult]) -> QuerySet:
    """Those that were looked at again after an edit: their figures are of a later run than the others'."""
    run = "run" if rows.model is MatchResult else "result__run"
    return rows.filter((f"{run}__kind", RunKind.REFRESH))


def batched(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    keys = iter(keys)
    while some := list(islice(keys, size)):
        yield some


def newest_run(user) -> Run | None:
    """The newest finished official run, on which every page rests but for what refreshes found since."""
    return Run.objects.visible_to(user).official().finished().first()


def newest_official_run() -> Run | None:
    """The same for pages of a company, which tell of a run no more than when it read the book."""
    return Run.objects.official().finished().first()


def newest_near_misses(user) -> QuerySet[NearMiss]:
    """The near misses of now whose companies trade today. Nothing for business users: a row names both sides."""
    if not may_see_every_company(user):
        return NearMiss.objects.none()
    return with_pair(NearMiss.objects.visible_to(user).current())


def with_pair(misses: QuerySet[NearMiss]) -> QuerySet[NearMiss]:
    """Near misses under the names of a listed row; both sides they have themselves."""
    named = {name: path for name, path in of_a_pair().items() if name not in ("need", "capacity")}
    return misses.annotate(**named)


def near_miss_sides(misses: Iterable[NearMiss]) -> list[NearMiss]:
    """Everything the rows of a page of near misses show. Seven queries beside that of the rows."""
    rows = list(misses)
    attach(Run, ("as_of",), (rows, "run"))
    attach_pairs(rows)
    return rows
