"""Celery's application: where tasks are found and how they survive what goes wrong."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradematch.settings")

app = Celery("tradematch")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
