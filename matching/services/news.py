"""Whom the matching tells of what: companies of partners that are new, those who run it of a run that failed."""

from collections import Counter
from collections.abc import Collection, Mapping

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from companies.enums import ListingStatus
from companies.models import Company, Membership
from matching.enums import MatchState, RunKind
from matching.models import Match, Run
from notices.enums import NoticeKind
from notices.models import Notice
from notices.services import News, tell, tell_each


def tell_of_new_matches(run: Run) -> None:
    """Tell the people of each company how many partners fit it since this run; of an official run, and once.

    Half a dozen queries, however many companies there are. To be called in the transaction that ends the run, so that
    nobody is told of results that were not saved, and nothing that was saved goes untold.
    """
    if run.kind == RunKind.OFFICIAL:
        tell_companies(new_matches_by_company(new_matches(run)), f"run:{run.pk}")


def tell_of_refreshed(run: Run, edited_by: Collection[int]) -> None:
    """Tell the partners of a listing that was edited; whoever edited it sees at once what came of it.

    Once a day and company: of what comes later that day the next official run tells. So nobody is rung up by edits.
    """
    counts = new_matches_by_company(current_matches().filter(first_run=run))
    others = {company: count for company, count in counts.items() if company not in edited_by}
    tell_companies(others, f"refreshed:{timezone.localdate(run.finished_at).isoformat()}")


def tell_companies(counts: Mapping[int, int], event: str) -> None:
    people = people_of(counts)
    companies = Company.objects.filter(pk__in=people).order_by("pk")
    tell_each(
        News(
            users=people[company.pk],
            kind=NoticeKind.NEW_MATCHES,
            event=f"{event}:company:{company.pk}",
            facts={"company": str(company), "count": counts[company.pk]},
            address=reverse("matching:partner-list"),
        )
        for company in companies
    )


def new_matches_by_company(matches: QuerySet[Match]) -> Counter:
    """How many of some matches each company is told of."""
    counts: Counter[int] = Counter()
    for side, other in (("need", "capacity"), ("capacity", "need")):
        rows = matches.filter((f"{other}__status", ListingStatus.OPEN)).order_by()
        counts.update(dict(rows.values_list(f"{side}__company").annotate(matches=Count("pk"))))
    return counts


def new_matches(run: Run) -> QuerySet[Match]:
    """What an official run found first, and what refreshes did since the one before: not all of it was told of."""
    before = Run.objects.official().finished().filter(pk__lt=run.pk).first()
    since = Q(first_run__kind=RunKind.REFRESH, first_run__pk__gt=before.pk if before else 0)
    return current_matches().filter(Q(first_run=run) | since)


def current_matches() -> QuerySet[Match]:
    return Match.objects.current().exclude(state=MatchState.DISMISSED)


def tell_of_failure(run: Run) -> None:
    """Tell those who run the matching that an official run did not finish."""
    if run.kind != RunKind.OFFICIAL:
        return
    tell(
        users=User.objects.filter(role__in=[Role.STAFF, Role.ADMIN], is_active=True),
        kind=NoticeKind.RUN_FAILED,
        event=f"run:{run.pk}:failed",
        facts={"run": run.pk},
        address=reverse("matching:run-detail", args=[run.pk]),
    )


def tell_of_proposal(match: Match) -> None:
    """Tell both sides that the city proposes to introduce them, and neither who the other is."""
    tell_of_proposals([match])


def tell_of_proposals(matches: Collection[Match]) -> None:
    """The same of many matches. Half a dozen queries, however many there are."""
    asked = Match.objects.filter(pk__in=[match.pk for match in matches])
    told = {side: set(asked.told_to_side(side).values_list("pk", flat=True)) for side in ("need", "capacity")}
    companies = [
        (match, getattr(match, side).company) for match in matches for side, pks in told.items() if match.pk in pks
    ]
    people = people_of({company.pk for _match, company in companies})
    tell_each(
        News(
            users=people.get(company.pk, []),
            kind=NoticeKind.MATCH_PROPOSED,
            event=proposal_event(match, company.pk),
            facts={"company": str(company)},
            address=reverse("matching:partner-detail", args=[match.pk]),
        )
        for match, company in companies
    )


def people_of(companies: Collection[int]) -> dict[int, list[User]]:
    """Who acts for each of some companies."""
    people: dict[int, list[User]] = {}
    for member in Membership.objects.filter(company__in=companies, user__is_active=True).select_related("user"):
        people.setdefault(member.company_id, []).append(member.user)
    return people


def withdraw_proposals(matches: Collection[Match]) -> int:
    """Take back what nobody has been told yet of proposals that stand no more; say how many people know of them.

    A notice that was read, or that a letter carries, is not made unsaid: whoever took the proposal back has to call.
    """
    events = [
        proposal_event(match, company)
        for match in matches
        for company in (match.need.company_id, match.capacity.company_id)
    ]
    told = Notice.objects.filter(event__in=events)
    told.unread().filter(letter_taken_at__isnull=True).delete()
    return told.values("user").distinct().count()


def proposal_event(match: Match, company: int) -> str:
    return f"match:{match.pk}:proposed:company:{company}"
