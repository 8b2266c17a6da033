"""Celery's application: where tasks are found and how they survive what goes wrong."""

import os

from celery import Celery
from celery.signals import task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradematch.settings")

app = Celery("tradematch")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


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
