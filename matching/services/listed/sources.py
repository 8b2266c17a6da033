"""From where each column of a listed row comes, as SQL: `settle` brings rows to it, triggers keep them there."""

OF_THE_MATCH = {
    "result_id": "result.id",
    "first_run_id": "one.first_run_id",
    "state": "one.state",
    "is_current": "one.is_current",
    "score_ppm": "result.score_ppm",
    "known_rules": "result.known_rules",
    "unknown_rules": (
        "ARRAY(SELECT rule FROM jsonb_each(result.verdicts) AS said (rule, verdict)"
        " WHERE verdict = '0' ORDER BY rule COLLATE \"C\")::varchar[]"
    ),
    "failed_rules": "result.failed_rules",
    "movable_kg": "result.movable_kg",
    "planned_kg": "result.planned_kg",
    "landed_high_usd_per_t": "result.landed_high_usd_per_t",
    "days_high": "result.days_high",
}
OF_THE_GOODS = {"sector": "goods.sector", "tree_lo": "goods.tree_lo", "goods_name": "goods.name_en"}
OF_THE_CAPACITY = {
    "capacity_open": "capacity.status = 'open'",
    "capacity_until": "capacity.valid_until",
    "commodity_id": "capacity.commodity_id",
    "origin_country": "capacity.origin_country",
    "exporter_id": "capacity.company_id",
}
OF_THE_NEED = {
    "need_open": "need.status = 'open'",
    "need_until": "need.valid_until",
    "destination_country": "destination.country",
    "importer_id": "need.company_id",
}


def of_the_company(side: str) -> dict[str, str]:
    return {
        f"{side}_name": f"{side}.name_registered",
        f"{side}_region_id": f"{side}.region_id",
        f"{side}_trades": f"{side}.status = 'active' AND NOT {side}.is_hidden",
        f"{side}_is_hidden": f"{side}.is_hidden",
    }


COLUMNS = {
    "match_id": "one.id",
    "need_id": "one.need_id",
    "capacity_id": "one.capacity_id",
    **OF_THE_MATCH,
    **OF_THE_CAPACITY,
    **OF_THE_GOODS,
    **of_the_company("exporter"),
    **OF_THE_NEED,
    **of_the_company("importer"),
}
# Of `one`, a match: both sides with what its row repeats of them.
SIDES = """
    JOIN companies_capacity capacity ON capacity.id = one.capacity_id
    JOIN commodities_commodity goods ON goods.id = capacity.commodity_id
    JOIN companies_company exporter ON exporter.id = capacity.company_id
    JOIN companies_need need ON need.id = one.need_id
    JOIN corridor_place destination ON destination.id = need.destination_id
    JOIN companies_company importer ON importer.id = need.company_id
"""
# Every match that has a row, with all that its row repeats.
SOURCES = f"matching_match one JOIN matching_matchresult result ON result.id = one.latest_id {SIDES}"
HAS_A_ROW = "(one.is_current OR one.state <> 'new')"
