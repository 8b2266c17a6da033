"""A small subject for tests of making: names of companies twice, by COPY and row by row, from one moment."""

from collections.abc import Callable

from accounts.enums import Role
from accounts.models import User
from companies.models import Company
from reports import services
from reports.cutting.cut import Cut, SubjectCut
from reports.document import Document, Line
from reports.enums import Format, Subject
from reports.models import Report
from reports.orders import Order
from tests.people import person
from tests.reports.frozen import four, table, text_column

SUBJECT = Subject.SECTORS
ORDER = Order(subject=SUBJECT, recipient="Kazyna Trade")
JSON_RU = (Format.JSON, ("ru",))
XLSX_BOTH = (Format.XLSX, ("id", "ru"))


def names_of(put, between: Callable[[], None] = lambda: None, **head) -> Document:
    columns = (text_column("name"), text_column("city"))
    put.copied("copied", "SELECT name_registered, city FROM companies_company ORDER BY id")
    between()
    put.put("one_by_one", Company.objects.order_by("pk").values_list("name_registered", "city"))
    tables = tuple(table(columns, key=key) for key in ("copied", "one_by_one"))
    return Document(subject=SUBJECT, title=four("Companies"), about=(Line(four("Run"), "7"),), tables=tables, **head)


def subject(cut=None, check=lambda order, user: None) -> SubjectCut:
    return SubjectCut((), check, cut or (lambda order, user, put: Cut(names_of(put), None)))


def officer(**facts) -> User:
    return person(Role.OFFICER, **facts)


def colleague(number: int = 2) -> User:
    return person(Role.STAFF, email=f"colleague{number}@example.test", name=f"Colleague {number}")


def ordered(*files, user: User | None = None, **facts) -> Report:
    order = facts.pop("order", ORDER)
    return services.order_report(user=user or officer(), order=order, files=files or [JSON_RU], **facts)


def made(*files, **facts) -> Report:
    """A report as a worker leaves it."""
    report = ordered(*files, **facts)
    services.carry_out(report.pk)
    report.refresh_from_db()
    return report
