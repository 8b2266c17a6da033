"""How the list of notices is paged: what is unread first, then the newest."""

from django.db.models import Q, QuerySet

from accounts.lists.filters import ListForm, SortedFilter


class NoticeFilter(SortedFilter):
    class Meta:
        form = ListForm

    def sorted(self) -> QuerySet:
        return self.qs.alias(is_read=Q(read_at__isnull=False)).order_by("is_read", "-pk")
