"""Who is here already under such a name or number, as far as the person who asks may know."""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.permissions import may_see_every_company
from companies.finding.folding import ways_to_ask
from companies.finding.likeness import THRESHOLD, likeness
from companies.models import Company

SAME_NUMBER = "same_number"
SOMEBODY = "a_company_like_this"
MOST_SHOWN = 5
# Candidates have this share of the three-letter pieces of one way to ask; those most alike are compared in full.
LEAST_SHARED = 0.55
MOST_COMPARED = 60
SETTINGS = """
SELECT set_config('pg_trgm.word_similarity_threshold', %s, true), set_config('enable_seqscan', 'off', true),
       set_config('max_parallel_workers_per_gather', '0', true)
"""
ALIKE = """
SELECT c.id, company_sounds(%s) <<-> c.name_sounds AS distance, abs(length(c.name_sounds) - 2 * %s) AS longer
FROM companies_company c WHERE company_sounds(%s) <%% c.name_sounds
"""
NEAREST = """
SELECT id FROM ({alike}) AS alike WHERE id IN ({allowed})
GROUP BY id ORDER BY min(distance), min(longer), id LIMIT {most}
"""


@dataclass(frozen=True)
class Candidate:
    """A company that may be the one meant. Without `company` and score: one is here, and no more may be told.

    `why`: same_number, same_name, other_spelling (of one name), slip_of_the_pen, near_name (only when asked for less
    than the threshold), a_company_like_this.
    """

    company: Company | None
    score: float | None
    why: str


def find_company(
    name: str,
    number: str = "",
    country: str = "",
    *,
    for_whom,
    leaving_out: Company | None = None,
    at_least: float = THRESHOLD,
) -> tuple[Candidate, ...]:
    """The companies that are likely the one named, best first.

    Staff and officers are told which. Others are told of those they act for; of all the rest only that there is one,
    by one candidate without a company, whose score and reason stay untold. What is hidden is told to nobody.
    """
    asked = Company.objects.filter(is_hidden=False)
    if country:
        asked = asked.filter(country=country)
    if leaving_out is not None and leaving_out.pk:
        asked = asked.exclude(pk=leaving_out.pk)
    found = likely_among(asked, name, number, at_least=at_least)
    if may_see_every_company(for_whom):
        return found[:MOST_SHOWN]
    ours = set(
        Company.objects.visible_to(for_whom)
        .filter(pk__in=[one.company.pk for one in found])
        .values_list("pk", flat=True)
    )
    told = [one for one in found if one.company.pk in ours][:MOST_SHOWN]
    if len(ours) < len(found):
        told.append(Candidate(None, None, SOMEBODY))
    return tuple(told)


def likely_among(
    companies: QuerySet, name: str, number: str = "", *, at_least: float = THRESHOLD
) -> tuple[Candidate, ...]:
    """Those of some companies that are likely the one named or numbered, best first. Whoever asks may see them all."""
    found: dict[int, Candidate] = {}
    if digits := "".join(filter(str.isalnum, number)):
        for company in companies.filter(registration_number=digits):
            found[company.pk] = Candidate(company, 1.0, SAME_NUMBER)
    for company in _sounding_like(companies, name):
        names = filter(None, (company.name_registered, company.name_latin, company.name_short))
        best = max((likeness(name, one) for one in names), key=lambda one: one.score)
        if best.score >= at_least:
            found.setdefault(company.pk, Candidate(company, best.score, best.why))
    by_score = sorted(found.values(), key=lambda one: (one.why != SAME_NUMBER, -one.score, one.company.pk))
    return tuple(by_score)


def _sounding_like(companies: QuerySet, name: str) -> list[Company]:
    """The companies worth comparing: alike to one way to ask, and of many those that are about as long."""
    ways = ways_to_ask(name)
    if not ways:
        return []
    try:
        allowed, allowed_params = companies.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # none at all may be shown
        return []
    # One branch a way, so that each is answered by the index. Nothing but the number of ways shapes the statement.
    statement = NEAREST.format(alike=" UNION ALL ".join([ALIKE] * len(ways)), allowed=allowed, most=MOST_COMPARED)
    params = [part for way in ways for part in (way, len(way), way)]
    # What is set for this one question is unset again by going back to where it began: nothing is written here. The
    # planner would read the whole table, as it takes comparing names for as cheap as comparing numbers, and would call
    # helpers that take longer to come than the search.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTINGS, [str(LEAST_SHARED)])
        cursor.execute(statement, [*params, *allowed_params])
        nearest = [pk for (pk,) in cursor.fetchall()]
        transaction.set_rollback(True)
    return list(companies.filter(pk__in=nearest))
