"""Every field that holds data about a person: for what, until when, and what becomes of it when they are erased.

A test asks every text, address, file and person of every model and fails for one that is neither here nor among what
holds none. History repeats the fields of its model and is judged with it. docs/keeping.md tells it to the city.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User


class Fate(StrEnum):
    """What an erasure does with a field."""

    DELETED = "the row is deleted"
    REPLACED = "emptied or replaced"
    NAMELESS = "stays, and names an account without a name"
    READ = "history and notices: replaced; else listed, for a person to read"


@dataclass(frozen=True)
class Entry:
    """Why a field holds personal data, and for how long."""

    purpose: str
    term: str
    fate: Fate


UNTIL_ERASED = "until the person is erased"
WITH_THE_COMPANY = "as long as the company is in the book; consent can be withdrawn at any time"
TRADE_FACT = "as long as the trade fact it belongs to"

REGISTER: dict[str, Entry] = {}


def holds(model: str, fields: str, purpose: str, term: str, fate: Fate) -> None:
    for name in fields.split():
        REGISTER[f"{model}.{name}"] = Entry(purpose, term, fate)


holds("accounts.User", "email", "sign-in, and letters about one's own trade", UNTIL_ERASED, Fate.REPLACED)
holds("accounts.User", "name", "how colleagues see who did something", UNTIL_ERASED, Fate.REPLACED)
holds("accounts.User", "password", "sign-in; kept as a digest that cannot be undone", UNTIL_ERASED, Fate.REPLACED)
holds("account.EmailAddress", "user email", "which addresses were confirmed", UNTIL_ERASED, Fate.DELETED)
holds("account.EmailConfirmation", "key", "confirming an address", "3 days", Fate.DELETED)
holds("mfa.Authenticator", "user data", "second factors", UNTIL_ERASED, Fate.DELETED)
holds("usersessions.UserSession", "user", "to show and end one's own sessions", "until the session ends", Fate.DELETED)
holds("usersessions.UserSession", "ip", "to recognise one's own sessions", "until the session ends", Fate.DELETED)
holds(
    "usersessions.UserSession", "user_agent", "to recognise one's own sessions", "until the session ends", Fate.DELETED
)
holds("usersessions.UserSession", "session_key data", "to end a session", "until the session ends", Fate.DELETED)
holds("sessions.Session", "session_key session_data", "being signed in", "12 hours", Fate.DELETED)
holds("notices.Notice", "user", "what a person was told", UNTIL_ERASED, Fate.DELETED)
holds("notices.Notice", "event facts", "what a person was told", UNTIL_ERASED, Fate.READ)
holds("desk.Desk", "user", "what is new since the last visit", UNTIL_ERASED, Fate.DELETED)
holds("companies.Membership", "user", "for whom a person may act", "until they leave the company", Fate.DELETED)
holds("companies.ContactPerson", "name", "whom to call about an introduction", WITH_THE_COMPANY, Fate.DELETED)
holds("companies.ContactPerson", "position email phone", "how to reach them", WITH_THE_COMPANY, Fate.DELETED)
holds("companies.Consent", "contact", "proof of what was agreed to", WITH_THE_COMPANY, Fate.DELETED)
holds("companies.Consent", "recorded_by", "who recorded the consent", WITH_THE_COMPANY, Fate.NAMELESS)
holds("companies.ContactLook", "looked_by", "who looked at contact persons", TRADE_FACT, Fate.NAMELESS)
holds("companies.ContactLook", "words", "for what they looked", TRADE_FACT, Fate.READ)
holds("companies.StandIn", "user", "who acted for a company", TRADE_FACT, Fate.NAMELESS)
holds("companies.StandIn", "reason", "why somebody acted for a company", TRADE_FACT, Fate.READ)
holds("companies.VerificationFact", "checked_by", "who checked a company", TRADE_FACT, Fate.NAMELESS)
holds("companies.VerificationFact", "note", "what was seen", TRADE_FACT, Fate.READ)
# A sole trader's firm may bear a person's name, number and address.
holds("companies.Company", "name_registered name_latin name_short", "the company's names", TRADE_FACT, Fate.READ)
holds("matching.ListedMatch", "exporter_name importer_name", "the order of the list", TRADE_FACT, Fate.READ)
holds("companies.Company", "registration_number", "checked in the register of companies", TRADE_FACT, Fate.READ)
holds("companies.Company", "tax_number", "checked in the register of taxpayers", TRADE_FACT, Fate.READ)
holds("companies.Company", "role_mailbox switchboard", "reaching the company, not a person", TRADE_FACT, Fate.READ)
holds("companies.Company", "website description", "what the company says of itself", TRADE_FACT, Fate.READ)
holds("companies.Company", "status_reason screening_note", "why the company stands as it does", TRADE_FACT, Fate.READ)
holds("companies.Company", "code source", "the book it came with", TRADE_FACT, Fate.READ)
holds("companies.CertificateFile", "added_by", "who brought a paper", WITH_THE_COMPANY, Fate.NAMELESS)
holds("companies.CertificateFile", "file", "the paper itself, for those who check it", WITH_THE_COMPANY, Fate.READ)
holds("companies.Invitation", "email", "who may use a one-time link", "30 days after it ended", Fate.DELETED)
holds(
    *("companies.Invitation", "made_by used_by", "who invited whom to act for a company"),
    *("30 days after it ended", Fate.NAMELESS),
)
holds("companies.Claim", "made_by decided_by", "who claimed a company, who decided", TRADE_FACT, Fate.NAMELESS)
holds(
    *("companies.Claim", "words file", "proof that the company is theirs"),
    *("until 30 days after it was decided; taken back: at once", Fate.REPLACED),
)
holds("companies.Claim", "registration_number", "checked in the register of companies", TRADE_FACT, Fate.READ)
holds("companies.Claim", "reason", "why a claim was refused", TRADE_FACT, Fate.READ)
holds("companies.Merge", "merged_by undone_by", "who brought two entries together", TRADE_FACT, Fate.NAMELESS)
holds("companies.Merge", "moved", "what the entries were before, so that it can be undone", TRADE_FACT, Fate.READ)
holds("companies.Merge", "reason", "why two entries were brought together", TRADE_FACT, Fate.READ)
holds("companies.VerificationStep", "made_by", "who asked, answered and decided", TRADE_FACT, Fate.NAMELESS)
holds("companies.VerificationStep", "words", "what was asked and answered", TRADE_FACT, Fate.READ)
holds("companies.BookImport", "made_by decided_by", "who sent a book, who confirmed it", TRADE_FACT, Fate.NAMELESS)
holds("companies.BookImport", "file file_name", "the book as it was sent", "until 90 days after it was sent", Fate.READ)
holds("companies.ImportedRow", "key told before", "what became of a row", "as long as its book", Fate.READ)
holds("companies.Need", "own_words reference", "the need as it was written", TRADE_FACT, Fate.READ)
holds("companies.Capacity", "own_words reference", "the capacity as it was written", TRADE_FACT, Fate.READ)
holds("matching.Decision", "decided_by", "who decided about a match", TRADE_FACT, Fate.NAMELESS)
holds("matching.Decision", "note", "why it was decided so", TRADE_FACT, Fate.READ)
holds("matching.DecisionBatch", "made_by undone_by", "who decided about many matches", TRADE_FACT, Fate.NAMELESS)
holds("matching.PlanInstruction", "set_by lifted_by", "who asked what of the plan", TRADE_FACT, Fate.NAMELESS)
holds("matching.PlanInstruction", "reason", "why the plan was asked for it", TRADE_FACT, Fate.READ)
holds("accounts.SavedView", "owner name page query", "how a person looks at a list", UNTIL_ERASED, Fate.DELETED)
holds("matching.Weights", "changed_by", "who changed the weights", TRADE_FACT, Fate.NAMELESS)
holds("matching.Weights", "reason", "why the weights were changed", TRADE_FACT, Fate.READ)
holds("matching.Run", "started_by", "who started a run", TRADE_FACT, Fate.NAMELESS)
holds("matching.Comparison", "asked_by", "who asked what an agreement would change", TRADE_FACT, Fate.NAMELESS)
holds("matching.RunDifference", "asked_by", "who asked what changed between two runs", TRADE_FACT, Fate.NAMELESS)
holds("corridor.Preference", "switched_by", "who switched a tariff preference on", TRADE_FACT, Fate.NAMELESS)
holds("corridor.FreightQuote", "entered_by", "who entered a quote", TRADE_FACT, Fate.NAMELESS)
holds("corridor.LegSwitch", "switched_by", "who opened or closed a leg", TRADE_FACT, Fate.NAMELESS)
holds("corridor.LegSwitch", "reason", "why a leg was opened or closed", TRADE_FACT, Fate.READ)
holds("corridor.DutyChoice", "chosen_by", "who picked a line of the tariff", TRADE_FACT, Fate.NAMELESS)
holds("corridor.DutyChoice", "reason source", "why a tariff line was picked, on whose word", TRADE_FACT, Fate.READ)
holds("corridor.FreightQuote", "given_by source", "who gave a quote: a carrier or a terminal", TRADE_FACT, Fate.READ)
holds("corridor.InsurancePremium", "given_by source", "who gave a premium: an insurer", TRADE_FACT, Fate.READ)
UNTIL_REMOVED = "30 days after it was made, or until its maker removes it"
WITH_ITS_DIGEST = "as long as a file of it may be shown to /verify/"
holds("reports.Report", "maker", "who ordered a report", WITH_ITS_DIGEST, Fate.NAMELESS)
holds("reports.Report", "name order", "what was asked for, who gets it", WITH_ITS_DIGEST, Fate.READ)
holds(
    "reports.Report", "head", "what a report is about; its figures only as long as its rows", WITH_ITS_DIGEST, Fate.READ
)
holds(
    *("reports.ReportPiece", "content", "the rows of a report; contact persons go as soon as they withdraw"),
    *(UNTIL_REMOVED, Fate.DELETED),
)
holds(
    *("reports.FilePiece", "content", "the files of a report; contact persons go as soon as they withdraw"),
    *(UNTIL_REMOVED, Fate.DELETED),
)
holds("reports.ReportDownload", "taken_by", "who took a file away, and when", WITH_ITS_DIGEST, Fate.NAMELESS)
holds("reports.ReportDownload", "asked", "what a list that was taken held", WITH_ITS_DIGEST, Fate.READ)
holds(
    "reports.Schedule", "owner name order", "what somebody has sent to them again and again", UNTIL_ERASED, Fate.DELETED
)
holds("pghistory.Context", "metadata", "who made a change, by number", TRADE_FACT, Fate.READ)

# What holds no data about people, and why. A field that holds a person or an address is never excused with its model.
HOLDS_NONE: dict[str, str] = {
    **dict.fromkeys(
        (
            *("commodities.Commodity", "commodities.CommodityGroup", "commodities.CommodityGroupMember"),
            *("commodities.Parameter", "commodities.CommodityParameter", "commodities.CertificateKind"),
            *("commodities.CommodityWord", "commodities.FinderIndex", "commodities.FinderWord"),
            "commodities.FinderEntry",
            *("corridor.Corridor", "corridor.Place", "corridor.Region", "corridor.Equipment", "corridor.Leg"),
            *("corridor.TransportClassEquipment", "corridor.LegEquipment", "corridor.ExchangeRate"),
            *("corridor.Tariff", "corridor.TradeFlow", "corridor.Requirement"),
        ),
        "reference data that ship with the product",
    ),
    **dict.fromkeys(("auth.Permission", "auth.Group", "contenttypes.ContentType"), "names of the programme's parts"),
    **dict.fromkeys(
        (
            *("matching.RunShard", "matching.MatchResult", "matching.NearMiss"),
            *("matching.PlanLine", "matching.PlanFlow", "matching.PlanChange"),
        ),
        "numbers and codes of the engine",
    ),
    **dict.fromkeys(
        (
            *("matching.ListedMatch.unknown_rules", "matching.ListedMatch.failed_rules"),
            "matching.ListedMatch.goods_name",
        ),
        "codes of rules, and goods",
    ),
    **dict.fromkeys(
        (
            *("companies.Company.city", "companies.Company.languages", "companies.Company.sectors"),
            *("companies.ContactPerson.languages", "companies.Consent.wording", "companies.Consent.countries"),
        ),
        "a place, a version or codes",
    ),
    **dict.fromkeys(
        (
            *("companies.Certificate.number", "companies.Certificate.issuer", "companies.Certificate.scope"),
            "companies.CertificateFile.digest",
            *("companies.Need.language", "companies.Need.payment_terms", "companies.Need.accepted_origins"),
            *("companies.Need.excluded_origins", "companies.Capacity.language", "companies.Capacity.payment_terms"),
            *("companies.Capacity.packaging", "companies.NeedParameter.values", "companies.CapacityParameter.values"),
        ),
        "facts about goods",
    ),
    **dict.fromkeys(
        (
            *("companies.Invitation.language", "companies.Invitation.digest", "companies.Claim.digest"),
            *("companies.VerificationStep.checklist", "companies.BookImport.file_kind", "companies.BookImport.digest"),
            *("companies.BookImport.counts", "companies.BookImport.told", "companies.BookImport.failure"),
            "companies.ImportedRow.sheet",
        ),
        "codes, counts and digests",
    ),
    **dict.fromkeys(
        (
            *("matching.Weights.values", "matching.Run.options", "matching.Run.rules_version", "matching.Run.worker"),
            *("matching.Run.engine_version", "matching.Run.corridor_version", "matching.Run.input_hash"),
            *("matching.Run.counts", "matching.Run.timings", "matching.Run.reason"),
            *("matching.Comparison.scheme", "matching.Comparison.others", "matching.Comparison.rules_version"),
            *("matching.Comparison.engine_version", "matching.Comparison.input_hash", "matching.Comparison.counts"),
            *("matching.Comparison.rows", "matching.Comparison.reason"),
            *("matching.RunDifference.rules_version", "matching.RunDifference.engine_version"),
            *("matching.RunDifference.figures", "matching.RunDifference.rows", "matching.RunDifference.reason"),
        ),
        "numbers, versions and faults of a run",
    ),
    **dict.fromkeys(
        (
            "corridor.DutyChoice.market",
            *("corridor.Preference.scheme", "corridor.Preference.legal_reference"),
            *("corridor.FreightQuote.code", "corridor.FreightQuote.basis"),
            *("corridor.InsurancePremium.code", "corridor.InsurancePremium.basis"),
        ),
        "what a price or a preference holds",
    ),
    **dict.fromkeys(
        (
            *(
                "reports.Report.worker",
                "reports.Report.reason",
                "reports.Report.rests_on",
                "reports.Report.data_sha256",
            ),
            *("reports.ReportPiece.table", "reports.ReportFile.languages", "reports.ReportFile.name"),
            "reports.ReportFile.written_by",
            *("reports.ReportFile.sha256", "reports.ReportDownload.file_name", "reports.ReportDownload.sha256"),
            "reports.Schedule.files",
        ),
        "versions, digests, codes and names that the product gives",
    ),
    "notices.Notice.address": "a page within the product",
    "desk.Desk.sectors": "codes",
}

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField)
ALWAYS_ASKED = (models.EmailField, models.GenericIPAddressField, models.FileField)


def undeclared(asked: Iterable[type[models.Model]] | None = None) -> list[str]:
    """Fields that may hold data about people and of which nobody has said whether they do."""
    return [
        name
        for model in (kept_models() if asked is None else asked)
        for field in model._meta.concrete_fields
        if (name := f"{model._meta.label}.{field.name}") not in REGISTER and not is_excused(model, field)
    ]


def kept_models() -> list[type[models.Model]]:
    """The models that have a table of their own; history is judged with what it is the history of."""
    return [
        model
        for model in apps.get_models()
        if model._meta.managed
        and not model._meta.proxy
        and not hasattr(model, "pgh_tracked_model")
        and (model._meta.app_label != "pghistory" or model._meta.label == "pghistory.Context")
    ]


def is_excused(model: type[models.Model], field: models.Field) -> bool:
    if f"{model._meta.label}.{field.name}" in HOLDS_NONE:
        return True
    if field.is_relation:
        return field.related_model not in people()
    if isinstance(field, ALWAYS_ASKED):
        return False
    return not isinstance(field, TEXTS) or bool(_choices(field)) or model._meta.label in HOLDS_NONE


def people() -> tuple[type[models.Model], ...]:
    """Models whose rows are people: a reference to one tells something about somebody."""
    return (User, apps.get_model("companies", "ContactPerson"))


def _choices(field: models.Field):
    return field.base_field.choices if isinstance(field, ArrayField) else field.choices


def stale() -> list[str]:
    """Entries of fields that are no longer there."""
    names = {f"{model._meta.label}.{field.name}" for model in kept_models() for field in model._meta.concrete_fields}
    labels = {model._meta.label for model in kept_models()}
    return sorted(name for name in {*REGISTER, *HOLDS_NONE} if name not in names | labels)
