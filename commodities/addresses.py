"""Goods in the address of a list: by the code of a commodity, of an HS node or of a group."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import MOST_ECHOED
from commodities.models import Commodity, CommodityGroup


class GoodsField(forms.CharField):
    """The code of a commodity, of an HS node or of a group; clean, it is that node."""

    def clean(self, value: str) -> Commodity | CommodityGroup | None:
        code = super().clean(value)
        if not code:
            return None
        for kind in (Commodity, CommodityGroup):
            if node := kind.objects.filter(code=code).first():
                return node
        raise ValidationError(_("There are no goods with the code %(code)s."), params={"code": code[:MOST_ECHOED]})


class GoodsFilter(django_filters.Filter):
    field_class = GoodsField


def parts_of(node: Commodity | CommodityGroup) -> list[Commodity]:
    """The nodes that a code stands for: itself, or the members of a group."""
    return list(node.members.all()) if isinstance(node, CommodityGroup) else [node]
