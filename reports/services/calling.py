"""Calling the workers. A message only hurries a report along: one that is lost is found by the sweeper."""

import logging

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerFault
from redis.exceptions import RedisError

from reports.models import Report

log = logging.getLogger(__name__)
MAKE = "reports.tasks.make_report"
PRIORITY = 3  # in the queue, as Redis reads it: 0 is taken first


def call_on_commit(report: Report) -> None:
    """Queue once the change is committed. The order is saved by then, so a dead broker is no error."""
    transaction.on_commit(lambda: call(report.pk))


def call(pk: int) -> bool:
    """Queue now; whether the broker took it."""
    try:
        current_app.send_task(MAKE, kwargs={"report_id": pk}, priority=PRIORITY)
    except (BrokerFault, RedisError, OSError, RuntimeError) as fault:
        log.warning("report %s: not queued now, the sweeper will: %s", pk, type(fault).__name__)
        return False
    Report.objects.filter(pk=pk).update(published_at=timezone.now())
    return True
