"""Every subject of a report. Another one is a module beside this one and a line here."""

from reports.cutting.book import BOOK
from reports.cutting.companies import COMPANIES
from reports.cutting.cut import SubjectCut
from reports.cutting.landed import LANDED
from reports.cutting.matches import MATCHES
from reports.cutting.pair import PAIR
from reports.cutting.plan import PLAN
from reports.cutting.sectors import SECTORS
from reports.cutting.unmet import UNMET
from reports.enums import Subject

SUBJECTS: dict[Subject, SubjectCut] = {
    Subject.MATCHES: MATCHES,
    Subject.COMPANIES: COMPANIES,
    Subject.PAIR: PAIR,
    Subject.PLAN: PLAN,
    Subject.UNMET: UNMET,
    Subject.LANDED: LANDED,
    Subject.SECTORS: SECTORS,
    Subject.BOOK: BOOK,
}
