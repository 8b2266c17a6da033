"""What companies tell the apps above them, which they do not know; sent within the transaction of the change."""

from django.dispatch import Signal

# A need or capacity was opened, edited, paused, resumed, withdrawn, closed or renewed. Carries `listing`.
listing_changed = Signal()
# Many listings of some companies changed at once: a book was written or undone. Carries `companies`.
book_changed = Signal()
