"""The difference of two runs for `match --against`: the same two runs give the same bytes."""

from commodities.models import Commodity
from matching.models import Run, RunDifference
from matching.services.reports import Names, by_names
from matching.services.run_differences.pairs import KINDS
from matching.services.what_ifs import weights_of


def difference_report(row: RunDifference) -> dict:
    """What each cause changed, and the most telling pairs. It holds no number of a run, no clock and no duration."""
    kept = row.figures
    numbers = [number for number in kept["kg"] if number.isdecimal()]
    code_of = {str(pk): code for pk, code in Commodity.objects.filter(pk__in=numbers).values_list("pk", "code")}
    names = Names([{"need_id": told["need"], "capacity_id": told["capacity"]} for told in row.rows])
    return {
        "before": rests_of(row.before),
        "after": rests_of(row.after),
        "rules_version": row.rules_version,
        "engine_version": row.engine_version,
        "is_apart": kept["is_apart"],
        "figures": {name: in_words(name, figure) for name, figure in kept["figures"].items()},
        "kg": {code_of.get(number, f"#{number}"): figure for number, figure in kept["kg"].items()},
        "counts": kept["counts"],
        "pairs": sorted(
            (named(told, names) for told in row.rows), key=lambda told: (KINDS.index(told["kind"]), by_names(told))
        ),
    }


def rests_of(run: Run) -> dict:
    """On what a run rests."""
    return {
        "as_of": run.as_of.isoformat(),
        "weights": weights_of(run),
        "rules_version": run.rules_version,
        "engine_version": run.engine_version,
        "corridor_version": run.corridor_version,
        "input_hash": run.input_hash,
    }


def in_words(name: str, figure: dict) -> dict:
    """Whole numbers of any size are text, as in the counts of a run, for JSON readers elsewhere would round them."""
    if name != "plan_value":
        return figure
    parts = {cause: str(part) for cause, part in figure["parts"].items()}
    return {"before": str(figure["before"]), "after": str(figure["after"]), "parts": parts}


def named(told: dict, names: Names) -> dict:
    facts = {name: value for name, value in told.items() if name not in ("need", "capacity")}
    return names.instead_of_ids(facts | {"need_id": told["need"], "capacity_id": told["capacity"]})
