"""Contact persons in a report: those alone who agreed to be seen where the recipient works, and one kept look each.

All others are left out, and counted field by field. Whoever is in it stands in rows, never in the head of a report.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from companies.models import Company, ContactPerson
from companies.services import look_at_contacts
from reports.cutting.cut import Put
from reports.cutting.redaction import words_of_look
from reports.document import Block, Column, Kind, Row, Table, TableOf, Words
from reports.orders import Order

FIELDS = ("name", "position", "email", "phone")
KEY = "contacts"


@dataclass(frozen=True)
class Contacts:
    """Who crosses, as rows of a table; how many fields do not; whose people they are.

    Of a preview, which keeps nothing, only how many would be in it: nobody is shown without a look that is kept.
    """

    rows: tuple[Row, ...] = ()
    crossing: int = 0
    left_out: int = 0
    of: tuple[int, ...] = ()


def contacts_of(companies: Sequence[Company], order: Order, user, put: Put) -> Contacts:
    """The contact persons of companies that an order lets across, in the companies' order."""
    if not order.contacts:
        return Contacts()
    may_cross = ContactPerson.objects.visible_to(user).crossing_to(order.crosses_to).filter(company__in=companies)
    crossing = set(may_cross.values_list("pk", flat=True))
    all_of_them = ContactPerson.objects.filter(company__in=companies)
    kept_back = all_of_them.exclude(pk__in=crossing).values_list(*FIELDS)
    rows, of = [], []
    for company in companies if put.keeps else ():
        people = looked_at(company, order, user)
        rows += [row_of(company, person) for person in people]
        of += [company.pk] if people else []
    return Contacts(tuple(rows), len(crossing), sum(bool(value) for person in kept_back for value in person), tuple(of))


def looked_at(company: Company, order: Order, user) -> list[ContactPerson]:
    """One look, kept in the transaction of the cut: the company reads who took its people where, and for what."""
    return look_at_contacts(
        company=company, user=user, purpose=order.purpose, words=words_of_look(order), crosses_to=order.crosses_to
    )


def row_of(company: Company, person: ContactPerson) -> Row:
    return (company.name_registered, *(getattr(person, name) or None for name in FIELDS))


# --- as they are told, in the language that is spoken


def table() -> Table:
    return Table(
        key=KEY,
        title=_("Contact persons"),
        columns=(
            Column(key="company", title=_("Company"), kind=Kind.TEXT, width=30),
            Column(key="name", title=_("Name"), kind=Kind.TEXT, width=24),
            Column(key="position", title=_("Position"), kind=Kind.TEXT, width=20),
            Column(key="email", title=_("E-mail address"), kind=Kind.TEXT, width=26),
            Column(key="phone", title=_("Telephone"), kind=Kind.TEXT, width=18),
        ),
        note=_("For the stated purpose and this recipient alone. Each person agreed to be seen there."),
    )


def blocks(contacts: Contacts) -> tuple[Block, ...]:
    if contacts.rows:
        return (TableOf(table=KEY),)
    if contacts.crossing:
        words = _("Contact persons stand in the finished report alone, where that they were looked at is kept.")
        return (Words(text=words, tone="note"),)
    return (Words(text=_("No contact person agreed to be seen where the recipient works."), tone="note"),)
