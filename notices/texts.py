"""A notice in words, in the language of whoever reads it, made when it is read.

This app lies below those that know companies and goods, so the words of their codes are repeated here, letter for
letter: the catalogues translate them once.
"""

import logging
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import figures
from notices.enums import NoticeKind

log = logging.getLogger(__name__)
# The facts that each kind of notice cannot be told without.
FACTS = {
    NoticeKind.COMPANY_SUBMITTED: {"company"},
    NoticeKind.COMPANY_SENT_BACK: {"company", "reason"},
    NoticeKind.COMPANY_ACTIVE: {"company"},
    NoticeKind.COMPANY_SUSPENDED: {"company"},
    NoticeKind.FACT_RECORDED: {"company", "fact"},
    NoticeKind.COMPANY_JOINED: {"company"},
    NoticeKind.STAND_IN_BEGAN: {"company", "reason"},
    NoticeKind.NEW_MATCHES: {"company", "count"},
    NoticeKind.MATCH_PROPOSED: {"company"},
    NoticeKind.RUN_FAILED: {"run"},
    NoticeKind.SECTOR_MATCHES: {"sector", "count"},
    NoticeKind.ASKED_BACK: {"company", "words"},
    NoticeKind.ASK_ANSWERED: {"company"},
    NoticeKind.CLAIM_MADE: {"company"},
    NoticeKind.CLAIM_ACCEPTED: {"company"},
    NoticeKind.CLAIM_REFUSED: {"company", "reason"},
    NoticeKind.COMPANY_TAKEN_OVER: {"company"},
    NoticeKind.COMPANIES_MERGED: {"company", "other"},
    NoticeKind.LISTING_EXPIRING: {"company", "count", "listing", "day"},
    NoticeKind.BOOK_READ: {"file"},
    NoticeKind.MORE_WOULD_FIT: {"company", "count"},
    NoticeKind.REPORT_CAME: {"name"},
    NoticeKind.SCHEDULE_FAILED: {"name"},
    NoticeKind.REPORT_READY: {"name", "subject"},
    NoticeKind.REPORT_FAILED: {"name", "subject"},
    NoticeKind.REPORT_SHARED: {"name", "subject", "by"},
}

# The icon beside the sentence.
ICONS = {
    NoticeKind.COMPANY_SUBMITTED: "unverified",
    NoticeKind.COMPANY_SENT_BACK: "edit",
    NoticeKind.COMPANY_ACTIVE: "pass",
    NoticeKind.COMPANY_SUSPENDED: "fail",
    NoticeKind.FACT_RECORDED: "verified",
    NoticeKind.COMPANY_JOINED: "user",
    NoticeKind.STAND_IN_BEGAN: "user",
    NoticeKind.NEW_MATCHES: "match",
    NoticeKind.MATCH_PROPOSED: "intro",
    NoticeKind.RUN_FAILED: "warning",
    NoticeKind.SECTOR_MATCHES: "match",
    NoticeKind.ASKED_BACK: "info",
    NoticeKind.ASK_ANSWERED: "info",
    NoticeKind.CLAIM_MADE: "unverified",
    NoticeKind.CLAIM_ACCEPTED: "pass",
    NoticeKind.CLAIM_REFUSED: "fail",
    NoticeKind.COMPANY_TAKEN_OVER: "user",
    NoticeKind.COMPANIES_MERGED: "info",
    NoticeKind.LISTING_EXPIRING: "warning",
    NoticeKind.BOOK_READ: "info",
    NoticeKind.MORE_WOULD_FIT: "near",
    NoticeKind.REPORT_CAME: "download",
    NoticeKind.SCHEDULE_FAILED: "warning",
    NoticeKind.REPORT_READY: "download",
    NoticeKind.REPORT_FAILED: "warning",
    NoticeKind.REPORT_SHARED: "share",
}

CHECKED = {  # companies.enums.FactKind
    "number_checked": gettext_lazy("The registration number of %(company)s was checked."),
    "documents_seen": gettext_lazy("The documents of %(company)s were seen."),
    "visited": gettext_lazy("%(company)s was visited."),
    "deal_completed": gettext_lazy("A deal of %(company)s was completed here."),
}
SECTORS = {  # commodities.enums.Sector
    "palm_oil": gettext_lazy("Palm oil"),
    "fisheries": gettext_lazy("Fisheries"),
    "metals": gettext_lazy("Industrial metals"),
    "grains": gettext_lazy("Grains and oilseeds"),
    "fertilisers": gettext_lazy("Fertilisers and sulphur"),
    "energy": gettext_lazy("Energy"),
    "wood": gettext_lazy("Wood products"),
    "other": gettext_lazy("Other goods"),
}
REPORTS = {  # reports.enums.Subject
    "matches": gettext_lazy("Matches"),
    "plan": gettext_lazy("The plan: who supplies whom"),
    "unmet": gettext_lazy("Needs that nobody meets"),
    "landed": gettext_lazy("Landed costs, line by line"),
    "sectors": gettext_lazy("Summary by sector"),
    "companies": gettext_lazy("What is known of companies"),
    "pair": gettext_lazy("Brief of one pair"),
    "book": gettext_lazy("The book, as it is imported"),
}


def sentence(notice) -> str:
    """What happened, in one sentence; of a row that another version wrote, what it knows is the kind alone."""
    try:
        return SENTENCES[NoticeKind(notice.kind)](notice.facts)
    except (KeyError, TypeError, ValueError):
        log.warning("notice %s lacks what its sentence names", notice.pk)
        return str(notice.get_kind_display())


def icon_of(notice) -> str:
    return ICONS.get(notice.kind, "info")


def company_submitted(facts: dict) -> str:
    return _("%(company)s asks to be verified.") % facts


def company_sent_back(facts: dict) -> str:
    return _("%(company)s was sent back, with these words: %(reason)s") % facts


def company_active(facts: dict) -> str:
    return _("%(company)s is active: its open needs and capacities take part in the matching.") % facts


def company_suspended(facts: dict) -> str:
    return _("%(company)s is suspended: its needs and capacities take no part in the matching.") % facts


def fact_recorded(facts: dict) -> str:
    said = CHECKED.get(facts["fact"])
    return str(said) % facts if said else _("Something was checked about %(company)s.") % facts


def company_joined(facts: dict) -> str:
    return _("You act for %(company)s now.") % facts


def stand_in_began(facts: dict) -> str:
    return _("City staff now acts for %(company)s. The reason given: %(reason)s") % facts


def new_matches(facts: dict) -> str:
    said = ngettext(
        "%(company)s has %(count)s new match.",
        "%(company)s has %(count)s new matches.",
        facts["count"],
    )
    return said % facts


def match_proposed(facts: dict) -> str:
    return _("The city proposes to introduce %(company)s to a partner that fits.") % facts


def run_failed(facts: dict) -> str:
    return _("Run %(run)s failed.") % facts


def sector_matches(facts: dict) -> str:
    said = ngettext(
        "%(count)s new match in a sector you follow: %(sector)s.",
        "%(count)s new matches in a sector you follow: %(sector)s.",
        facts["count"],
    )
    return said % {"count": facts["count"], "sector": SECTORS.get(facts["sector"], facts["sector"])}


def asked_back(facts: dict) -> str:
    return _("Those who verify %(company)s ask: %(words)s") % facts


def ask_answered(facts: dict) -> str:
    return _("%(company)s has answered your question.") % facts


def claim_made(facts: dict) -> str:
    return _("Somebody says that %(company)s, an entry of the directory, is their company.") % facts


def claim_accepted(facts: dict) -> str:
    return _("Your claim was accepted: you act for %(company)s now.") % facts


def claim_refused(facts: dict) -> str:
    return _("Your claim of %(company)s was refused, with these words: %(reason)s") % facts


def company_taken_over(facts: dict) -> str:
    return _("%(company)s has been taken over by its own people.") % facts


def companies_merged(facts: dict) -> str:
    return _("Two entries of one company were brought together: %(other)s is found under %(company)s now.") % facts


def listing_expiring(facts: dict) -> str:
    told = {**facts, "day": figures.written_day(date.fromisoformat(facts["day"]))}
    if facts["count"] == 1:
        return _("%(listing)s of %(company)s expires on %(day)s. Renew it if it still stands.") % told
    said = ngettext(
        "%(count)s need or capacity of %(company)s expires soon, on %(day)s. Renew it if it still stands.",
        "%(count)s needs and capacities of %(company)s expire soon, the first on %(day)s. Renew what still stands.",
        facts["count"],
    )
    return said % told


def book_read(facts: dict) -> str:
    return _("%(file)s has been read. Look at it and confirm.") % facts


def more_would_fit(facts: dict) -> str:
    said = ngettext(
        "The city wrote to %(company)s: %(count)s change would make more partners fit.",
        "The city wrote to %(company)s: %(count)s changes would make more partners fit.",
        facts["count"],
    )
    return said % facts


def report_came(facts: dict) -> str:
    return _("“%(name)s” has come again and is ready.") % facts


def schedule_failed(facts: dict) -> str:
    return _("“%(name)s” was due, and no report was made. Its page says why.") % facts


def report_ready(facts: dict) -> str:
    return _("The report “%(name)s” is ready.") % {"name": _name_of_report(facts)}


def report_failed(facts: dict) -> str:
    return _("The report “%(name)s” could not be made. Its page says why.") % {"name": _name_of_report(facts)}


def report_shared(facts: dict) -> str:
    return _("%(by)s shared the report “%(name)s” with you.") % {"by": facts["by"], "name": _name_of_report(facts)}


def _name_of_report(facts: dict) -> str:
    """In the words of whoever ordered it; without any, what it is about."""
    return facts["name"] or str(REPORTS[facts["subject"]])


SENTENCES = {
    NoticeKind.COMPANY_SUBMITTED: company_submitted,
    NoticeKind.COMPANY_SENT_BACK: company_sent_back,
    NoticeKind.COMPANY_ACTIVE: company_active,
    NoticeKind.COMPANY_SUSPENDED: company_suspended,
    NoticeKind.FACT_RECORDED: fact_recorded,
    NoticeKind.COMPANY_JOINED: company_joined,
    NoticeKind.STAND_IN_BEGAN: stand_in_began,
    NoticeKind.NEW_MATCHES: new_matches,
    NoticeKind.MATCH_PROPOSED: match_proposed,
    NoticeKind.RUN_FAILED: run_failed,
    NoticeKind.SECTOR_MATCHES: sector_matches,
    NoticeKind.ASKED_BACK: asked_back,
    NoticeKind.ASK_ANSWERED: ask_answered,
    NoticeKind.CLAIM_MADE: claim_made,
    NoticeKind.CLAIM_ACCEPTED: claim_accepted,
    NoticeKind.CLAIM_REFUSED: claim_refused,
    NoticeKind.COMPANY_TAKEN_OVER: company_taken_over,
    NoticeKind.COMPANIES_MERGED: companies_merged,
    NoticeKind.LISTING_EXPIRING: listing_expiring,
    NoticeKind.BOOK_READ: book_read,
    NoticeKind.MORE_WOULD_FIT: more_would_fit,
    NoticeKind.REPORT_CAME: report_came,
    NoticeKind.SCHEDULE_FAILED: schedule_failed,
    NoticeKind.REPORT_READY: report_ready,
    NoticeKind.REPORT_FAILED: report_failed,
    NoticeKind.REPORT_SHARED: report_shared,
}
