"""What the columns of the list of matches on its page are in a file; a file without chosen columns has them all."""

from reports.cutting.match_columns import COLUMNS

OF_THE_LIST: dict[str, tuple[str, ...]] = {
    "exporter": ("exporter", "exporter_place", "capacity"),
    "importer": ("importer", "importer_place", "need"),
    "goods": ("goods", "hs_code", "origin", "destination"),
    "quantity": ("movable_t",),
    "planned": ("planned_t",),
    "landed": ("landed_low", "landed_high", "cost_rests_on", "limit"),
    "days": ("days_low", "days_high"),
    "score": ("score", "known"),
    "could_reach": ("could_reach",),
    "unknown": ("not_known",),
    "rank": ("rank_for_need", "rank_for_capacity"),
    "window": ("window_from", "window_until"),
    "first": ("first_found",),
    "state": ("state", "fails"),
}
ALWAYS = ("match", "example", "run")  # which row it is, what of it is invented, and what it rests on


def columns_shown(form) -> tuple[str, ...]:
    """Keys of the columns that a list shows which somebody has chosen columns for; empty: all."""
    if not form.cleaned_data.get("columns"):
        return ()
    wanted = {*ALWAYS}.union(*(OF_THE_LIST[key] for key in form.shown_columns()))
    return tuple(column.key for column in COLUMNS if column.key in wanted)
