"""The columns that the lists of matches and near misses can show, in their order."""

from django.utils.translation import gettext_lazy as _

from accounts.lists.tables import ListColumn

MATCH_LIST_COLUMNS = (
    ListColumn("exporter", _("Exporter"), is_fixed=True),
    ListColumn("importer", _("Importer")),
    ListColumn("goods", _("Goods")),
    ListColumn("quantity", _("Can move")),
    ListColumn("planned", _("Planned"), is_usual=False),
    ListColumn("landed", _("Landed cost")),
    ListColumn("days", _("Days on the way")),
    ListColumn("score", _("Score")),
    ListColumn("could_reach", _("Could reach"), is_usual=False),
    ListColumn("unknown", _("Not known"), is_usual=False),
    ListColumn("rank", _("Rank"), is_usual=False),
    ListColumn("window", _("Delivery"), is_usual=False),
    ListColumn("first", _("First found"), is_usual=False),
    ListColumn("state", _("State")),
)
NEAR_MISS_COLUMNS = (
    ListColumn("exporter", _("Exporter"), is_fixed=True),
    ListColumn("importer", _("Importer")),
    ListColumn("goods", _("Goods")),
    ListColumn("change", _("Smallest change")),
    ListColumn("score", _("Score after it")),
    ListColumn("window", _("Delivery"), is_usual=False),
)
