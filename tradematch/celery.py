"""Celery's application: where tasks are found, how they survive what goes wrong, and how their lines are told apart."""

import logging.config
import os

from celery import Celery
from celery.signals import celeryd_init, setup_logging, task_postrun, task_prerun, worker_process_init

from tradematch.own_memory import count_own_memory_alone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradematch.settings")

app = Celery("tradematch")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
worker_process_init.connect(count_own_memory_alone)


# What a task changes carries its name. Tasks are called within tasks in tests, so each closes what it opened.
_said_of_changes = {}


@task_prerun.connect
def name_the_task(task_id, task, **_more):
    from accounts.history import changes_by  # only now the apps are there

    _said_of_changes[task_id] = changes_by(task=task.name)
    _said_of_changes[task_id].__enter__()


@task_postrun.connect
def forget_the_task(task_id, **_more):
    if said := _said_of_changes.pop(task_id, None):
        said.__exit__(None, None, None)


# What a task writes into the log carries its name, and the number of the request that led to it.
_said_of_lines = {}


@celeryd_init.connect
@setup_logging.connect
def log_as_the_web_server_does(loglevel=None, **_more):
    """From the very start of a worker: it warns about its user before it sets up its own logging."""
    from django.conf import settings

    from tradematch import logs

    logging.config.dictConfig(logs.configuration(settings.LOG_FORMAT, loglevel or settings.LOG_LEVEL))


@task_prerun.connect
def number_the_task(task_id, task, kwargs=None, **_more):
    from tradematch import logs

    _said_of_lines[task_id] = logs.task_lines(task, task_id, kwargs or {})
    _said_of_lines[task_id].__enter__()


@task_postrun.connect
def forget_the_number(task_id, **_more):
    if said := _said_of_lines.pop(task_id, None):
        said.__exit__(None, None, None)
