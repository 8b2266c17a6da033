"""What Celery does for reports. A task fetches by id, makes one call, and queues what comes next."""

import logging

from celery import shared_task
from celery.contrib.django.task import DjangoTask
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from matching.services.transactions import in_transaction
from reports import services
from reports.enums import Failure
from reports.services import due

log = logging.getLogger(__name__)

# Nothing can be noted while the database is away; the sweeper takes the report up again.
DATABASE_IS_AWAY = (OperationalError, InterfaceError)


@shared_task(base=DjangoTask, bind=True)
def make_report(self, *, report_id: int) -> None:
    """Cut what a report asks for and write its files. Delivering it twice does no harm."""
    try:
        again = services.carry_out(report_id, worker=self.request.hostname or "")
    except SoftTimeLimitExceeded:
        again = False
        in_transaction(services.fail, report_id, Failure.TOO_LONG, "making")
    except DATABASE_IS_AWAY:
        raise
    except Exception as error:
        log.exception("report %s", report_id)
        again = in_transaction(services.note_error, report_id, "making", error)
    if again:
        services.call(report_id)


@shared_task(expires=settings.RUN_SWEEP_S)
def sweep_reports() -> None:
    """Queue again what was lost. Each minute, by Celery's beat; two at once do no harm."""
    for report_id in in_transaction(services.sweep):
        services.call(report_id)


@shared_task
def remove_old_reports() -> None:
    """Remove the rows and files of reports that are no longer kept. Each hour; two at once do no harm."""
    now = timezone.now()
    while services.remove_what_is_over(now):
        pass


@shared_task(expires=settings.SCHEDULES_ROUND_S)
def send_due() -> None:
    """Order what schedules ask for, tell of what is ready. Each minute, by Celery's beat; two at once do no harm."""
    due.send_due(timezone.now())
