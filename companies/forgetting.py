"""What need not be kept: links that ended, with whose address they were for, and what proved a claim."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from companies.enums import ClaimState
from companies.models import Claim, Invitation

KEPT_FOR = dt.timedelta(days=30)


def forget_invitations(now: dt.datetime) -> None:
    """Who joined is told by the history of the company."""
    long_ago = now - KEPT_FOR
    ended = Q(used_at__lt=long_ago) | Q(withdrawn_at__lt=long_ago) | Q(ends_at__lt=long_ago)
    Invitation.objects.filter(ended).delete()


def forget_claims(now: dt.datetime) -> None:
    """That somebody claimed an entry, and what was decided, stays; the document and what they are there does not."""
    decided = Claim.objects.exclude(state=ClaimState.WAITING).filter(decided_at__lt=now - KEPT_FOR)
    for claim in decided.exclude(file=""):
        forget_proof(claim)


@transaction.atomic
def forget_proof(claim: Claim) -> None:
    """The document goes from the disk once it is certain that its row has let go of it."""
    storage, name = claim.file.storage, claim.file.name
    Claim.objects.filter(pk=claim.pk).update(file="", words="")
    if name:
        transaction.on_commit(lambda: storage.delete(name))
