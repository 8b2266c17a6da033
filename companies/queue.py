"""The queue of those who verify companies: who waits, since when, and whose turn it is."""

from datetime import date, datetime, time, timedelta

import django_filters
from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import figures
from accounts.lists.filters import ListForm
from companies.enums import CompanyKind, CompanyStatus, Screening, VerificationAct
from companies.filters import CompanyFilter
from companies.models import Company, Membership, StandIn, VerificationStep
from companies.permissions import VERIFIERS
from corridor.models import Region

WORKDAYS_A_WEEK = 5


class Turn(TextChoices):
    """Whose turn it is."""

    NEW = "new", gettext_lazy("to be looked at")
    ANSWERED = "answered", gettext_lazy("has answered")
    ASKED = "asked", gettext_lazy("asked, waiting for an answer")
    SUSPENDED = "suspended", gettext_lazy("suspended")


WAITING = (Turn.NEW, Turn.ANSWERED, Turn.ASKED)


class Age(TextChoices):
    """How long a company waits, in working days; the term is the setting VERIFICATION_WORKING_DAYS."""

    NEW = "new"
    TERM = "term"
    LATE = "late"


class CameBy(TextChoices):
    """Who entered the company."""

    ITSELF = "itself", gettext_lazy("the company itself")
    STAFF = "staff", gettext_lazy("city staff for it")
    BOOK = "book", gettext_lazy("a book")


def working_days(since: date, until: date) -> int:
    """Days from Monday to Friday after a day, up to another. Holidays count: nobody has told us which they are."""
    weeks, rest = divmod(max(0, (until - since).days), 7)
    more = [since + timedelta(days=7 * weeks + number) for number in range(1, rest + 1)]
    return WORKDAYS_A_WEEK * weeks + sum(day.weekday() < WORKDAYS_A_WEEK for day in more)


def waited_longer_than(days: int, today: date) -> datetime:
    """The moment before which a company asked that waits for more than so many working days."""
    asked = today
    while working_days(asked, today) <= days:
        asked -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(asked + timedelta(days=1), time.min))


def with_waiting(companies: QuerySet[Company]) -> QuerySet[Company]:
    """Each with `waiting_since` and `last_act`. What came submitted with a book waits since it came."""
    acts = VerificationStep.objects.filter(company=OuterRef("pk")).exclude(act=VerificationAct.CHECKED)
    return companies.annotate(
        waiting_since=Coalesce("submitted_at", "created_at"),
        last_act=Subquery(acts.order_by("-pk").values("act")[:1]),
    )


def queue_of(user, today: date) -> QuerySet[Company]:
    """The companies that wait to be verified or are suspended, as far as the person reads companies at all."""
    of_queue = Company.objects.visible_to(user).filter(
        status__in=(CompanyStatus.SUBMITTED, CompanyStatus.SUSPENDED), merged_into__isnull=True
    )
    is_late = Q(waiting_since__lt=waited_longer_than(settings.VERIFICATION_WORKING_DAYS, today))
    return with_waiting(of_queue.exclude(kind=CompanyKind.DIRECTORY)).annotate(
        turn=Case(
            When(status=CompanyStatus.SUSPENDED, then=Value(Turn.SUSPENDED)),
            When(last_act=VerificationAct.ASKED, then=Value(Turn.ASKED)),
            When(last_act=VerificationAct.ANSWERED, then=Value(Turn.ANSWERED)),
            default=Value(Turn.NEW),
        ),
        age=Case(
            When(status=CompanyStatus.SUSPENDED, then=Value("")),
            When(is_late, then=Value(Age.LATE)),
            When(waiting_since__lt=waited_longer_than(1, today), then=Value(Age.TERM)),
            default=Value(Age.NEW),
        ),
        came_by=Case(
            When(Exists(StandIn.objects.filter(company=OuterRef("pk"))), then=Value(CameBy.STAFF)),
            When(Exists(Membership.objects.filter(company=OuterRef("pk"))), then=Value(CameBy.ITSELF)),
            default=Value(CameBy.BOOK),
        ),
    )


def duty_of(user) -> list[str]:
    """The countries whose companies a person verifies."""
    return [country for country, roles in VERIFIERS.items() if user.role in roles]


def age_choices() -> list[tuple[str, str]]:
    term = settings.VERIFICATION_WORKING_DAYS
    known = {"days": figures.decimal(term)}
    return [
        (Age.NEW, _("up to 1 working day")),
        (Age.TERM, ngettext("up to %(days)s working day", "up to %(days)s working days", term) % known),
        (Age.LATE, ngettext("more than %(days)s working day", "more than %(days)s working days", term) % known),
    ]


def region_choices() -> list[tuple[str, str]]:
    """The regions from which somebody waits, by their names in the reader's language."""
    regions = Region.objects.filter(company__status__in=(CompanyStatus.SUBMITTED, CompanyStatus.SUSPENDED)).distinct()
    return sorted(((str(region.pk), region.name) for region in regions), key=lambda choice: choice[1])


class QueueForm(ListForm):
    sorts = {"company": "shown_name", "waiting": "waiting_since", "country": "country"}


class QueueFilter(CompanyFilter):
    """The queue: unless asked otherwise, who waits from the countries that are the reader's to verify."""

    default_sort = "waiting"
    status = kind = checked = None  # the filters of the whole list that say nothing here
    turn = django_filters.MultipleChoiceFilter(choices=Turn.choices, label=gettext_lazy("Whose turn is it?"))
    age = django_filters.MultipleChoiceFilter(choices=age_choices, label=gettext_lazy("How long does it wait?"))
    region = django_filters.MultipleChoiceFilter(choices=(), label=gettext_lazy("Region"))
    came_by = django_filters.MultipleChoiceFilter(choices=CameBy.choices, label=gettext_lazy("Who entered it?"))
    screening = django_filters.MultipleChoiceFilter(choices=Screening.choices, label=gettext_lazy("Screening"))

    class Meta:
        form = QueueForm

    def __init__(self, *args, duty: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["region"].extra["choices"] = region_choices()
        self.usual = {"country": duty, "turn": list(WAITING)}

    def narrowed(self, rows: QuerySet[Company], names) -> QuerySet[Company]:
        names = list(names)
        rows = super().narrowed(rows, names)
        for name, usual in self.usual.items():
            if name in names and not self.form.cleaned_data[name]:
                rows = rows.filter(**{f"{name}__in": usual})
        return rows

    def age_counts(self) -> dict[str, int]:
        """How many wait how long; of a suspended company nobody waits for anything."""
        rows = self.without("age").exclude(age="").values_list("age").annotate(rows=Count("pk", distinct=True))
        return dict(rows)

    def region_counts(self) -> dict[str, int]:
        return {str(region): rows for region, rows in self.counts("region", "region").items()}
