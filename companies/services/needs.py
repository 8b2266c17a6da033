"""What an importer can do with its needs."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from companies.drafts import NeedDraft, draft_need
from companies.facts import NeedFacts
from companies.faults import refuse
from companies.models import Need, NeedCommodity, NeedParameter
from companies.queries import parameter_kinds_of
from companies.services import editing
from companies.services.listings import next_reference
from companies.services.locking import locked


@transaction.atomic
def open_need(**stated) -> Need:
    """Record what an importer wants, so that partners are looked for at once. Takes the fields of NeedFacts by name.

    Sent twice from the same page (`sent_as`), it is one need.
    """
    facts = editing.as_sent(NeedFacts(**stated))
    company = locked(facts.company)
    if sent := editing.sent_already(Need, facts):
        return sent
    draft = _drafted(replace(facts, company=company, reference=facts.reference or next_reference(company, Need, "N")))
    refuse(draft.faults)
    editing.refuse_flood(company)
    draft.need.full_clean()
    draft.need.save()
    NeedCommodity.objects.bulk_create(draft.accepted())
    NeedParameter.objects.bulk_create(draft.parameters())
    draft.need.required_certificates.set(facts.certificates)
    editing.tell(draft.need)
    return draft.need


@transaction.atomic
def edit_need(*, need: Need, seen_at: str, **stated) -> Need:
    """Put right what an importer wants. Takes the fields of NeedFacts; `seen_at` is the `version` that was shown."""
    stored = editing.held_for_editing(need, seen_at)
    facts = NeedFacts(**editing.kept_facts(stored, stated))
    draft = _drafted(facts)
    accepted, before = draft.accepted(), list(stored.accepted.all())
    is_same = [(one.commodity_id, one.group_id) for one in accepted] == [
        (one.commodity_id, one.group_id) for one in before
    ]
    refuse(draft.faults + editing.promise_faults(stored, draft.need, same_goods=is_same))
    editing.take_over(stored, draft.need)
    if not is_same:
        stored.accepted.all().delete()
        for one in accepted:
            one.need = stored
        NeedCommodity.objects.bulk_create(accepted)
    parameters = draft.parameters()
    for one in parameters:
        one.need = stored
    editing.replace_parameters(stored, parameters)
    stored.required_certificates.set(facts.certificates)
    editing.tell(stored)
    return stored


def _drafted(facts: NeedFacts) -> NeedDraft:
    return draft_need(facts, parameter_kinds=parameter_kinds_of(facts.accepted), today=timezone.localdate())
