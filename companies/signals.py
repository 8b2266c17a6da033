"""What companies tell the apps above them, which they do not know; sent within the transaction of the change."""

from django.dispatch import Signal

# A need or capacity was opened, edited, paused, resumed, withdrawn, closed or renewed. Carries `listing`; `was_open`,
# whether it was open before, where it was not; and `by_company`, false where the calendar did it and nobody asked.
listing_changed = Signal()
# Many listings of some companies changed at once: a book was written or undone, something of them was checked. Carries
# `companies`, and `by_company`, false where officials or the calendar did it and not the companies themselves.
book_changed = Signal()
# Needs and capacities that a book made are about to be deleted, for it is undone. Carries their numbers as the sets
# `needs` and `capacities`. Whoever hears it lets go of them, and answers with a dict of the same two names: those that
# people have decided upon, which are withdrawn instead.
listings_going = Signal()
# Contact persons withdrew, agreed anew (perhaps to less) or are removed; who they are is not told. Carries `companies`,
# the keys of theirs. Whoever keeps copies of contact persons lets them go.
contacts_withdrawn = Signal()
