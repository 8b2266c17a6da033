from django.db import models
from django.utils.translation import gettext_lazy as _


class CompanyStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")


class CompanyKind(models.TextChoices):
    """How the profile came to be here. Only registered and example companies hold listings."""

    REGISTERED = "registered", _("registered")
    DIRECTORY = "directory", _("public directory")
    EXAMPLE = "example", _("example")


class LegalForm(models.TextChoices):
    """What kind of body a company is in the register of its country."""

    PT = "pt", _("PT (limited company)")
    CV = "cv", _("CV (limited partnership)")
    UD = "ud", _("UD (sole trader)")
    FIRMA = "firma", _("Firma (partnership)")
    KOPERASI = "koperasi", _("Koperasi (cooperative)")
    PERUM = "perum", _("Perum or Persero (state company)")
    TOO = "too", _("TOO / ЖШС (limited liability partnership)")
    AO = "ao", _("AO / АҚ (joint-stock company)")
    IP = "ip", _("IP / ЖК (sole trader)")
    KH = "kh", _("KH / ШҚ (peasant farm)")
    PK = "pk", _("PK / ӨК (production cooperative)")
    BRANCH = "branch", _("branch or representation")
    OTHER = "other", _("another legal form")


class CompanySize(models.TextChoices):
    """How large a company is, as the law of its own country counts; it states this itself. See docs/companies.md."""

    MICRO = "micro", _("micro company")
    SMALL = "small", _("small company")
    MEDIUM = "medium", _("medium-sized company")
    LARGE = "large", _("large company")


class Activity(models.TextChoices):
    """What a company does with goods."""

    GROWS = "grows", _("grows, catches or mines")
    MAKES = "makes", _("makes or processes")
    TRADES = "trades", _("buys and sells on")
    USES = "uses", _("buys for its own production")


class Screening(models.TextChoices):
    NOT_SCREENED = "not_screened", _("not screened")
    CLEAR = "clear", _("clear")
    REFUSED = "refused", _("refused")


class FactKind(models.TextChoices):
    """What somebody checked about a company. "Verified" is derived from these, never stored."""

    NUMBER_CHECKED = "number_checked", _("number checked")
    DOCUMENTS_SEEN = "documents_seen", _("documents seen")
    VISITED = "visited", _("visited")
    DEAL_COMPLETED = "deal_completed", _("deal completed here")


class MemberRole(models.TextChoices):
    OWNER = "owner", _("owner")
    EDITOR = "editor", _("editor")


class CertificateState(models.TextChoices):
    """No row at all means "not stated"."""

    CHECKED = "checked", _("held and checked")
    UNCHECKED = "unchecked", _("stated, unchecked")
    NOT_HELD = "not_held", _("stated not held")


class FileKind(models.TextChoices):
    """What a file of a certificate may be, told by its first bytes; the value is how its name ends."""

    PDF = "pdf", "PDF"
    JPEG = "jpg", "JPEG"
    PNG = "png", "PNG"


class ListingStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class WeightBasis(models.TextChoices):
    """What the kilograms of frozen fish count. The book compares net weight alone, without glaze and packing."""

    NET = "net", _("net weight, without glaze")
    GLAZED = "glazed", _("weight with glaze")


class Period(models.TextChoices):
    ONCE = "once", _("once")
    MONTHLY = "monthly", _("per month")


class PriceBasis(models.TextChoices):
    """What a limit price is meant to cover."""

    AT_INCOTERM = "at_incoterm", _("at the Incoterm")
    ALL_IN = "all_in", _("all-in at my place without recoverable VAT")


class PaymentTerm(models.TextChoices):
    PREPAID = "prepaid", _("payment in advance")
    PART_PREPAID = "part_prepaid", _("30 % in advance, rest before dispatch")
    LETTER_OF_CREDIT = "letter_of_credit", _("letter of credit at sight")
    DOCUMENTS = "documents", _("cash against documents")
    CREDIT_30 = "credit_30", _("30 days after delivery")
    CREDIT_60 = "credit_60", _("60 days after delivery")


class CommitmentKind(models.TextChoices):
    HELD = "held", _("held")
    COMMITTED = "committed", _("committed")
    SHIPPED = "shipped", _("shipped")


class ContactPurpose(models.TextChoices):
    """Why staff or an officer looks at the contact persons of a company. Kept with who looked and when."""

    VERIFY = "verify", _("to verify the company")
    INTRODUCE = "introduce", _("to prepare an introduction")
    HELP = "help", _("to help the company with its profile")
    EVENT = "event", _("to invite it to a meeting or a fair")
    OTHER = "other", _("another purpose, said in words")


class InvitationKind(models.TextChoices):
    """What a one-time link is for."""

    JOIN = "join", _("to act for the company beside those who do already")
    HANDOVER = "handover", _("to take over a company that was entered for it")


class InvitationState(models.TextChoices):
    """What became of a one-time link. Worked out from its moments, never stored."""

    WAITING = "waiting", _("waiting")
    USED = "used", _("used")
    WITHDRAWN = "withdrawn", _("withdrawn")
    OVER = "over", _("expired")
    TRIED_OUT = "tried_out", _("closed after too many wrong numbers")


class ClaimState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class VerificationAct(models.TextChoices):
    """What was said or decided while a company was verified, kept in its order."""

    SUBMITTED = "submitted", _("sent to be verified")
    ASKED = "asked", _("asked")
    ANSWERED = "answered", _("answered")
    SENT_BACK = "sent_back", _("sent back")
    LET_IN = "let_in", _("let in")
    SUSPENDED = "suspended", _("suspended")
    CHECKED = "checked", _("a line of the checklist")


class ImportState(models.TextChoices):
    """How far a book is that somebody sent as a spreadsheet."""

    CHECKING = "checking", _("being read")
    CHECKED = "checked", _("read, nothing written yet")
    WRITING = "writing", _("being written")
    WRITTEN = "written", _("written")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    FAILED = "failed", _("failed")
