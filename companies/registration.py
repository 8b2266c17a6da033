"""The registration of a company, step by step: which steps there are, and what each still needs. Plain facts.

The company's own row is the state: whoever acts for it goes on where it was left, on any device.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.enums import CompanyStatus
from companies.models import Company


@dataclass(frozen=True)
class Step:
    """One page of the registration: what it asks, and what must be filled in so that it counts as done."""

    key: str
    title: Promise
    fields: tuple[str, ...]
    needed: tuple[str, ...] = ()

    def lacks(self, company: Company) -> bool:
        return any(not getattr(company, name) for name in self.needed)


STEPS = (
    Step(
        "company",
        _("The company"),
        ("registration_number", "name_registered", "legal_form", "name_short", "name_latin", "tax_number"),
        ("registration_number", "name_registered", "legal_form"),
    ),
    Step("site", _("Where you are"), ("region", "city"), ("region",)),
    Step("loading", _("Where your goods are loaded"), ("place", "first_mile_km"), ("place",)),
    Step("work", _("What you do"), ("sectors", "activities", "size", "description", "website"), ("sectors",)),
    Step("languages", _("Languages"), ("languages",), ("languages",)),
)
REACH = Step("reach", _("Mailbox and telephone"), ("role_mailbox", "switchboard"))
NEEDED_STEPS = (*STEPS, REACH)
BY_KEY = {step.key: step for step in NEEDED_STEPS}


def lacks(step: Step, company: Company) -> bool:
    """Whether a step keeps the company from being sent; of mailbox and telephone one is enough."""
    if step is REACH:
        return not company.role_mailbox and not company.switchboard
    return step.lacks(company)


def missing_steps(company: Company) -> list[Step]:
    """The steps to take before the company can be sent."""
    return [step for step in NEEDED_STEPS if lacks(step, company)]


@dataclass(frozen=True)
class Progress:
    """How far a registration is; `next` is the key of the first step to take, empty where all are done."""

    done: int
    total: int
    next: str

    @property
    def is_complete(self) -> bool:
        return self.done == self.total


def progress_of(company: Company) -> Progress:
    missing = missing_steps(company)
    return Progress(len(NEEDED_STEPS) - len(missing), len(NEEDED_STEPS), missing[0].key if missing else "")


def step_after(key: str, company: Company) -> str:
    """Where one goes on from a step: the next one that is not done, around the list; empty where all are."""
    keys = [step.key for step in NEEDED_STEPS]
    start = keys.index(key) + 1
    missing = {step.key for step in missing_steps(company)}
    return next((other for other in [*keys[start:], *keys[:start]] if other in missing), "")


def is_to_send(company: Company) -> bool:
    return company.status == CompanyStatus.DRAFT


def titles(steps: Collection[Step]) -> str:
    return ", ".join(str(step.title) for step in steps)
