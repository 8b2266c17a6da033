"""The columns that the lists of matches and near misses can show, in their order."""

from django.utils.translation import gettext_lazy as _

from accounts.lists.tables import ListColumn

MATCH_LIST_COLUMNS = (
    ListColumn("exporter", _("Exporter"), is_fixed=True, kind="tm-w-name"),
    ListColumn("importer", _("Importer"), kind="tm-w-name"),
    ListColumn("goods", _("Goods"), kind="tm-w-name"),
    ListColumn("quantity", _("Can move"), kind="tm-n"),
    ListColumn("planned", _("Planned"), is_usual=False, kind="tm-n"),
    ListColumn("landed", _("Landed cost"), kind="tm-n"),
    ListColumn("days", _("Days"), kind="tm-n"),
    ListColumn("score", _("Score")),
    ListColumn("could_reach", _("Could reach"), is_usual=False, kind="tm-n"),
    ListColumn("unknown", _("Not known"), is_usual=False),
    ListColumn("rank", _("Rank"), is_usual=False, kind="tm-n"),
    ListColumn("window", _("Delivery"), is_usual=False),
    ListColumn("first", _("First found"), is_usual=False),
    ListColumn("state", _("State")),
)
NEAR_MISS_COLUMNS = (
    ListColumn("exporter", _("Exporter"), is_fixed=True, kind="tm-w-name"),
    ListColumn("importer", _("Importer"), kind="tm-w-name"),
    ListColumn("goods", _("Goods"), kind="tm-w-name"),
    ListColumn("change", _("Smallest change"), sort="effort"),
    ListColumn("score", _("Score after it"), kind="tm-n"),
    ListColumn("window", _("Delivery"), is_usual=False),
)
