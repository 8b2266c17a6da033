"""What an exporter can do with its capacities."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from companies.drafts import CapacityDraft, draft_capacity
from companies.enums import CertificateState
from companies.facts import CapacityFacts
from companies.faults import refuse
from companies.models import Capacity, CapacityParameter, Certificate
from companies.queries import parameter_kinds_of
from companies.services import editing
from companies.services.listings import next_reference
from companies.services.locking import locked


@transaction.atomic
def open_capacity(**stated) -> Capacity:
    """Record what an exporter can supply, so that it is offered at once. Takes the fields of CapacityFacts by name.

    Sent twice from the same page (`sent_as`), it is one capacity.
    """
    facts = editing.as_sent(CapacityFacts(**stated))
    company = locked(facts.company)
    if sent := editing.sent_already(Capacity, facts):
        return sent
    draft = _drafted(
        replace(facts, company=company, reference=facts.reference or next_reference(company, Capacity, "C"))
    )
    refuse(draft.faults)
    editing.refuse_flood(company)
    draft.capacity.full_clean()
    draft.capacity.save()
    CapacityParameter.objects.bulk_create(draft.parameters())
    Certificate.objects.bulk_create(draft.certificates())
    editing.tell(draft.capacity)
    return draft.capacity


@transaction.atomic
def edit_capacity(*, capacity: Capacity, seen_at: str, **stated) -> Capacity:
    """Put right what an exporter can supply. Takes the fields of CapacityFacts; `seen_at` is what was shown."""
    stored = editing.held_for_editing(capacity, seen_at)
    facts = CapacityFacts(**editing.kept_facts(stored, stated))
    draft = _drafted(facts)
    is_same = facts.commodity is None or facts.commodity.pk == stored.commodity_id
    refuse(draft.faults + editing.promise_faults(stored, draft.capacity, same_goods=is_same))
    editing.take_over(stored, draft.capacity)
    parameters = draft.parameters()
    for one in parameters:
        one.capacity = stored
    editing.replace_parameters(stored, parameters)
    _replace_certificates(stored, draft.certificates())
    editing.tell(stored)
    return stored


def _replace_certificates(stored: Capacity, wanted: list[Certificate]) -> None:
    """The certificates stated now. One that was held stays as it was, checked or not."""
    here = {one.kind_id: one for one in stored.own_certificates.all()}
    for one in wanted:
        before = here.pop(one.kind_id, None)
        if before is None:
            one.capacity = stored
            one.save()
        elif before.state == CertificateState.NOT_HELD:
            before.state = one.state
            before.save()
    for left in here.values():
        if left.state != CertificateState.NOT_HELD:
            left.delete()


def _drafted(facts: CapacityFacts) -> CapacityDraft:
    return draft_capacity(facts, parameter_kinds=parameter_kinds_of([facts.commodity]), today=timezone.localdate())
