"""Edits of listings as people make them, refreshes as the worker carries them out, and what stands afterwards."""

from decimal import Decimal

from django.utils import timezone

from accounts.history import forgetting
from matching import services
from matching.enums import RunKind, RunState
from matching.models import Match, NearMiss, Run
from matching.services.refreshing import refresh_of
from tests.matching.book import AS_OF

TOO_DEAR = Decimal(5000)
NOT_COMPARED = ("id", "run_id", "match_id", "planned_kg")


def edit(listing, **facts):
    """Save a listing as its form does: the change, and what is recorded with it."""
    for name, value in facts.items():
        setattr(listing, name, value)
    listing.save()
    services.ask_for_refresh(listing, as_of=AS_OF)
    return listing


def failed(run: Run, code: str) -> None:
    """The refresh has ended so, now."""
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, reason_code=code, finished_at=timezone.now())


def heard_now(model) -> None:
    """Within the transaction of a test all that the history keeps bears the time of its beginning."""
    newest = model.pgh_event_model.objects.order_by("-pgh_id").first()
    with forgetting():
        model.pgh_event_model.objects.filter(pk=newest.pk).update(pgh_created_at=timezone.now())


def refresh_all() -> list[Run]:
    """What the workers do until no refresh waits any more."""
    done = []
    while (waiting := services.next_waiting()) is not None:
        services.carry_out_refresh(waiting)
        run = Run.objects.get(pk=waiting)
        assert run.state == RunState.FINISHED
        done.append(run)
    return done


def refreshed(listing, **facts) -> Run:
    """The refresh that an edit asks for, once it and all others are carried out."""
    edit(listing, **facts)
    refresh_all()
    return refresh_of(listing)


def carry_out(run: Run) -> Run:
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    services.close_run(run.pk)
    run.refresh_from_db()
    return run


def official() -> Run:
    return carry_out(services.start_run(kind=RunKind.OFFICIAL, as_of=AS_OF))


def standing() -> dict:
    """Who fits whom and who nearly does, without the plan and without numbers that differ from run to run."""
    matches = {}
    for match in Match.objects.filter(is_current=True).select_related("latest"):
        result = {name: value for name, value in vars(match.latest).items() if name[0] != "_"}
        if match.latest.rank_for_need is None and match.latest.rank_for_capacity is None:
            continue  # in nobody's list: it is current by the plan alone
        matches[match.need_id, match.capacity_id] = {k: v for k, v in result.items() if k not in NOT_COMPARED}
    columns = ("need_id", "capacity_id", "rule", "side", "change", "effort", "score_ppm")
    misses = NearMiss.objects.filter(is_current=True).order_by("need_id", "capacity_id").values(*columns)
    return {"matches": matches, "near misses": list(misses)}


def current() -> set[tuple[int, int]]:
    return set(Match.objects.current().values_list("need", "capacity"))
