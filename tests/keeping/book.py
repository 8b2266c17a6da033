"""Who says goodbye in these tests, and what a run of their book says."""

import json

from matching import services
from matching.models import Run

GOODBYE = "rina.wulandari@sumber-laut.example"
NAME = "Rina Wulandari"


def carry_out(run: Run) -> Run:
    """What the worker does, one step after another."""
    for shard in services.cut_book(run.pk).shards:
        services.carry_out_shard(shard)
    services.close_run(run.pk)
    run.refresh_from_db()
    return run


def run_bytes(run: Run) -> str:
    """What `match --json` prints of it."""
    return json.dumps(services.run_report(run), ensure_ascii=False, indent=1, sort_keys=True)
