"""What near misses are narrowed by beyond their pair: what would have to change, and who would have to change it."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.lists.filters import MOST_ECHOED, SortedFilter
from accounts.reading import NumberField
from commodities.models import CertificateKind, Commodity, Parameter
from companies.enums import PaymentTerm
from companies.models import Company
from corridor.models import Region
from matching.coaching.changes import BETWEEN, CERTIFICATES, CHANGER, NOWHERE, PARAMETER, REGION, changed_in
from matching.enums import Side
from matching.texts import CHANGE_NAMES


def certificates() -> list[tuple[str, str]]:
    return [(kind.code, kind.name) for kind in CertificateKind.objects.all()]


def parameters() -> list[tuple[str, str]]:
    return [(f"{one.key}{BETWEEN}{one.unit}", str(one)) for one in Parameter.objects.all()]


class CompanyField(NumberField):
    """The number of a company; clean, it is that company."""

    def clean(self, value) -> Company | None:
        number = super().clean(value)
        if number is None:
            return None
        found = Company.objects.filter(pk=number, is_hidden=False).first()
        if found is None:
            raise ValidationError(_("There is no company with the number %(number)s."), params={"number": number})
        return found


class RegionField(forms.CharField):
    """The code of a region; clean, it is that region. "not-known": no region is stated."""

    def clean(self, value: str) -> Region | str | None:
        code = super().clean(value)
        if not code or code == NOWHERE:
            return code or None
        found = Region.objects.filter(code=code).first()
        if found is None:
            raise ValidationError(_("There is no region with the code %(code)s."), params={"code": code[:MOST_ECHOED]})
        return found


class GoodsAloneField(forms.CharField):
    """The code of goods; clean, it is that node alone, without what lies below it."""

    def clean(self, value: str) -> Commodity | None:
        code = super().clean(value)
        found = Commodity.objects.filter(code=code).first() if code else None
        if code and found is None:
            raise ValidationError(_("There are no goods with the code %(code)s."), params={"code": code[:MOST_ECHOED]})
        return found


class CompanyFilter(django_filters.Filter):
    field_class = CompanyField


class RegionFilter(django_filters.Filter):
    field_class = RegionField


class GoodsAloneFilter(django_filters.Filter):
    field_class = GoodsAloneField


class ChangeFilter(SortedFilter):
    """The part of the filter of near misses that speaks of the change. The lists of near misses take it in."""

    side = django_filters.MultipleChoiceFilter(choices=Side.choices, method="keep_sides", label=_("Who has to change"))
    change = django_filters.MultipleChoiceFilter(
        choices=list(CHANGE_NAMES.items()), method="keep_changes", label=_("What has to change")
    )
    certificate = django_filters.ChoiceFilter(choices=certificates, method="keep_certificate", label=_("Certificate"))
    term = django_filters.ChoiceFilter(choices=PaymentTerm.choices, method="keep_term", label=_("Payment term"))
    parameter = django_filters.ChoiceFilter(choices=parameters, method="keep_parameter", label=_("Specification"))
    changer = CompanyFilter(method="keep_changer", label=_("Company that has to change"))
    region = RegionFilter(method="keep_region", label=_("District of that company"))
    goods = GoodsAloneFilter(method="keep_goods_alone", label=_("These goods alone"))

    def words(self, name: str, value: str) -> str:
        if name in ("changer", "goods"):
            return str(self.form.cleaned_data[name])
        if name == "region":
            region = self.form.cleaned_data[name]
            return region.name if isinstance(region, Region) else str(_("district not known"))
        return super().words(name, value)

    def keep_sides(self, rows: QuerySet, _name: str, sides: list[str]) -> QuerySet:
        return rows.filter(side__in=sides)

    def keep_changes(self, rows: QuerySet, _name: str, codes: list[str]) -> QuerySet:
        return changed_in(rows, codes)

    def keep_certificate(self, rows: QuerySet, _name: str, kind: str) -> QuerySet:
        return changed_in(rows, CERTIFICATES).filter(change__kind=kind)

    def keep_term(self, rows: QuerySet, _name: str, term: str) -> QuerySet:
        return rows.filter(change__code="accept_term", change__term=term)

    def keep_parameter(self, rows: QuerySet, _name: str, parameter: str) -> QuerySet:
        return rows.annotate(of_parameter=PARAMETER).filter(of_parameter=parameter)

    def keep_changer(self, rows: QuerySet, _name: str, company: Company) -> QuerySet:
        return rows.annotate(changer=CHANGER).filter(changer=company.pk)

    def keep_region(self, rows: QuerySet, _name: str, region: Region | str) -> QuerySet:
        return rows.annotate(of_region=REGION).filter(of_region=getattr(region, "code", region))

    def keep_goods_alone(self, rows: QuerySet, _name: str, goods: Commodity) -> QuerySet:
        return rows.filter(capacity__commodity=goods)
