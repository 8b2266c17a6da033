"""What goes over from one entry to the other, and what is done where both have the same thing.

Nothing is deleted. What cannot stand beside its like stays with the entry that went, where undoing finds it.
"""

from collections.abc import Callable, Mapping
from datetime import date

from django.utils import timezone

from accounts.enums import Role
from companies.enums import CertificateState, CompanyStatus, FactKind, InvitationKind, MemberRole, Screening
from companies.models import Certificate, CertificateFile, Company
from companies.services.merging.changes import Change, Exchange
from companies.services.merging.fields import BY_KEY, FIELDS, NUMBER, filled

LONGEST_REFERENCE = 40
BY_STATE = {CertificateState.CHECKED: 2, CertificateState.UNCHECKED: 1, CertificateState.NOT_HELD: 0}


class Moving:
    """Collects what a merge changes. `told`: what a person should know of it, as a code with the words it needs."""

    def __init__(self, stays: Company, goes: Company, taken: Mapping[str, str]):
        self.stays, self.goes = stays, goes
        self.changes: list[Change] = []
        self.exchanges: list[Exchange] = []
        self.told: list[list] = []
        self.takes_number = self._collect_fields(taken)
        for collect in COLLECTORS:
            collect(self)

    def tell(self, code: str, **words: str) -> None:
        self.told.append([code, words])

    def change(self, kind: str, row, column: str, after) -> None:
        before = getattr(row, column)
        if before != after:
            self.changes.append(Change(kind, row.pk, column, before, after))

    def move(self, kind: str, row) -> None:
        self.change(kind, row, "company_id", self.stays.pk)

    def _collect_fields(self, taken: Mapping[str, str]) -> bool:
        """The values that are taken over: those chosen, and those of which the entry that stays says nothing.

        What is told is whether the registration number is among them: the two then swap theirs, so that both are
        known as this company's.
        """
        keys = {field.key for field in filled(self.stays, self.goes)}
        keys |= {key for key, whose in taken.items() if whose == "goes" and not BY_KEY[key].is_empty(self.goes)}
        for field in FIELDS:
            if field.key in keys:
                for column in field.columns:
                    self.change("company", self.stays, column, getattr(self.goes, column))
        swaps = NUMBER in keys
        if swaps:
            self.change("company", self.goes, NUMBER, self.stays.registration_number)
        if self.goes.screening == Screening.REFUSED and self.stays.screening != Screening.REFUSED:
            self.change("company", self.stays, "screening", Screening.REFUSED.value)
            self.change("company", self.stays, "screening_note", self.goes.screening_note)
            self.tell("screening_refused")
        self.change("company", self.goes, "is_hidden", True)
        self.change("company", self.goes, "merged_into_id", self.stays.pk)
        return swaps


def comes_unchecked(moving: Moving) -> bool:
    """Whether anybody may have begun the entry that goes, while the one that stays has an owner of its own.

    Whoever registers a company under the name of another one must not own that other one by a merge.
    """
    if moving.goes.status not in (CompanyStatus.DRAFT, CompanyStatus.SUBMITTED):
        return False
    acting = moving.stays.memberships.filter(user__is_active=True, user__role=Role.BUSINESS)
    return acting.filter(role=MemberRole.OWNER).exists()


def collect_members(moving: Moving) -> None:
    """The people of both. Who acts for both may from now on what they may more of.

    Of an entry that nobody has let in they come as editors: the owner of the one that stays says who owns it.
    """
    here = {one.user_id: one for one in moving.stays.memberships.all()}
    unchecked = comes_unchecked(moving)
    for member in moving.goes.memberships.order_by("pk"):
        same = here.get(member.user_id)
        if same is None:
            moving.move("member", member)
            if unchecked:
                moving.change("member", member, "role", MemberRole.EDITOR.value)
        elif member.role == MemberRole.OWNER and not unchecked:
            moving.change("member", same, "role", MemberRole.OWNER.value)


def collect_invitations(moving: Moving) -> None:
    """Links. Those by which people of an entry that nobody has let in invited others stay there, and open nothing."""
    links = moving.goes.invitations.order_by("pk")
    if comes_unchecked(moving):
        links = links.exclude(pk__in=moving.goes.invitations.waiting().filter(kind=InvitationKind.JOIN).values("pk"))
    for one in links:
        moving.move("invitation", one)


def collect_stand_ins(moving: Moving) -> None:
    here = set(moving.stays.stand_ins.open().values_list("user_id", flat=True))
    for one in moving.goes.stand_ins.order_by("pk"):
        if one.ended_at is not None or one.user_id not in here:
            moving.move("stand_in", one)


def collect_whole(kind: str, rows: Callable) -> Callable[[Moving], None]:
    """Everything of a kind of which an entry may have any number."""

    def collect(moving: Moving) -> None:
        for one in rows(moving.goes).order_by("pk"):
            moving.move(kind, one)

    return collect


def collect_listings(kind: str, rows: Callable) -> Callable[[Moving], None]:
    """Needs or capacities. A reference that both use gets a number behind it."""

    def collect(moving: Moving) -> None:
        used = set(rows(moving.stays).values_list("reference", flat=True))
        theirs = list(rows(moving.goes).order_by("pk"))
        taken = used | {one.reference for one in theirs}
        for one in theirs:
            moving.move(kind, one)
            if one.reference in used:
                new = free_reference(one.reference, taken)
                taken.add(new)
                moving.change(kind, one, "reference", new)
                moving.tell("reference_changed", old=one.reference, new=new)

    return collect


def free_reference(reference: str, taken: set[str]) -> str:
    number = 2
    while True:
        tail = f"-{number}"
        new = reference[: LONGEST_REFERENCE - len(tail)] + tail
        if new not in taken:
            return new
        number += 1


def collect_facts(moving: Moving) -> None:
    """What was checked. Of two checks of one kind the later counts; that of the number goes with the number."""
    here = {one.kind: one for one in moving.stays.facts.all()}
    theirs = {one.kind: one for one in moving.goes.facts.all()}
    for kind in FactKind.values:
        ours, other = here.get(kind), theirs.get(kind)
        if kind == FactKind.NUMBER_CHECKED and (moving.stays.registration_number or moving.takes_number):
            is_taken = moving.takes_number
        else:
            is_taken = other is not None and (ours is None or other.checked_on > ours.checked_on)
        if not is_taken:
            if other is not None:
                moving.tell("check_left", kind=kind)
        elif ours is not None and other is not None:
            moving.exchanges.append(Exchange("fact", ours.pk, other.pk))
            moving.tell("check_taken", kind=kind)
        elif other is not None:
            moving.move("fact", other)
        elif ours is not None:  # the number that was checked is no longer the one it goes by
            moving.change("fact", ours, "company_id", moving.goes.pk)
            moving.tell("check_of_other_number")


def collect_certificates(moving: Moving) -> None:
    """Of two statements about one certificate the better counts, with its papers; unchecked ones keep those of both."""
    here = {one.kind_id: one for one in certificates_of(moving.stays) if one.capacity_id is None}
    for other in certificates_of(moving.goes):
        ours = here.get(other.kind_id) if other.capacity_id is None else None
        if ours is None:
            moving.move("certificate", other)
            continue
        is_taken = worth(other) > worth(ours)
        if is_taken:
            moving.exchanges.append(Exchange("certificate", ours.pk, other.pk))
        if ours.state == other.state == CertificateState.UNCHECKED:
            bring_files(moving, list(other.files.all()), ours, beside=list(ours.files.all()))
        elif is_taken:
            old, new = list(ours.files.all()), list(other.files.all())
            same = {file.digest for file in old} & {file.digest for file in new}
            bring_files(moving, [file for file in old if file.digest not in same], other)
            bring_files(moving, [file for file in new if file.digest not in same], ours)
        moving.tell("certificate_taken" if is_taken else "certificate_left", kind=str(other.kind_id))


def certificates_of(company: Company) -> list[Certificate]:
    return list(company.certificates.prefetch_related("files").order_by("pk"))


def bring_files(
    moving: Moving, files: list[CertificateFile], certificate: Certificate, *, beside: list[CertificateFile] = ()
) -> None:
    """Papers go under another row, but for what lies there already."""
    there = {file.digest for file in beside}
    for file in files:
        if file.digest not in there:
            moving.change("file", file, "certificate_id", certificate.pk)


def worth(certificate: Certificate) -> tuple:
    """How much a statement says: one that has not ended, then one that was checked, then the one that lasts longer."""
    until = certificate.valid_until
    return (until is None or until >= timezone.localdate(), BY_STATE[certificate.state], until or date.min)


COLLECTORS = (
    collect_members,
    collect_stand_ins,
    collect_listings("need", lambda company: company.needs),
    collect_listings("capacity", lambda company: company.capacities),
    collect_facts,
    collect_certificates,
    collect_whole("contact", lambda company: company.contacts),
    collect_whole("look", lambda company: company.contact_looks),
    collect_invitations,
    collect_whole("claim", lambda company: company.claims),
    collect_whole("import", lambda company: company.imports),
)
