"""Every subject of a report. Another one is a module beside this one and a line here."""

from reports.cutting.cut import SubjectCut
from reports.cutting.matches import MATCHES
from reports.enums import Subject

SUBJECTS: dict[Subject, SubjectCut] = {Subject.MATCHES: MATCHES}
