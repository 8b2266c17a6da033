"""What every action begins with: nobody else changes the company meanwhile, and a suspended one changes nothing."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from companies.models import Company
from companies.seen import seen_of

__all__ = [
    "ChangedMeanwhile",
    "locked",
    "refuse_changed",
    "refuse_directory",
    "refuse_suspended",
    "seen_of",
    "version",
]


def locked(company: Company) -> Company:
    """The company as it is now, held until the transaction ends. One that was merged is changed no more."""
    held = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if held.merged_into_id:
        raise ValidationError(
            _("%(company)s has been merged with another entry of the same company. Open that one and try again."),
            code="company_merged",
            params={"company": str(held)},
        )
    return held


def refuse_suspended(company: Company) -> None:
    """A suspended company reads what it has; what it states stands still until it is let in again."""
    if company.is_suspended:
        raise ValidationError(
            _("%(company)s is suspended: you can read what is here, but change it only once it is let in again."),
            code="company_suspended",
            params={"company": str(company)},
        )


def refuse_directory(company: Company) -> None:
    """An entry of the public directory belongs to nobody here until its company claims it."""
    if company.is_directory:
        raise ValidationError(
            _("%(company)s is an entry of the public directory: nobody acts for it until the company claims it."),
            code="company_is_directory",
            params={"company": str(company)},
        )


class ChangedMeanwhile(ValidationError):  # noqa: N818  a refusal is an answer, not a mishap
    """Somebody else saved the same thing after this page was opened."""

    def __init__(self):
        super().__init__(
            _(
                "Somebody has changed this since you opened the page. What you typed is still here, and what is "
                "stored now stands beside it. Save again to keep yours."
            ),
            code="changed_meanwhile",
        )


def refuse_changed(thing, seen_at: str) -> None:
    """`seen_at` is the `version` of the thing as the page showed it."""
    if version(thing) != seen_at:
        raise ChangedMeanwhile


def version(thing) -> str:
    """What a page keeps of a thing's state, to notice that it has changed meanwhile."""
    return thing.changed_at.isoformat()
