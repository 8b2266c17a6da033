"""What is to be looked at before a company is let in, line by line: what is done, by whom, and what is still open.

Facts, certificates and the screening have places of their own; the other lines are kept as acts of those who verify.
A line that was looked at is open again once the company states something else in its place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import figures
from accounts.models import User
from companies.enums import CertificateState, FactKind, Screening, VerificationAct
from companies.models import Certificate, Company, VerificationFact, VerificationStep
from companies.seen import seen_of
from corridor.enums import Country

OPEN, DONE, NOT_NEEDED, REFUSED = "open", "done", "not_needed", "refused"
STATES = {
    OPEN: gettext_lazy("open"),
    DONE: gettext_lazy("done"),
    NOT_NEEDED: gettext_lazy("not needed"),
    REFUSED: gettext_lazy("refused"),
}
# What somebody says of a line by hand, and which of the company's own fields it is about.
BY_HAND = {
    "name": ("name_registered", "legal_form", "registration_number"),
    "tax": ("tax_number",),
    "latin": ("name_registered", "name_latin"),
    "address": ("region", "city", "place", "first_mile_km"),
    "reach": ("role_mailbox", "switchboard", "website"),
    "double": ("name_registered", "name_latin", "name_short", "registration_number"),
}
FACTS = {"number": FactKind.NUMBER_CHECKED, "documents": FactKind.DOCUMENTS_SEEN}
FIRST, LAST = ("number", "name", "documents"), ("address", "reach", "screening", "certificates", "double")
# The papers of the two countries are not the same.
LINES = {
    Country.INDONESIA: (*FIRST, "tax", *LAST),
    Country.KAZAKHSTAN: (*FIRST, "latin", *LAST),
}
TITLES = {
    "number": gettext_lazy("The registration number was looked up"),
    "name": gettext_lazy("Name and legal form are those of the register"),
    "documents": gettext_lazy("The documents of the company were seen"),
    "tax": gettext_lazy("The tax number belongs to the company"),
    "latin": gettext_lazy("The name in Latin letters reads like the registered one"),
    "address": gettext_lazy("Region, town and nearest place go together"),
    "reach": gettext_lazy("Somebody answers at its mailbox or telephone"),
    "screening": gettext_lazy("The lists of sanctions were looked through"),
    "certificates": gettext_lazy("The certificates were held against their papers"),
    "double": gettext_lazy("It is not here twice"),
}
# What must be proved before a company trades, or said why not yet.
PROOFS = ("number", "screening")


@dataclass(frozen=True)
class Line:
    """One thing to look at: how it stands, in words, and who said so when."""

    key: str
    state: str
    words: str = ""
    by: User | None = None
    at: date | None = None

    @property
    def title(self) -> Promise:
        return TITLES[self.key]

    @property
    def state_words(self) -> Promise:
        return STATES[self.state]

    @property
    def is_open(self) -> bool:
        return self.state in (OPEN, REFUSED)

    @property
    def is_by_hand(self) -> bool:
        return self.key in BY_HAND

    @property
    def is_fact(self) -> bool:
        return self.key in FACTS


def checklist_of(company: Company, *, is_alone: bool) -> list[Line]:
    """Every line for a company of its country. `is_alone`: no other company here is likely the same one."""
    facts = {fact.kind: fact for fact in company.facts.select_related("checked_by")}
    marks = last_marks(company)
    certificates = list(company.certificates.prefetch_related("files"))
    lines = []
    for key in LINES[company.country]:
        if key in FACTS:
            lines.append(_from_fact(key, facts.get(FACTS[key])))
        elif key == "screening":
            lines.append(_screening(company, marks.get(key)))
        elif key == "certificates":
            lines.append(_certificates(certificates))
        else:
            lines.append(_by_hand(key, company, marks.get(key), is_alone))
    return lines


def last_marks(company: Company) -> dict[str, VerificationStep]:
    """What was said of each line last."""
    steps = company.verification_steps.filter(act=VerificationAct.CHECKED).select_related("made_by").order_by("pk")
    return {step.checklist.get("line", ""): step for step in steps}


def as_kept(lines: Iterable[Line]) -> dict:
    """The checklist as it is kept with a decision: states, days and offices. Words and names stay where they are."""
    return {
        "lines": {
            line.key: {
                "state": line.state,
                "by": line.by.role if line.by else "",
                "on": line.at.isoformat() if line.at else "",
            }
            for line in lines
        }
    }


def _from_fact(key: str, fact: VerificationFact | None) -> Line:
    if fact is None:
        return Line(key, OPEN)
    return Line(key, DONE, fact.note, fact.checked_by, fact.checked_on)


def _screening(company: Company, mark: VerificationStep | None) -> Line:
    state = {Screening.CLEAR: DONE, Screening.REFUSED: REFUSED}.get(company.screening, OPEN)
    # Of a screening that came with a book nobody here is the author.
    is_told = mark is not None and mark.checklist.get("screening") == company.screening and state != OPEN
    return Line("screening", state, company.screening_note, *((mark.made_by, _day(mark.made_at)) if is_told else ()))


def _certificates(certificates: list[Certificate]) -> Line:
    held = [one for one in certificates if one.state != CertificateState.NOT_HELD]
    if not held:
        return Line("certificates", NOT_NEEDED, _("The company states none that it holds."))
    checked = sum(one.state == CertificateState.CHECKED for one in held)
    words = ngettext("%(checked)s of %(held)s certificate", "%(checked)s of %(held)s certificates", len(held)) % {
        "checked": figures.decimal(checked),
        "held": figures.decimal(len(held)),
    }
    if without := sum(not one.papers for one in held):
        words += "; " + _("without a paper: %(without)s") % {"without": figures.decimal(without)}
    return Line("certificates", DONE if checked == len(held) else OPEN, words)


def _by_hand(key: str, company: Company, mark: VerificationStep | None, is_alone: bool) -> Line:
    if mark is not None and mark.checklist.get("state") != OPEN:
        day = _day(mark.made_at)
        if mark.checklist.get("seen") == seen_of(company, BY_HAND[key]):
            return Line(key, mark.checklist["state"], mark.words, mark.made_by, day)
        changed = _("It was looked at on %(day)s; the company has changed it since.") % {"day": figures.day(day)}
        return Line(key, OPEN, changed)
    if key == "double" and is_alone:
        return Line(key, DONE, _("No company here has its number or a similar name."))
    if key == "tax" and not company.tax_number:
        return Line(key, NOT_NEEDED, _("The company states none."))
    if key == "latin" and company.name_registered.isascii():
        return Line(key, NOT_NEEDED, _("The registered name is in Latin letters."))
    return Line(key, OPEN)


def _day(at: datetime) -> date:
    return timezone.localdate(at)
