"""The table of who may what, written from design.md par. 6: a row for each address, a column for each person.

Answers: `200` shown; `302` done, goes on; `400` reached, and refused in words; `in` asked to sign in; `2f` sent to
set up a second factor (a form: `403`); `again` asked to prove oneself again; `404` there is no such page; `405` no such
way.

Where a row is about a company (or a thing of it), it is an Indonesian one, unless the row ends in `@KZ`: then a Kazakh
one. "own" acts for it, "other" for another company of its country, "abroad" for one of the other country; "stand-in"
is city staff standing in for the Indonesian company.
"""

from dataclasses import dataclass

ACTORS = (
    "anonymous",
    "own",
    "other",
    "abroad",
    "officer",
    "staff",
    "stand-in",
    "admin",
    "disabled",  # was city staff, and is still signed in
    "one factor",  # city staff without the second factor that the role needs
)

#             anon own  other abroad offic staff stand admin disab one
EVERYBODY = " 200  200  200  200    200   200   200   200   200   200"
ANYBODY = "   200  200  200  200    200   200   200   200   200   2f"  # signed in or not; without 2nd factor: set it up
SIGNED_IN = " in   200  200  200    200   200   200   200   in    2f"
SET_UP = "    in   200  200  200    200   200   200   200   in    200"  # what somebody without a second factor may open
READERS = "   in   404  404  404    200   200   200   200   in    2f"
OFFICIALS = " in   404  404  404    404   200   200   200   in    2f"  # city staff and administrators
OFFICERS = "  in   404  404  404    200   404   404   200   in    2f"  # embassy officers and administrators
ADMINS = "    in   404  404  404    404   404   404   200   in    2f"
COMPANY = "   in   200  404  404    200   200   200   200   in    2f"  # its own people, and who reads every company
ACTING = "    in   200  404  404    404   404   200   404   in    2f"  # its own people, and who stands in for it
MEMBERS = "   in   200  404  404    404   404   404   404   in    2f"
VERIFY_ID = " in   404  404  404    404   200   404   200   in    2f"
VERIFY_KZ = " in   404  404  404    200   404   404   200   in    2f"
PAPERS_ID = " in   200  404  404    404   200   200   200   in    2f"  # its own people, who stands in, who verifies it
PAPERS_KZ = " in   200  404  404    200   404   404   200   in    2f"  # nobody stands in for that one
BOTH_SIDES = "in   200  404  200    404   404   404   404   in    2f"  # a match: the companies of both sides
COMES_IN = "  200  302  302  302    302   302   302   302   200   2f"  # who is in already goes home
HAVE_APP = "  in   404  404  404    200   200   200   200   in    2f"  # who has an app that shows codes
HAVE_KEY = "  in   200  200  200    again again again again in    2f"  # who has a passkey
REGISTERS = " in   200  200  200    404   200   200   200   in    2f"  # businesses, and city staff for others
REPORT = "    in   404  404  404    200   404   404   404   in    2f"  # the officer who ordered it
SHARED = "    in   404  404  404    200   200   404   404   in    2f"  # and the one of city staff who sees it too
SCHEDULE = "  in   404  404  404    200   200   404   200   in    2f"  # an officer's; one of city staff gets it
BUSINESS = "  in   200  200  200    404   404   404   404   in    2f"
ONE_STAFF = " in   404  404  404    404   200   404   404   in    2f"  # the one of city staff whose own it is
NOBODY = "    in   404  404  404    404   404   404   404   in    2f"


def done(pattern: str, reached: str = "302") -> str:
    """The same people, for what is done by a form: it goes on where it is reached."""
    return pattern.replace("200", reached).replace("2f", "403")


@dataclass(frozen=True)
class Row:
    """One address and method, with the answer for each of ACTORS."""

    name: str
    method: str
    answers: tuple[str, ...]

    @property
    def address(self) -> str:
        return self.name.partition(" ")[0].partition("@")[0]

    @property
    def variant(self) -> str:
        """What the address is filled with where there is more than one kind of it."""
        return self.name.partition("@")[0].partition(" ")[2]

    @property
    def is_kazakh(self) -> bool:
        return self.name.endswith("@KZ")


# name: (what GET answers, what POST answers); one of them None where the page has no such way.
PAGES: dict[str, tuple[str | None, str | None]] = {
    # Whether the product lives; what language to speak
    "livez": (EVERYBODY, None),
    "readyz": (EVERYBODY, None),
    "set_language": (None, EVERYBODY.replace("200", "302")),
    "set_theme": (None, EVERYBODY.replace("200", "302")),
    # Home, notices
    "desk:home": (ANYBODY, None),
    "desk:sectors": (None, done(READERS)),
    "desk:ui": (ADMINS, None),
    "desk:balance": (READERS, None),
    "desk:unmet-needs": (READERS, None),
    "desk:ending-needs": (READERS, None),
    "desk:ending-capacities": (READERS, None),
    "desk:unused-capacities": (READERS, None),
    "notices:notice-list": (SIGNED_IN, None),
    "notices:notices-read": (None, done(SIGNED_IN)),
    "notices:notice-open": (MEMBERS.replace("200", "302"), None),
    "notices:notice-read": (None, done(MEMBERS)),
    # History
    "desk:history-list": (OFFICIALS, None),
    "desk:history company": (COMPANY, None),
    "desk:history merge": (OFFICIALS, None),
    "desk:history need": (COMPANY, None),
    "desk:history capacity": (COMPANY, None),
    "desk:history company@KZ": (COMPANY, None),
    "desk:history match": (READERS, None),
    "desk:history weights": (READERS, None),
    "desk:history rate": (READERS, None),
    "desk:history person": (ADMINS, None),
    "desk:history contact": (NOBODY, None),
    # The book, companies and what they state
    "companies:book": (READERS, None),
    "companies:book-template": (SIGNED_IN, None),
    # A book that comes in: of a company's own listings, or (delegation) of many companies, sent by city staff
    "companies:book-import": (READERS, done(READERS, "400")),
    "companies:company-import": (ACTING, done(ACTING, "400")),
    "companies:company-import@KZ": (MEMBERS, done(MEMBERS, "400")),
    "companies:book-import-detail": (COMPANY, None),
    "companies:book-import-progress": (COMPANY, None),
    "companies:book-import-answer": (COMPANY, None),
    "companies:book-import-confirm": (None, done(ACTING)),
    "companies:book-import-undo": (None, done(ACTING)),
    "companies:book-import-drop": (None, done(ACTING)),
    "companies:book-import-detail delegation": (READERS, None),
    "companies:book-import-answer delegation": (READERS, None),
    "companies:book-import-confirm delegation": (None, done(VERIFY_ID)),
    "companies:book-import-undo delegation": (None, done(VERIFY_ID)),
    "companies:book-import-drop delegation": (None, done(VERIFY_ID)),
    "companies:company-list": (READERS, None),
    "companies:company-detail": (COMPANY, None),
    "companies:company-detail@KZ": (COMPANY, None),
    "companies:company-edit": (ACTING, done(ACTING, "400")),
    "companies:company-edit@KZ": (MEMBERS, done(MEMBERS, "400")),
    "companies:company-submit": (ACTING.replace("200", "302"), done(ACTING)),
    # A company is registered: begun with its number, step by step, sent
    "companies:likely-list": (REGISTERS, None),
    "companies:registration-start": (REGISTERS, done(REGISTERS, "400")),
    "companies:registration": (ACTING, None),
    "companies:registration@KZ": (MEMBERS, None),
    "companies:registration-step work": (ACTING, done(ACTING, "400")),
    "companies:registration-contact": (ACTING, done(ACTING, "400")),
    "companies:registration-check": (ACTING.replace("200", "302"), done(ACTING)),
    "companies:registration-drop": (ACTING, done(ACTING)),
    "companies:certificate-list": (ACTING, None),
    "companies:certificate-add": (ACTING, done(ACTING, "400")),
    "companies:certificate-edit": (ACTING, done(ACTING, "400")),
    "companies:certificate-remove": (None, done(ACTING)),
    "companies:certificate-file": (PAPERS_ID, None),
    "companies:certificate-file@KZ": (PAPERS_KZ, None),
    "companies:certificate-file-add": (None, done(ACTING, "400")),
    "companies:certificate-file-remove": (None, done(ACTING)),
    "companies:need-detail": (COMPANY, None),
    "companies:need-new": (ACTING, done(ACTING, "400")),
    "companies:capacity-new": (ACTING, done(ACTING, "400")),
    "companies:need-edit": (ACTING, done(ACTING, "400")),
    "companies:capacity-edit": (ACTING, done(ACTING, "400")),
    "companies:need-withdraw": (ACTING, done(ACTING)),
    "companies:need-close": (ACTING, done(ACTING)),
    "companies:need-pause": (None, done(ACTING)),
    "companies:need-resume": (None, done(ACTING)),
    "companies:need-renew": (ACTING, done(ACTING, "400")),
    "companies:capacity-detail": (COMPANY, None),
    "companies:capacity-withdraw": (ACTING, done(ACTING)),
    "companies:capacity-close": (ACTING, done(ACTING)),
    "companies:capacity-pause": (None, done(ACTING)),
    "companies:capacity-resume": (None, done(ACTING)),
    "companies:capacity-renew": (ACTING, done(ACTING, "400")),
    "companies:own-listings": (COMPANY, None),
    # Contact persons: the company's own; others state a purpose each time
    "companies:contact-list": (COMPANY, None),
    "companies:contact-look": (None, done(READERS, "200")),
    "companies:contact-add": (ACTING, done(ACTING)),
    "companies:contact-edit": (MEMBERS, done(MEMBERS, "200")),
    "companies:contact-agree": (MEMBERS, done(MEMBERS, "200")),
    "companies:contact-withdraw": (None, done(MEMBERS)),
    "companies:contact-remove": (None, done(MEMBERS)),
    # Standing in for a company
    "companies:stand-in-list": ("in 200 404 404 404 200 200 200 in 2f", None),
    "companies:stand-in-begin": (None, "in 404 404 404 404 302 400 302 in 403"),
    "companies:stand-in-end": (None, "in 302 404 404 404 404 302 404 in 403"),
    # Who acts for a company: seen by its people; said by its owners, who stands in for it and who verifies it
    "companies:member-list": (PAPERS_ID, None),
    "companies:member-list@KZ": (PAPERS_KZ, None),
    "companies:member-join": (None, done(OFFICIALS, "400")),
    "companies:member-join@KZ": (None, done(VERIFY_KZ, "400")),
    "companies:member-role": (None, done(PAPERS_ID)),
    "companies:member-role@KZ": (None, done(PAPERS_KZ)),
    "companies:member-part": (None, done(PAPERS_ID)),
    "companies:member-part@KZ": (None, done(PAPERS_KZ)),
    "companies:member-leave": (None, done(MEMBERS)),
    "companies:invitation-send": (None, done(PAPERS_ID, "400")),
    "companies:invitation-send@KZ": (None, done(PAPERS_KZ, "400")),
    "companies:invitation-again": (None, done(PAPERS_ID)),
    "companies:invitation-withdraw": (None, done(PAPERS_ID)),
    "companies:handover": (OFFICIALS, done(OFFICIALS, "400")),
    "companies:handover@KZ": (VERIFY_KZ, done(VERIFY_KZ, "400")),
    # A link that works once, for "own": who is not signed in is asked to, whom it is not for finds nothing
    "companies:invitation-open": ("200 200 404 404 404 404 404 404 200 2f", "200 302 404 404 404 404 404 404 200 403"),
    # The public directory, for businesses; a claim of "own", and those who verify the companies of the country
    "companies:directory-search": (BUSINESS, None),
    "companies:claim-make": (BUSINESS, done(BUSINESS, "400")),
    "companies:claim-detail": (PAPERS_ID, None),
    "companies:claim-detail@KZ": (PAPERS_KZ, None),
    "companies:claim-file": (PAPERS_ID, None),
    "companies:claim-accept": (None, done(OFFICIALS)),
    "companies:claim-accept@KZ": (None, done(VERIFY_KZ)),
    "companies:claim-refuse": (None, done(OFFICIALS, "400")),
    "companies:claim-withdraw": (None, done(MEMBERS)),
    # Verification: the city for Indonesia, the embassy for Kazakhstan
    "companies:merge-choose": (VERIFY_ID, None),
    "companies:merge-choose@KZ": (VERIFY_KZ, None),
    "companies:merge-start": (VERIFY_ID, done(VERIFY_ID, "400")),
    "companies:merge-start@KZ": (VERIFY_KZ, done(VERIFY_KZ, "400")),
    "companies:merge-list": (READERS, None),
    "companies:merge-detail": (OFFICIALS, None),
    "companies:merge-detail@KZ": (OFFICERS, None),
    "companies:merge-undo": (None, done(OFFICIALS)),
    "companies:merge-undo@KZ": (None, done(OFFICERS)),
    "companies:verification-queue": (READERS, None),
    "companies:verification": (VERIFY_ID, None),
    "companies:verification@KZ": (VERIFY_KZ, None),
    "companies:fact-record": (None, done(VERIFY_ID)),
    "companies:fact-record@KZ": (None, done(VERIFY_KZ)),
    "companies:verification-certificate": (None, done(VERIFY_ID)),
    "companies:verification-certificate@KZ": (None, done(VERIFY_KZ)),
    "companies:verification-line name": (None, done(VERIFY_ID, "400")),
    "companies:verification-line name@KZ": (None, done(VERIFY_KZ, "400")),
    "companies:verification-ask": (None, done(VERIFY_ID, "400")),
    "companies:verification-ask@KZ": (None, done(VERIFY_KZ, "400")),
    "companies:company-answer": (None, done(ACTING, "400")),
    "companies:company-answer@KZ": (None, done(MEMBERS, "400")),
    "companies:company-let-in": (None, done(VERIFY_ID, "400")),
    "companies:company-let-in@KZ": (None, done(VERIFY_KZ, "400")),
    "companies:company-send-back": (None, done(VERIFY_ID, "400")),
    "companies:company-send-back@KZ": (None, done(VERIFY_KZ, "400")),
    "companies:company-suspend": (None, done(VERIFY_ID, "400")),
    "companies:company-suspend@KZ": (None, done(VERIFY_KZ, "400")),
    "companies:company-screen": (None, done(VERIFY_ID)),
    "companies:company-screen@KZ": (None, done(VERIFY_KZ)),
    # Matches: whole for staff and officers, anonymised for the companies of both sides
    "matching:match-list": (READERS, None),
    "matching:match-detail": (READERS, None),
    "matching:match-what-if": (READERS, None),
    "matching:match-decide": (None, done(READERS)),
    "matching:bulk-decide": (READERS, done(READERS, "400")),
    "matching:propose": (READERS, done(READERS, "200")),
    "matching:batch-detail": (READERS, None),
    "matching:batch-undo": (None, done(READERS)),
    "matching:near-miss-list": (READERS, None),
    "matching:coaching": (READERS, None),
    "matching:coaching-letter": (READERS, None),
    "matching:coaching-send": (None, done(READERS)),
    "matching:commodity-list": (READERS, None),
    "matching:commodity-detail": (READERS, None),
    "matching:comparison-list": (READERS, None),
    "matching:comparison-start": (None, done(READERS)),
    "matching:comparison-detail": (READERS, None),
    "matching:comparison-progress": (READERS, None),
    # The plan, read by staff and officers; what is asked of it is said by staff
    "matching:plan": (READERS, None),
    "matching:plan-flow-list": (READERS, None),
    "matching:plan-unmet-list": (READERS, None),
    "matching:plan-unused-list": (READERS, None),
    "matching:plan-loads": (READERS, None),
    "matching:plan-solve": (None, done(OFFICIALS)),
    "matching:plan-instruct": (OFFICIALS, done(OFFICIALS, "400")),
    "matching:plan-lift": (None, done(OFFICIALS)),
    "matching:partner-list": ("in 200 200 200 404 404 404 404 in 2f", None),
    "matching:partner-list of-company": ("in 200 404 404 404 404 200 404 in 2f", None),
    "matching:partner-detail": (BOTH_SIDES, None),
    "matching:partner-detail of-company": ("in 200 404 404 404 404 200 404 in 2f", None),
    "matching:listing-fits needs": ("in 200 404 404 302 302 200 302 in 2f", None),
    "matching:listing-fits capacities": ("in 200 404 404 302 302 200 302 in 2f", None),
    "matching:listing-fits-progress needs": (ACTING, None),
    "matching:listing-fits-progress capacities": (ACTING, None),
    "matching:run-list": (READERS, None),
    "matching:run-detail": (READERS, None),
    "matching:run-progress": (READERS, None),
    "matching:run-start": (None, done(OFFICIALS)),
    "matching:run-what-if": (OFFICIALS, done(OFFICIALS, "400")),
    "matching:run-promote": (None, done(OFFICIALS)),
    "matching:run-weights": (READERS, None),
    "matching:difference-start": (None, done(READERS)),
    "matching:difference-detail": (READERS, None),
    "matching:difference-progress": (READERS, None),
    "reports:matches": (READERS, None),
    # Reports: an officer's, which one of city staff sees too
    "reports:report-list": (READERS, None),
    "reports:report-new": (READERS, done(READERS, "400")),
    "reports:report-detail": (SHARED, None),
    "reports:report-progress": (SHARED, None),
    "reports:report-anew": (SHARED, None),
    "reports:report-file": (SHARED, None),
    "reports:report-file-add": (None, done(SHARED)),
    "reports:report-share": (None, done(REPORT, "400")),
    "reports:report-unshare": (None, done(REPORT)),
    "reports:report-cancel": (None, done(REPORT)),
    "reports:report-again": (None, done(REPORT)),
    "reports:report-remove": (None, done(REPORT)),
    "reports:schedule-list": (READERS, None),
    "reports:schedule-new": (READERS, done(READERS, "200")),
    "reports:schedule-detail": (SCHEDULE, done(SCHEDULE, "400").replace("400   400   404", "400   302   404")),
    "reports:schedule-pause": (None, done(SCHEDULE)),  # whoever only gets it is told that it is not theirs to change
    "reports:schedule-resume": (None, done(SCHEDULE)),
    "reports:schedule-remove": (None, done(SCHEDULE)),
    "reports:verify": (ANYBODY, done(ANYBODY, "400")),
    # The corridor: read by whoever reads every company
    "corridor:overview": (READERS, None),
    "corridor:duty-list": (READERS, None),
    "corridor:duty-goods": (READERS, None),
    "corridor:duty-detail": (READERS, None),
    "corridor:duty-choose": (None, done(READERS)),
    "corridor:duty-take-back": (None, done(READERS, "400")),
    "corridor:requirement-list": (READERS, None),
    "corridor:preference-list": (READERS, None),
    "corridor:preference-detail": (READERS, None),
    "corridor:preference-switch": (None, done(OFFICERS)),
    "corridor:preference-take-back": (None, done(OFFICERS, "400")),
    "corridor:leg-list": (READERS, None),
    "corridor:leg-detail": (READERS, None),
    "corridor:leg-switch": (None, done(READERS)),
    "corridor:quote-list": (READERS, None),
    "corridor:quote-detail": (READERS, None),
    "corridor:quote-export": (READERS, None),
    "corridor:quote-new": (READERS, done(READERS, "400")),
    "corridor:quote-change": (READERS, done(READERS, "400")),
    "corridor:quote-end": (READERS, done(READERS, "400")),
    "corridor:quote-withdraw": (None, done(READERS)),
    "corridor:quote-import": (READERS, done(READERS, "400")),
    "corridor:quote-import-confirm": (None, done(READERS, "400")),
    "corridor:rate-list": (READERS, None),
    "corridor:rate-enter": (READERS, done(READERS, "400")),
    "corridor:rate-correct": (READERS, done(READERS, "400")),
    "corridor:premium-enter": (READERS, done(READERS, "400")),
    "corridor:premium-end": (READERS, done(READERS, "400")),
    # People and their roles
    "accounts:person-list": (ADMINS, None),
    "accounts:person-detail": (ADMINS, None),
    "accounts:person-role": (None, done(ADMINS)),
    "accounts:person-close": (None, done(ADMINS)),
    "accounts:person-reopen": (None, done(ADMINS, "200")),
    "accounts:person-sessions": (None, done(ADMINS)),
    "accounts:person-second-factor": (None, done(ADMINS)),
    # One's own account; nobody opens another's
    "accounts:own-account": (SIGNED_IN, done(SIGNED_IN)),
    "accounts:session-end": (None, done(MEMBERS)),
    # Saved views of lists: one's own alone, also where it is shared
    "accounts:saved-view-save": (None, done(READERS)),
    "accounts:saved-view-edit": (ONE_STAFF, done(ONE_STAFF, "400")),
    "accounts:saved-view-share": (None, done(ONE_STAFF)),
    "accounts:saved-view-remove": (None, done(ONE_STAFF)),
    "account_email": (SIGNED_IN, done(SIGNED_IN)),
    "account_change_password": (SIGNED_IN, done(SIGNED_IN, "200")),
    "account_reauthenticate": (SET_UP, SET_UP),
    "usersessions_list": (SIGNED_IN, done(SIGNED_IN)),
    "account_logout": (SET_UP, EVERYBODY.replace("200", "in")),
    # Coming in
    "account_login": (COMES_IN, done(COMES_IN, "200")),
    "account_signup": (COMES_IN, done(COMES_IN, "200")),
    "account_inactive": (ANYBODY, None),
    "account_email_verification_sent": (ANYBODY, None),
    "accounts:letter-again": (None, done(ANYBODY, "in")),
    "account_confirm_email": (EVERYBODY, EVERYBODY.replace("200", "404")),
    "account_reset_password": (ANYBODY, done(ANYBODY, "200")),
    "account_reset_password_done": (ANYBODY, None),
    "account_reset_password_from_key": (ANYBODY, done(ANYBODY, "200")),
    "account_reset_password_from_key_done": (ANYBODY, None),
    # Second factors. Who has none to remove, and no codes to see, finds no page; what is done asks the password again
    "mfa_index": (SET_UP, None),
    "mfa_authenticate": (COMES_IN.replace("200", "in"), done(COMES_IN, "in")),
    "mfa_reauthenticate": (SIGNED_IN, done(SIGNED_IN, "200")),
    "mfa_activate_totp": ("in 200 200 200 302 302 302 302 in 200", "in 200 200 200 302 302 302 302 in 200"),
    "mfa_deactivate_totp": (HAVE_APP, done(HAVE_APP, "200")),
    "mfa_view_recovery_codes": (SIGNED_IN, None),
    "mfa_generate_recovery_codes": (SIGNED_IN, done(SIGNED_IN)),
    "mfa_download_recovery_codes": (SIGNED_IN, None),
    "mfa_list_webauthn": (SIGNED_IN, None),
    "mfa_add_webauthn": (SET_UP, SET_UP),
    "mfa_login_webauthn": (COMES_IN.replace("200", "in"), done(COMES_IN, "in")),
    "mfa_reauthenticate_webauthn": (HAVE_KEY, done(HAVE_KEY)),
    "mfa_remove_webauthn": (MEMBERS, done(MEMBERS)),
    "mfa_edit_webauthn": (MEMBERS, done(MEMBERS, "200")),
}
KNOWS = ("200", "302", "400", "405")  # the page is there for this person
# Who is asked by role first and for the thing afterwards learns that there is no such way, and nothing of the thing.
ROLE_FIRST = {
    "desk:history": SIGNED_IN,
    "notices:": SIGNED_IN,
    "companies:company-": SIGNED_IN,
    "companies:company-let-in": READERS,
    "companies:company-send-back": READERS,
    "companies:company-suspend": READERS,
    "companies:company-screen": READERS,
    "companies:book-import-": SIGNED_IN,
    "companies:company-list": READERS,
    "companies:registration": SIGNED_IN,
    "reports:schedule-": READERS,
    "companies:likely-list": REGISTERS,
    "companies:registration-start": REGISTERS,
    "companies:certificate-": SIGNED_IN,
    "companies:merge-": READERS,
    "companies:need-": SIGNED_IN,
    "companies:capacity-": SIGNED_IN,
    "companies:own-listings": SIGNED_IN,
    "companies:contact-": SIGNED_IN,
    "companies:contact-look": READERS,
    "companies:stand-in-": SIGNED_IN,
    "companies:stand-in-begin": OFFICIALS,
    "companies:member-": SIGNED_IN,
    "companies:member-join": READERS,
    "companies:invitation-": SIGNED_IN,
    "companies:invitation-open": ANYBODY,
    "companies:handover": READERS,
    "companies:directory-search": BUSINESS,
    "companies:claim-": SIGNED_IN,
    "companies:claim-make": BUSINESS,
    "companies:claim-accept": READERS,
    "companies:claim-refuse": READERS,
    "companies:verification": READERS,
    "companies:fact-record": READERS,
    "desk:history-list": OFFICIALS,
    "matching:partner-": SIGNED_IN,
    "matching:listing-fits": SIGNED_IN,
    "accounts:session-end": SIGNED_IN,
    "accounts:saved-view-": READERS,
    "reports:report-": READERS,
}


def no_such_way(name: str, get: str | None, post: str | None) -> str:
    """What a method answers that a page does not take: 405 to whom the page is there, else what the page answers."""
    ways = [way for way in (get, post, gate_of(name)) if way]
    answers = []
    for column in zip(*(way.split() for way in ways), strict=True):
        is_there = any(answer in KNOWS for answer in column)
        answers.append("405" if is_there else column[0].replace("2f", "403"))
    return " ".join(answers)


def method_first(get: str | None, post: str | None) -> str:
    """The forms of allauth ask about the method before anything else."""
    is_set_up = not (get or post or "").endswith("2f")  # what somebody without a second factor may open
    return (EVERYBODY if is_set_up else ANYBODY).replace("200", "405").replace("2f", "403")


def gate_of(name: str) -> str | None:
    """Who passes the question about the role, whatever the thing; the longest name that fits decides."""
    fitting = [start for start in ROLE_FIRST if name.startswith(start)]
    return ROLE_FIRST[max(fitting, key=len)] if fitting else None


# What is answered in a way of its own.
NO_WAY = ANYBODY.replace("200", "405").replace("2f", "403")
ODD = {
    "matching:match-decide": {"get": done(READERS).replace("403", "2f")},  # back from the sign-in: on to the match
    "accounts:letter-again": {"get": NO_WAY.replace("403", "2f"), "put": NO_WAY, "delete": NO_WAY},
}


def rows_of(name: str, get: str | None, post: str | None) -> list[Row]:
    other = no_such_way(name, get, post)
    ways = {"get": get or other.replace("403", "2f"), "post": post or other, "put": other, "delete": other}
    if name.startswith(("account_", "mfa_")):
        ways |= dict.fromkeys(("put", "delete"), method_first(get, post))
    ways |= ODD.get(name, {})
    return [Row(name, method, tuple(answers.split())) for method, answers in ways.items()]


TABLE = [row for name, (get, post) in PAGES.items() for row in rows_of(name, get, post)]
