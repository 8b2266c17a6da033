"""Two entries beside each other: what each says, what hangs on it, and whether they can be brought together."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.translation import gettext as _

from companies.enums import ClaimState, CompanyKind, CompanyStatus
from companies.models import Company
from companies.permissions import may_verify
from companies.services.locking import version
from companies.services.merging.fields import FIELDS, Field, differing, filled

# Which of two entries is proposed to stay: one that its people keep, then the one that is further.
BY_STATUS = {CompanyStatus.ACTIVE: 0, CompanyStatus.SUSPENDED: 1, CompanyStatus.SUBMITTED: 2, CompanyStatus.DRAFT: 3}
COUNTED = ("needs", "capacities", "memberships", "contacts", "certificates", "facts")


@dataclass(frozen=True)
class Beside:
    """One field of both entries. `must_choose`: they say different things; `is_filled`: only the one that goes does."""

    field: Field
    must_choose: bool
    is_filled: bool


@dataclass(frozen=True)
class Comparison:
    """Two entries, which of them stays, and what has to be decided."""

    stays: Company
    goes: Company
    fields: list[Beside]
    counts: dict[str, tuple[int, int]]
    seen: str

    @property
    def to_choose(self) -> list[Field]:
        return [beside.field for beside in self.fields if beside.must_choose]


def comparison_of(stays: Company, goes: Company) -> Comparison:
    """Both entries field by field, but for what neither says."""
    chosen = {field.key for field in differing(stays, goes)}
    taken = {field.key for field in filled(stays, goes)}
    said = [field for field in FIELDS if not (field.is_empty(stays) and field.is_empty(goes))]
    return Comparison(
        stays,
        goes,
        [Beside(field, field.key in chosen, field.key in taken) for field in said],
        counts_of(stays, goes),
        seen_of_both(stays, goes),
    )


def counts_of(stays: Company, goes: Company) -> dict[str, tuple[int, int]]:
    """How much hangs on each, by kind."""
    counted = {name: Count(name, distinct=True) for name in COUNTED}
    rows = {
        row["pk"]: row for row in Company.objects.filter(pk__in=[stays.pk, goes.pk]).values("pk").annotate(**counted)
    }
    return {name: (rows[stays.pk][name], rows[goes.pk][name]) for name in COUNTED}


def seen_of_both(one: Company, other: Company) -> str:
    """What a page keeps of both entries, to notice that either has changed meanwhile."""
    return " ".join(version(company) for company in sorted((one, other), key=lambda company: company.pk))


def likelier_to_stay(one: Company, other: Company) -> Company:
    """The one that is proposed to stay; a person may choose the other."""
    return min((one, other), key=lambda company: (company.is_directory, BY_STATUS[company.status], company.pk))


def why_not(stays: Company, goes: Company, user) -> ValidationError | None:
    """Why two entries cannot be brought together by this person in this way, in words; nothing where they can."""
    for company in (stays, goes):
        if company.merged_into_id or company.is_hidden:
            return _refusal("gone", _("%(company)s is not here any more: somebody has merged it meanwhile."), company)
    for company in (stays, goes):
        if not may_verify(user, company):
            said = _("You do not verify %(company)s: you act for it, have registered it, or others verify its country.")
            return _refusal("not_yours", said, company)
    if stays.pk == goes.pk or stays.country != goes.country:
        said = _("%(company)s is registered in another country. Companies of two countries are two companies.")
        return _refusal("two_countries", said, goes)
    if CompanyKind.EXAMPLE in (stays.kind, goes.kind) and stays.kind != goes.kind:
        said = _("%(company)s is an example. Examples and companies that exist are not merged.")
        return _refusal("example", said, stays if stays.is_example else goes)
    if stays.is_directory and not goes.is_directory:
        said = _("%(company)s is an entry of the public directory: the other one, which is registered, has to stay.")
        return _refusal("directory", said, stays)
    if goes.status == CompanyStatus.ACTIVE and stays.status in (CompanyStatus.DRAFT, CompanyStatus.SUBMITTED):
        said = _("%(company)s has not been let in yet: the other one, which trades already, has to stay.")
        return _refusal("not_let_in", said, stays)
    if goes.is_suspended and not stays.is_suspended:
        said = _("%(company)s is suspended: it has to be the one that stays, or be let in again first.")
        return _refusal("suspended", said, goes)
    if goes.claims.filter(state=ClaimState.WAITING).exists():
        said = _("A claim of %(company)s waits to be looked at. Accept or refuse it first.")
        return _refusal("claimed", said, goes)
    return None


def _refusal(code: str, said: str, company: Company) -> ValidationError:
    return ValidationError(said, code=code, params={"company": str(company)})
