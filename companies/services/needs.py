"""What an importer can do with its needs."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from companies.drafts import draft_need
from companies.enums import ListingStatus
from companies.facts import NeedFacts
from companies.faults import refuse
from companies.models import Company, Need, NeedCommodity, NeedParameter
from companies.queries import parameter_kinds_of
from companies.services.listings import end, next_reference


@transaction.atomic
def open_need(**stated) -> Need:
    """Record what an importer wants, so that the next run looks for it. Takes the fields of NeedFacts by name."""
    facts = NeedFacts(**stated)
    company = Company.objects.select_for_update().get(pk=facts.company.pk)
    facts = replace(facts, company=company, reference=facts.reference or next_reference(company, Need, "N"))
    draft = draft_need(facts, parameter_kinds=parameter_kinds_of(facts.accepted), today=timezone.localdate())
    refuse(draft.faults)
    draft.need.full_clean()
    draft.need.save()
    NeedCommodity.objects.bulk_create(draft.accepted())
    NeedParameter.objects.bulk_create(draft.parameters())
    draft.need.required_certificates.set(facts.certificates)
    return draft.need


@transaction.atomic
def withdraw_need(*, need: Need) -> None:
    """Take a need out of the book because the company no longer wants it."""
    end(need, ListingStatus.WITHDRAWN)


@transaction.atomic
def close_need(*, need: Need) -> None:
    """Take a need out of the book because it has been met."""
    end(need, ListingStatus.CLOSED)
