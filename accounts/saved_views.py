"""Lists that people want to find again: which lists can be kept, how a view is saved, named, shared and removed."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus, urlencode

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Case, When
from django.http import HttpRequest
from django.urls import get_resolver, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import SavedView, User

MOST_VIEWS = 50  # of one list by one person: more are no help to anybody
MOST_SHARED = 50  # of colleagues, above one list: the first by name
LONGEST_QUERY = 2000
OF_A_MOMENT = ("page", "after", "before")  # where somebody had leafed to: no part of a view
LISTS: dict[str, Promise] = {}  # name of the page -> what the list is called


def keeps_views(page: str, title: Promise) -> Callable:
    """A list whose views can be saved; decorates its view."""
    LISTS[page] = title
    return lambda view: view


def lists() -> dict[str, Promise]:
    """Every list that keeps views, also where no page was asked for yet: the addresses bring their pages along."""
    get_resolver().url_patterns  # noqa: B018 - read for what it loads
    return LISTS


@dataclass(frozen=True)
class ShownView:
    """A saved view as a list shows it."""

    view: SavedView
    address: str
    is_own: bool
    is_open: bool


@dataclass(frozen=True)
class ViewsOfList:
    """What stands around a list of its saved views."""

    page: str
    query: str  # of the list as it is shown now, as a new view would keep it
    address: str  # the same, to be handed to a colleague
    own: list[ShownView]
    shared: list[ShownView]


def kept_query(query: str) -> str:
    """What a view keeps of an address: without empty fields, and without the page somebody had come to."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name not in OF_A_MOMENT and value.strip()]
    return urlencode(pairs)


def address_of(view: SavedView) -> str:
    return reverse(view.page) + (f"?{view.query}" if view.query else "")


def views_of(request: HttpRequest, page: str) -> ViewsOfList:
    """The saved views of a list that a person may open: their own, then those that colleagues shared."""
    now = kept_query(request.GET.urlencode())
    views = SavedView.objects.visible_to(request.user).filter(page=page).select_related("owner")
    asked = sorted_query(now)
    order = Case(When(owner=request.user, then=0), default=1), *SavedView._meta.ordering
    views = views.order_by(*order)[: MOST_VIEWS + MOST_SHARED]
    shown = [
        ShownView(view, address_of(view), view.owner_id == request.user.pk, sorted_query(view.query) == asked)
        for view in views
    ]
    own = [view for view in shown if view.is_own]
    shared = [view for view in shown if not view.is_own][:MOST_SHARED]
    address = request.build_absolute_uri(reverse(page) + (f"?{now}" if now else ""))
    return ViewsOfList(page, now, address, own, shared)


def view_at(request: HttpRequest) -> SavedView | None:
    """The saved view whose address is asked for, one's own before a colleague's; None where it is no saved view."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    if page not in lists():
        return None
    asked = sorted_query(kept_query(request.GET.urlencode()))
    views = SavedView.objects.visible_to(request.user).filter(page=page).select_related("owner")
    found = [view for view in views if sorted_query(view.query) == asked]
    return min(found, key=lambda view: view.owner_id != request.user.pk, default=None)


def said_of(view: SavedView, gone: str, *, is_own: bool) -> str:
    """What to tell who opens a view of which only a part still holds."""
    words = _("The view “%(name)s” asks for what is no longer there: %(gone)s. The rest of it is shown.")
    step = _("To keep the rest, save this list and remove that view.")
    said = words % {"name": view.name, "gone": gone}
    return f"{said} {step}" if is_own else said


def sorted_query(query: str) -> list[tuple[str, str]]:
    """The order of the words of an address says nothing."""
    return sorted(parse_qsl(query))


@transaction.atomic
def save_view(owner: User, *, page: str, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep a list under a name. The same once more is no second view: somebody pressed twice."""
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    query = kept_query(query)
    if page not in lists() or "\x00" in unquote_plus(query):
        raise ValidationError(_("This list cannot be saved."))
    if len(query) > LONGEST_QUERY:
        raise ValidationError(_("This view has too many filters to be saved. Take some off."))
    own = SavedView.objects.filter(owner=owner, page=page)
    if same := own.filter(name=name, query=query, is_shared=is_shared).first():
        return same
    if own.filter(name=name).exists():
        raise ValidationError({"name": name_is_taken(name)})
    if own.count() >= MOST_VIEWS:
        raise ValidationError(
            _("You have %(most)s views of this list already. Remove one first."), params={"most": MOST_VIEWS}
        )
    return own.create(owner=owner, page=page, name=name, query=query, is_shared=is_shared)


def rename_view(view: SavedView, name: str) -> None:
    """Another name for one's own view."""
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name)
    except IntegrityError:
        raise ValidationError({"name": name_is_taken(name)}) from None


def share_view(view: SavedView, *, is_shared: bool) -> None:
    """Let everybody who may open the list find the view there, or no longer."""
    SavedView.objects.filter(pk=view.pk).update(is_shared=is_shared)


def remove_view(view: SavedView) -> None:
    SavedView.objects.filter(pk=view.pk).delete()


def name_is_taken(name: str) -> ValidationError:
    return ValidationError(
        _("You have a view called “%(name)s” already. Give this one another name."), params={"name": name}
    )
