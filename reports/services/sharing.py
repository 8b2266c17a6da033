"""Letting colleagues see a report, and ending it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import may_export, may_look_at_contacts
from companies.models.contacts import READS_IN
from reports.enums import ReportState
from reports.models import Report
from reports.services import telling
from reports.services.ordering import held, refuse_others

MOST_SHARED = 50


@transaction.atomic
def share(report: Report, user: User, with_users: Iterable[User]) -> None:
    """Show the report to these people too, and tell them. Those who see it already are told nothing."""
    report = held(report)
    refuse_others(report, user)
    seen = set(report.shared_with.values_list("pk", flat=True))
    new = [one for one in with_users if one.pk not in seen and one.pk != report.maker_id]
    for one in new:
        refuse_reader(report, one)
    if len(seen) + len(new) > MOST_SHARED:
        raise ValidationError(_("A report is shared with at most %(most)s people."), params={"most": MOST_SHARED})
    report.shared_with.add(*new)
    if report.state == ReportState.READY:
        telling.tell_of_sharing(report, new)


@transaction.atomic
def unshare(report: Report, user: User, with_user: User) -> None:
    """What they took away stays with them; the log of downloads says what that is."""
    report = held(report)
    refuse_others(report, user)
    report.shared_with.remove(with_user)


def refuse_reader(report: Report, reader: User) -> None:
    if not may_export(reader):
        raise ValidationError(_("%(person)s may not carry reports away."), params={"person": str(reader)})
    if has_contacts(report) and not may_see_contacts(report, reader):
        raise ValidationError(
            _("This report holds contact persons who did not agree to be seen where %(person)s works."),
            params={"person": str(reader)},
        )


def has_contacts(report: Report) -> bool:
    """Whether contact persons are in it; before it is cut: whether they were asked for."""
    return bool(report.head["has_contacts"]) if report.head else report.asked.contacts


def may_see_contacts(report: Report, reader: User) -> bool:
    """Those in it agreed to be seen where its maker works: others who work there may read them too, and nobody else."""
    seen_in = report.rests_on.get("contacts_seen_in") or (report.maker and READS_IN.get(report.maker.role))
    return may_look_at_contacts(reader) and READS_IN.get(reader.role) == seen_in
