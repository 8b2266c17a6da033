"""The listed rows as plain Python makes them from their sources, one match after the other."""

from matching.enums import MatchState
from matching.models import ListedMatch, Match
from matching.models.listed import FOR_EVER, NEVER

SIDES = ("capacity__commodity", "capacity__company", "need__company", "need__destination")
COLUMNS = [field.attname for field in ListedMatch._meta.concrete_fields]


def kept() -> dict[int, dict]:
    return {row["match_id"]: row for row in ListedMatch.objects.values(*COLUMNS)}


def recomputed() -> dict[int, dict]:
    matches = Match.objects.exclude(latest=None).select_related("latest", *SIDES)
    return {match.pk: row_of(match) for match in matches if match.is_current or match.state != MatchState.NEW}


def row_of(match: Match) -> dict:
    result, need, capacity = match.latest, match.need, match.capacity
    row = {
        "match_id": match.pk,
        "result_id": result.pk,
        "first_run_id": match.first_run_id,
        "state": match.state,
        "is_current": match.is_current,
        "score_ppm": result.score_ppm,
        "known_rules": result.known_rules,
        "unknown_rules": sorted(rule for rule, verdict in result.verdicts.items() if verdict == 0),
        "failed_rules": result.failed_rules,
        "movable_kg": result.movable_kg,
        "planned_kg": result.planned_kg,
        "landed_high_usd_per_t": result.landed_high_usd_per_t,
        "days_high": result.days_high,
        "capacity_id": capacity.pk,
        "capacity_open": capacity.status == "open",
        "capacity_until": capacity.valid_until,
        "commodity_id": capacity.commodity_id,
        "sector": capacity.commodity.sector,
        "tree_lo": capacity.commodity.tree_lo,
        "goods_name": capacity.commodity.name_en,
        "origin_country": capacity.origin_country,
        "need_id": need.pk,
        "need_open": need.status == "open",
        "need_until": need.valid_until,
        "destination_country": need.destination.country,
        "is_seen": not (need.company.is_hidden or capacity.company.is_hidden),
    }
    for side, company in (("exporter", capacity.company), ("importer", need.company)):
        row |= {
            f"{side}_id": company.pk,
            f"{side}_name": company.name_registered,
            f"{side}_region_id": company.region_id,
            f"{side}_trades": company.status == "active" and not company.is_hidden,
            f"{side}_is_hidden": company.is_hidden,
        }
    return row | {"listed_until": until(match, row)}


def until(match: Match, row: dict):
    if match.state != MatchState.NEW:
        return FOR_EVER
    stands = ("is_current", "exporter_trades", "importer_trades", "need_open", "capacity_open")
    ends = [day for day in (row["need_until"], row["capacity_until"]) if day]
    return min(ends, default=FOR_EVER) if all(row[name] for name in stands) else NEVER
