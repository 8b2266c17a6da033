from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """What a person is told of. The sentence of each kind lives in `notices/texts.py`."""

    COMPANY_SUBMITTED = "company_submitted", _("a company asks to be verified")
    COMPANY_SENT_BACK = "company_sent_back", _("a company is sent back to its people")
    COMPANY_ACTIVE = "company_active", _("a company is active")
    COMPANY_SUSPENDED = "company_suspended", _("a company is suspended")
    FACT_RECORDED = "fact_recorded", _("something was checked about a company")
    COMPANY_JOINED = "company_joined", _("a person acts for a company")
    STAND_IN_BEGAN = "stand_in_began", _("city staff acts for a company")
    NEW_MATCHES = "new_matches", _("new matches for a company")
    MATCH_PROPOSED = "match_proposed", _("a match is proposed for an introduction")
    RUN_FAILED = "run_failed", _("a run failed")
    SECTOR_MATCHES = "sector_matches", _("new matches in a followed sector")
    ASKED_BACK = "asked_back", _("those who verify a company have a question")
    ASK_ANSWERED = "ask_answered", _("a company answered those who verify it")
    CLAIM_MADE = "claim_made", _("somebody claims an entry of the directory")
    CLAIM_ACCEPTED = "claim_accepted", _("a claim was accepted")
    CLAIM_REFUSED = "claim_refused", _("a claim was refused")
    COMPANY_TAKEN_OVER = "company_taken_over", _("a company was taken over by its people")
    COMPANIES_MERGED = "companies_merged", _("two entries of a company were brought together")
    LISTING_EXPIRING = "listing_expiring", _("a need or capacity expires soon")
    BOOK_READ = "book_read", _("a book was read and waits to be confirmed")
    MORE_WOULD_FIT = "more_would_fit", _("the city says what would open more partners")
    REPORT_CAME = "report_came", _("a report of a schedule is ready")
    SCHEDULE_FAILED = "schedule_failed", _("a schedule made no report")
    REPORT_READY = "report_ready", _("a report is ready")
    REPORT_FAILED = "report_failed", _("a report failed")
    REPORT_SHARED = "report_shared", _("somebody shared a report")
