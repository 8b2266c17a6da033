"""What can be done with reports: ordered, made by a worker, shared, taken away, removed. docs/reports-making.md."""

from reports.services.calling import call
from reports.services.cancelling import cancel
from reports.services.ending import fail, note_error, sweep
from reports.services.keeping import forget, remove_what_is_over
from reports.services.making import carry_out
from reports.services.ordering import MOST_UNFINISHED, add_file, check_order, order_report, try_again
from reports.services.previewing import Preview, preview
from reports.services.sharing import share, unshare
from reports.services.storing import made_again
from reports.services.taking import take_away

__all__ = [
    "MOST_UNFINISHED",
    "Preview",
    "add_file",
    "call",
    "cancel",
    "carry_out",
    "check_order",
    "fail",
    "forget",
    "made_again",
    "note_error",
    "order_report",
    "preview",
    "remove_what_is_over",
    "share",
    "sweep",
    "take_away",
    "try_again",
    "unshare",
]
