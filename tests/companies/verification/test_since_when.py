"""Companies that waited before it was kept since when: their history tells."""

import datetime as dt
import importlib
from unittest import mock

import pytest
from django.apps import apps
from django.utils import timezone

from companies.enums import CompanyStatus
from companies.models import Company
from tests.companies.factories import CompanyFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def event(company: Company, status: str, days_ago: int) -> dt.datetime:
    """As if the company had come into this state so many days ago."""
    events = Company.pgh_event_model
    facts = {field.attname: getattr(company, field.attname, None) for field in events._meta.concrete_fields}
    facts |= {"pgh_id": None, "pgh_obj_id": company.pk, "pgh_label": "update", "status": status}
    facts.pop("pgh_context_id")
    at = NOW - dt.timedelta(days=days_ago)
    with mock.patch("django.db.models.fields.timezone.now", return_value=at):
        events.objects.create(**facts)
    return at


def test_company_waits_since_it_asked_last_whatever_it_corrected_since():
    again, draft = CompanyFactory(status=CompanyStatus.DRAFT), CompanyFactory(status=CompanyStatus.DRAFT)
    event(again, CompanyStatus.SUBMITTED, 9), event(again, CompanyStatus.DRAFT, 8)
    asked = event(again, CompanyStatus.SUBMITTED, 5)
    event(again, CompanyStatus.SUBMITTED, 2)
    Company.objects.filter(pk=again.pk).update(status=CompanyStatus.SUBMITTED)

    migration = importlib.import_module("companies.migrations.0012_since_when_companies_wait")
    migration.fill_submitted_at(apps, None)

    again.refresh_from_db(), draft.refresh_from_db()
    assert (again.submitted_at, draft.submitted_at) == (asked, None)
