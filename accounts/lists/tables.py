"""What a person chooses of a table: which columns, and how closely the rows stand. Both stand in its address."""

from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import ListForm
from accounts.lists.pages import Listing

COMPACT, ROOMY = "compact", "roomy"
MOST_BESIDE_A_FILTER = 8
DENSITIES = ((ROOMY, _("with room")), (COMPACT, _("closely")))


@dataclass(frozen=True)
class ListColumn:
    """A column that a list may show: its key in the address, its head, and whether it is there unless chosen off."""

    key: str
    label: Promise
    is_usual: bool = True
    is_fixed: bool = False  # the head of the row, without which nobody knows what a row is
    kind: str = ""  # class of the head
    sort: str = ""  # the sort order that is called otherwise than the column


class TableForm(ListForm):
    """A list with columns to choose from: `offered`."""

    offered: tuple[ListColumn, ...] = ()
    columns = forms.MultipleChoiceField(required=False, label=_("Columns"))
    density = forms.ChoiceField(required=False, choices=DENSITIES, label=_("Rows"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = [(column.key, column.label) for column in self.offered]

    def shown_columns(self) -> frozenset[str]:
        """The columns of a valid address: those it names, else the usual ones; never without the head of the row."""
        chosen = self.cleaned_data.get("columns") or [column.key for column in self.offered if column.is_usual]
        return frozenset(chosen) | {column.key for column in self.offered if column.is_fixed}


@dataclass(frozen=True)
class Table:
    """How the rows of a list are shown."""

    show: frozenset[str]
    choices: list[dict]
    is_compact: bool
    usual_address: str

    @property
    def columns(self) -> list[dict]:
        return [choice for choice in self.choices if choice["is_shown"]]

    @property
    def is_usual(self) -> bool:
        return all(choice["is_shown"] == choice["is_usual"] for choice in self.choices) and not self.is_compact

    @property
    def is_wide(self) -> bool:
        """With more columns than fit beside the filter the table scrolls by itself."""
        return len(self.show) > MOST_BESIDE_A_FILTER


def table_of(shown: Listing) -> Table:
    """The table that a valid address asks for."""
    form = shown.filters.form
    show, sorts = form.shown_columns(), shown.sort_links()
    choices = [
        {
            "key": column.key,
            "label": column.label,
            "kind": column.kind,
            "sort": sorts.get(column.sort or column.key),
            "is_shown": column.key in show,
            "is_usual": column.is_usual or column.is_fixed,
            "is_fixed": column.is_fixed,
        }
        for column in form.offered
    ]
    is_compact = form.cleaned_data.get("density") == COMPACT
    return Table(show, choices, is_compact, shown.address(columns=None, density=None))
