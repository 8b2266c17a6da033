"""All that is kept about one person, for that person: their account, what they were told, what they did."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from accounts.sheets.harmless import harmless
from companies.models import Company, ContactLook
from tradematch.keeping.erase import Person
from tradematch.keeping.personal import REGISTER


@dataclass(frozen=True)
class Section:
    """The rows of one model that are about a person, found by the field that names them."""

    name: str
    model: str
    path: str
    of: str = "account"  # or contact, or address
    # What proves who somebody is stays a secret, even to them: a copy of this file must not sign anybody in.
    without: tuple[str, ...] = ()

    def rows(self, person: Person) -> models.QuerySet:
        wanted = [person.account.pk] if person.account else []
        if self.of == "contact":
            wanted = [contact.pk for contact in person.contacts]
        if self.of == "address":
            wanted = [person.email.lower(), *([person.account.email] if person.account else [])]
        found = apps.get_model(self.model)._base_manager.filter(**{f"{self.path}__in": wanted})
        return found.order_by("pk")


SECTIONS = (
    Section("account", "accounts.User", "pk", without=("password",)),
    Section("confirmed_addresses", "account.EmailAddress", "user"),
    Section("second_factors", "mfa.Authenticator", "user", without=("data",)),
    Section("sessions", "usersessions.UserSession", "user", without=("session_key", "data")),
    Section("notices", "notices.Notice", "user"),
    Section("desk", "desk.Desk", "user"),
    Section("memberships", "companies.Membership", "user"),
    Section("contact_person", "companies.ContactPerson", "pk", of="contact"),
    Section("consents", "companies.Consent", "contact", of="contact"),
    Section("decisions_made", "matching.Decision", "decided_by"),
    Section("decisions_about_many", "matching.DecisionBatch", "made_by"),
    Section("decisions_about_many_taken_back", "matching.DecisionBatch", "undone_by"),
    Section("plan_instructions_set", "matching.PlanInstruction", "set_by"),
    Section("plan_instructions_lifted", "matching.PlanInstruction", "lifted_by"),
    Section("saved_views", "accounts.SavedView", "owner"),
    Section("runs_started", "matching.Run", "started_by", without=("options", "counts", "timings", "worker")),
    Section("comparisons_asked", "matching.Comparison", "asked_by", without=("others", "counts", "rows")),
    Section("run_differences_asked", "matching.RunDifference", "asked_by", without=("figures", "rows")),
    Section("weights_changed", "matching.Weights", "changed_by"),
    Section("preferences_switched", "corridor.Preference", "switched_by"),
    Section("legs_switched", "corridor.LegSwitch", "switched_by"),
    Section("lines_of_the_tariff_picked", "corridor.DutyChoice", "chosen_by"),
    Section("quotes_entered", "corridor.FreightQuote", "entered_by"),
    Section("companies_checked", "companies.VerificationFact", "checked_by"),
    Section("consents_recorded", "companies.Consent", "recorded_by", without=("contact",)),
    Section("looks_at_contact_persons", "companies.ContactLook", "looked_by"),
    Section("papers_brought", "companies.CertificateFile", "added_by", without=("file",)),
    Section("acted_for_companies", "companies.StandIn", "user"),
    Section("invitations_received", "companies.Invitation", "email", of="address", without=("digest", "made_by")),
    Section("invitations_made", "companies.Invitation", "made_by", without=("digest", "email")),
    Section("invitations_used", "companies.Invitation", "used_by", without=("digest",)),
    Section("claims_made", "companies.Claim", "made_by", without=("file", "digest")),
    Section("claims_decided", "companies.Claim", "decided_by", without=("file", "digest", "words")),
    Section("companies_merged", "companies.Merge", "merged_by", without=("moved",)),
    Section("merges_undone", "companies.Merge", "undone_by", without=("moved",)),
    Section("steps_of_verification", "companies.VerificationStep", "made_by"),
    Section("books_sent", "companies.BookImport", "made_by", without=("file", "digest", "told")),
    Section("books_decided", "companies.BookImport", "decided_by", without=("file", "digest", "told")),
    Section("reports_ordered", "reports.Report", "maker", without=("head", "rests_on", "worker", "reason")),
    Section("reports_taken_away", "reports.ReportDownload", "taken_by"),
    Section("schedules", "reports.Schedule", "owner"),
    Section("history_of_the_account", "accounts.UserEvent", "pgh_obj_id"),
    Section("history_of_second_factors", "accounts.SecondFactorEvent", "user", without=("pgh_obj",)),
    Section("history_of_memberships", "companies.MembershipEvent", "user"),
    Section("history_of_consents", "companies.ConsentEvent", "contact", of="contact"),
)


def export_of(person: Person) -> dict:
    """Everything, by section; with what each field is kept for and until when."""
    sections = {section.name: [facts(row, section.without) for row in section.rows(person)] for section in SECTIONS}
    sections["looked_at_as_contact_person"] = list(looks_at(person))
    sections["changes_made"] = list(changes_by(person))
    return {
        "person": person.email,
        "made_at": timezone.now(),
        "kept_for": {name: asdict(entry) for name, entry in REGISTER.items()},
        "sections": {name: rows for name, rows in sections.items() if rows},
    }


def facts(row: models.Model, without: tuple[str, ...]) -> dict:
    """A row as names and values. A company is told by its name too; a number alone says nothing to people."""
    told = {}
    for field in row._meta.concrete_fields:
        if field.name in without:
            continue
        told[field.name] = getattr(row, field.attname)
        if field.related_model is Company and told[field.name]:
            company = Company.objects.filter(pk=told[field.name]).first()
            told[f"{field.name}_name"] = str(company) if company else ""
    return told


def looks_at(person: Person) -> Iterator[dict]:
    """Who of the city or the embassy has read their contact details: not by name, but by role, and for what."""
    for contact in person.contacts:
        looks = ContactLook.objects.filter(company=contact.company_id, looked_at__gte=contact.created_at)
        for look in looks.select_related("looked_by").order_by("pk"):
            yield {
                "contact": contact.pk,
                "looked_at": look.looked_at,
                "role": look.looked_by.role,
                "purpose": look.purpose,
                "words": look.words,
            }


def changes_by(person: Person) -> Iterator[dict]:
    """What they changed: which row of what, when. The values are the companies', not theirs."""
    if person.account is None:
        return
    for model in apps.get_models():
        if hasattr(model, "pgh_tracked_model") and hasattr(model, "pgh_context"):
            made = model._base_manager.filter(pgh_context__metadata__user=person.account.pk).order_by("pk")
            for event in made.iterator():
                yield {
                    "what": model.pgh_tracked_model._meta.label,
                    "change": event.pgh_label,
                    "row": getattr(event, "pgh_obj_id", None),
                    "at": event.pgh_created_at,
                }


def as_json(told: dict) -> str:
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1) + "\n"


def as_csv(told: dict) -> str:
    """The same as one table: section, row, field, value."""
    paper = io.StringIO(newline="")
    table = csv.writer(paper)
    table.writerow(["section", "row", "field", "value"])
    for section, rows in told["sections"].items():
        for number, row in enumerate(rows, start=1):
            for name, value in row.items():
                table.writerow([section, number, name, harmless(written(value))])
    return "\ufeff" + paper.getvalue()


def written(value: object) -> str:
    """A value as text: words as they are, the rest as in the .json."""
    return value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
