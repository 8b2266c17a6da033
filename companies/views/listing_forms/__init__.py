"""Pages that make and change a need or a capacity, beginning with the person's own words."""

from companies.views.listing_forms.adding import capacity_new, need_new
from companies.views.listing_forms.changing import capacity_edit, need_edit

__all__ = ["capacity_edit", "capacity_new", "need_edit", "need_new"]
