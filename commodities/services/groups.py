"""Groups of goods that buyers ask for together."""

from commodities.loading import NAMES, SOURCE, Column, Loading, Row, Table, checked, columns, in_languages
from commodities.loading.cells import one_of, text, words
from commodities.models import CommodityGroup, CommodityGroupMember

MEMBER_KINDS = ["hs2", "hs4", "hs6", "commodity"]

GROUPS = Table(
    "commodity_groups.csv",
    key=("code",),
    columns=(
        *columns("code", "sector"),
        *NAMES,
        *in_languages("synonyms", "synonyms", words(text())),
        *columns("note"),
        *SOURCE,
    ),
    model=CommodityGroup,
)


def complete_member(row: Row) -> None:
    member, kind = row.typed["member"], row.cells["member_kind"]
    actual = f"hs{len(member)}" if member.isdigit() else "commodity"
    if kind != actual:
        raise ValueError(f"'{member}' is of kind {actual}, not {kind}")


MEMBERS = Table(
    "commodity_group_members.csv",
    key=("group_code", "member"),
    columns=(
        Column("group_code", "group"),
        Column("member", "commodity"),
        checked("member_kind", one_of(MEMBER_KINDS)),
        *SOURCE,
    ),
    model=CommodityGroupMember,
    complete=complete_member,
)


def load_groups(loading: Loading) -> None:
    """Load the groups and what belongs to each: HS nodes with all below them, or single commodities."""
    loading.load(GROUPS)
    loading.load(MEMBERS)
