"""What an exporter can do with its capacities."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from companies.drafts import draft_capacity
from companies.enums import ListingStatus
from companies.facts import CapacityFacts
from companies.faults import refuse
from companies.models import Capacity, CapacityParameter, Certificate, Company
from companies.queries import parameter_kinds_of
from companies.services.listings import end, next_reference


@transaction.atomic
def open_capacity(**stated) -> Capacity:
    """Record what an exporter can supply, so that the next run offers it. Takes the fields of CapacityFacts by name."""
    facts = CapacityFacts(**stated)
    company = Company.objects.select_for_update().get(pk=facts.company.pk)
    facts = replace(facts, company=company, reference=facts.reference or next_reference(company, Capacity, "C"))
    draft = draft_capacity(facts, parameter_kinds=parameter_kinds_of([facts.commodity]), today=timezone.localdate())
    refuse(draft.faults)
    draft.capacity.full_clean()
    draft.capacity.save()
    CapacityParameter.objects.bulk_create(draft.parameters())
    Certificate.objects.bulk_create(draft.certificates())
    return draft.capacity


@transaction.atomic
def withdraw_capacity(*, capacity: Capacity) -> None:
    """Take a capacity out of the book because the company no longer offers it."""
    end(capacity, ListingStatus.WITHDRAWN)


@transaction.atomic
def close_capacity(*, capacity: Capacity) -> None:
    """Take a capacity out of the book because it has been sold."""
    end(capacity, ListingStatus.CLOSED)
