"""The address of the page on what is missing: how near misses are gathered, narrowed and sorted."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import ListForm
from matching.coaching.openings import ORDERS, Openings
from matching.tables.filters import NearMissFilter

GROUPS = {
    "change": _("Change"),
    "certificate": _("Certificate"),
    "company": _("Company"),
    "goods": _("Goods"),
    "district": _("District"),
    "rule": _("Rule"),
}


class CoachingForm(ListForm):
    sorts = {name: name for name in ORDERS}
    falls_first = tuple(ORDERS)
    by = forms.ChoiceField(required=False, choices=list(GROUPS.items()), label=_("Gathered by"))


class CoachingFilter(NearMissFilter):
    """Near misses, gathered into groups."""

    default_sort = "-tonnes"

    class Meta:
        form = CoachingForm

    @property
    def by(self) -> str:
        return self.form.cleaned_data.get("by") or "change"

    @property
    def narrowing(self) -> QueryDict:
        """What of the address narrows the near misses: the list of near misses takes the same."""
        kept = QueryDict(mutable=True)
        for name in self.filters:
            if values := self.data.getlist(name):
                kept.setlist(name, values)
        return kept

    def sorted(self) -> Openings:
        sort = self.form.cleaned_data.get("sort") or self.default_sort
        return Openings(self.qs, self.by, sort.removeprefix("-"), falls=sort.startswith("-"))
