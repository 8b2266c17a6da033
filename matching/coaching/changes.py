"""What near misses have in common: which change opens them, and which company would have to make it."""

from django.db.models import BigIntegerField, Case, F, IntegerField, QuerySet, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat, ExtractMonth, ExtractYear

from companies.enums import Period
from matching.enums import Side

CERTIFICATES = ("get_certificate", "renew_certificate")
PARAMETERS = ("tighten_guarantee", "widen_accepted")
BETWEEN = "|"  # between the parts of a key: "widen_accepted|iodine-value|%"
NOWHERE = "not-known"  # the region of a company that states none
TEXT = TextField()
EMPTY, DIVIDER = Value("", output_field=TEXT), Value(BETWEEN, output_field=TEXT)

# What is changed, with what: the key of one line of advice.
CHANGE = KT("change__code")
KIND, TERM = Coalesce(KT("change__kind"), EMPTY), Coalesce(KT("change__term"), EMPTY)
PARAMETER = Concat(Coalesce(KT("change__parameter"), EMPTY), DIVIDER, Coalesce(KT("change__unit"), EMPTY))
WITH_WHAT = Case(
    When(change__code__in=CERTIFICATES, then=Concat(CHANGE, DIVIDER, KIND)),
    When(change__code="accept_term", then=Concat(CHANGE, DIVIDER, TERM)),
    When(change__code__in=PARAMETERS, then=Concat(CHANGE, DIVIDER, PARAMETER)),
    default=CHANGE,
    output_field=TEXT,
)


def of_changer(path: str) -> Case:
    """Something of the company that would have to change: of the seller's where the change is the seller's."""
    return Case(When(side=Side.SELLER, then=F(f"capacity__{path}")), default=F(f"need__{path}"))


CHANGER = of_changer("company_id")
REGION = Coalesce(of_changer("company__region__code"), Value(NOWHERE))


def kilograms_of(listing: str, first: str, last: str) -> Case:
    """All that one listing asks for or offers: once, or in each month of its window."""
    first, last = f"{listing}__{first}", f"{listing}__{last}"
    months = (ExtractYear(last) - ExtractYear(first)) * 12 + ExtractMonth(last) - ExtractMonth(first) + 1
    times = Case(
        When(**{f"{listing}__period": Period.MONTHLY}, then=Cast(months, IntegerField())),
        default=Value(1),
        output_field=IntegerField(),
    )
    return Cast(F(f"{listing}__quantity_kg") * times, BigIntegerField())


NEED_KG = kilograms_of("need", "window_from", "window_until")
CAPACITY_KG = kilograms_of("capacity", "available_from", "available_until")


def changed_in(misses: QuerySet, codes: list[str]) -> QuerySet:
    return misses.filter(change__code__in=codes)
