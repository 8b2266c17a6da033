"""What is known of companies: a dossier of each, in one document. Each begins with a heading of its own."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import figures
from matching.lists import newest_official_run
from matching.names import reader_names
from reports.cutting import companies_tables
from reports.cutting import contacts as people
from reports.cutting.about import about_lines
from reports.cutting.companies_blocks import blocks
from reports.cutting.companies_read import Known, companies_in_order, known_of
from reports.cutting.cut import Cut, Put, SubjectCut
from reports.cutting.tongues import in_all_languages, put_all
from reports.document import Document
from reports.enums import Subject
from reports.orders import Order

MOST_DOSSIERS = 20


def check(order: Order, user) -> None:
    asked = dict.fromkeys(order.companies)
    if not asked:
        raise ValidationError(_("Choose a company, or several."), code="no_company")
    if len(asked) > MOST_DOSSIERS:
        raise ValidationError(
            _("A dossier holds at most %(most)s companies. Choose fewer."),
            code="too_many",
            params={"most": MOST_DOSSIERS},
        )
    if len(companies_in_order(asked, user)) < len(asked):
        raise ValidationError(_("A company that was chosen is not found. Choose again."), code="gone")


def cut(order: Order, user, put: Put) -> Cut:
    run = newest_official_run()
    companies = companies_in_order(order.companies, user)
    all_known = [known_of(company, user, run) for company in companies]
    contacts = people.contacts_of(companies, order, user, put)

    def tell():
        names = reader_names()
        printed = [block for known in all_known for block in blocks(known, names)]
        made = companies_tables.tables(all_known, names)
        if order.contacts:
            printed += people.blocks(contacts)
            made = (*made, (people.table(), list(contacts.rows)))
        return title(all_known), subtitle(all_known), tuple(printed), made

    named, told, printed, made = in_all_languages(tell)
    has_examples = any(map(is_example, all_known))
    document = Document(
        subject=Subject.COMPANIES,
        title=named,
        subtitle=told,
        about=about_lines(run, has_examples=has_examples),
        tables=put_all(made, put),
        blocks=printed,
        has_examples=has_examples,
        has_contacts=bool(contacts.rows),
        left_out=contacts.left_out,
    )
    return Cut(document, run, contacts.of)


def title(all_known: list[Known]) -> str:
    if len(all_known) == 1:
        return all_known[0].company.name_registered
    count = len(all_known)
    words = ngettext("What is known of %(number)s company", "What is known of %(number)s companies", count)
    return words % {"number": figures.decimal(count)}


def subtitle(all_known: list[Known]) -> str:
    if len(all_known) > 1:
        return ", ".join(known.company.name_registered for known in all_known)
    company = all_known[0].company
    return ", ".join(part for part in (company.where, str(company.get_country_display())) if part)


def is_example(known: Known) -> bool:
    return known.company.is_example or any(known.partner_in(result.match).is_example for result in known.matches)


COMPANIES = SubjectCut(columns=(), check=check, cut=cut)
