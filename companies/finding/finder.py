"""Who is here already under such a name or number, as far as the person who asks may know."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import FloatField, QuerySet
from django.db.models.expressions import RawSQL

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
SETTINGS = "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true), set_config('enable_seqscan', 'off', true)"
ALIKE = "SELECT c.id FROM companies_company c WHERE company_sounds(%s) <%% c.name_sounds"
DISTANCE = "company_sounds(%s) <<-> companies_company.name_sounds"


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
    """The companies worth comparing: alike to one way to ask, and of many those that are also alike as a whole."""
    ways = list(ways_to_ask(name))
    if not ways:
        return []
    # One branch a way, so that each is answered by the index. Nothing but the number of ways shapes the statement.
    alike = " UNION ALL ".join([ALIKE] * len(ways))
    distances = ", ".join([DISTANCE] * len(ways))
    nearest = RawSQL(f"least({distances})", ways, FloatField())  # noqa: S611
    whole = RawSQL("company_sounds(%s) <-> companies_company.name_sounds", ways[:1], FloatField())
    # What is set for this one question is unset again by going back to where it began: nothing is written here. The
    # planner would read the whole table, as it takes comparing names for as cheap as comparing numbers.
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(SETTINGS, [str(LEAST_SHARED)])
        found = list(
            companies.filter(pk__in=RawSQL(alike, ways)).order_by(nearest, whole, "pk")[:MOST_COMPARED]  # noqa: S611
        )
        transaction.set_rollback(True)
    return found
