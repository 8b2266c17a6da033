"""The guards of who may see and do what, each with the tests that must tell when it is weak."""

from tests.mutations.weakening import Constant, Mutant, WithoutMiddleware

SEEN = ("tests/permissions/test_visible_to.py",)
READ = "tests/permissions/test_what_is_seen.py"
AROUND = ("tests/permissions/test_around.py",)
HISTORY = ("tests/desk/test_history.py",)
KEPT = ("tests/desk/test_history_kept.py",)
CROWD = ("tests/matching/test_anonymised.py", "tests/matching/test_anonymised_crowds.py")


def rows(*names: str) -> tuple[str, ...]:
    """Rows of the written table."""
    return tuple(f"tests/permissions/test_matrix.py::test_everybody_is_answered_as_the_table_says[{n}]" for n in names)


COMPANY = "companies.models.company:CompanyQuerySet.visible_to"
ACTED = "companies.models.company:CompanyQuerySet.acted_for_by"
LISTING = "companies.models.listings:ListingQuerySet.visible_to"
CONTACT = "companies.models.contacts:ContactPersonQuerySet.visible_to"
CROSSING = "companies.models.contacts:ContactPersonQuerySet.crossing_to"
LEAVING = "reports.cutting.redaction:refuse_what_may_not_leave"
CARRIED = ("tests/reports/cutting/test_contacts.py",)
GUEST = ("tests/reports/cutting/test_pair_for_company.py",)
PERMISSIONS = "accounts.permissions"
EVERYBODY = ", Role.BUSINESS, Role.STAFF, Role.OFFICER, Role.ADMIN)"

MUTANTS = [
    # Companies
    Mutant("company: everybody sees all", COMPANY, "filter(memberships__user=user, merged_into=None)", "all()", SEEN),
    Mutant("company: closed accounts see", COMPANY, " or not user.is_active", "", SEEN),
    Mutant("company: hidden ones are seen", COMPANY, "self.filter(is_hidden=False)", "self", SEEN),
    Mutant("company: any member sees any", COMPANY, "memberships__user=user", "memberships__isnull=False", SEEN),
    Mutant("company: business users read all", COMPANY, "may_see_every_company(user)", "user.is_authenticated", SEEN),
    Mutant("acting: closed accounts act", ACTED, " or not user.is_active", "", SEEN),
    Mutant("acting: for what is hidden", ACTED, ", is_hidden=False", "", SEEN),
    Mutant("acting: a stand-in without end", ACTED, ", stand_ins__ended_at__isnull=True", "", SEEN),
    Mutant("acting: a stand-in of another role", ACTED, "may_stand_in(user)", "True", SEEN),
    Mutant("acting: anybody for a company stood in for", ACTED, "stand_ins__user=user, ", "", SEEN),
    Mutant(
        "acting: staff without standing in", ACTED, "stand_ins__user=user, stand_ins__ended_at__isnull=True", "", SEEN
    ),
    # Needs and capacities
    Mutant(
        "listing: everybody sees all",
        LISTING,
        "return self.filter(company__memberships__user=user)",
        "return self",
        SEEN,
    ),
    Mutant("listing: closed accounts see", LISTING, " or not user.is_active", "", SEEN),
    Mutant("listing: of hidden companies", LISTING, "self.filter(company__is_hidden=False)", "self", SEEN),
    Mutant("listing: any member sees any", LISTING, "memberships__user=user", "memberships__isnull=False", SEEN),
    # Contact persons
    Mutant(
        "contact: everybody sees all",
        CONTACT,
        "return self.filter(company__memberships__user=user)",
        "return self",
        SEEN,
    ),
    Mutant("contact: closed accounts see", CONTACT, " or not user.is_active", "", SEEN),
    Mutant("contact: of hidden companies", CONTACT, "company__is_hidden=False,", "", SEEN),
    Mutant("contact: consent withdrawn", CONTACT, "consents__withdrawn_at__isnull=True,", "", SEEN),
    Mutant("contact: consent for elsewhere", CONTACT, "consents__countries__contains=[READS_IN[user.role]],", "", SEEN),
    Mutant("contact: any member sees any", CONTACT, "memberships__user=user", "memberships__isnull=False", SEEN),
    # Contact persons and names in reports
    Mutant("contact: withdrawn ones cross", CROSSING, "withdrawn_at__isnull=True, ", "", CARRIED),
    Mutant("contact: cross to anywhere", CROSSING, ", countries__contains=[country]", "", CARRIED),
    Mutant(
        "contact: what one may not see crosses",
        "reports.cutting.contacts:contacts_of",
        "visible_to(user).",
        "",
        CARRIED,
    ),
    Mutant("contact: shown in a preview", "reports.cutting.contacts:contacts_of", "if put.keeps else ()", "", CARRIED),
    Mutant("report: contact persons for no reason", LEAVING, "if order.contacts:", "if False:", CARRIED),
    Mutant("report: a guest gets any list", LEAVING, "if order.for_company is not None:", "if False:", GUEST),
    Mutant(
        "report: a guest gets the brief of officials",
        "reports.cutting.pair:cut",
        "if order.for_company is not None:",
        "if False:",
        GUEST,
    ),
    Mutant(
        "report: a guest gets what it is not told",
        "reports.cutting.pair:refuse_what_is_not_told",
        "not Match.objects.told_to([company]).filter(pk=match.pk).exists()",
        "False",
        GUEST,
    ),
    Mutant(
        "report: a dossier of what is hidden",
        "reports.cutting.companies_read:companies_in_order",
        "visible_to(user).",
        "",
        ("tests/reports/cutting/test_companies.py",),
    ),
    Mutant(
        "contact: a look is not kept",
        "companies.services.contacts:look_at_contacts",
        "look.save()",
        "pass",
        (f"{READ}::test_a_look_with_a_purpose_shows_contact_persons_once_and_is_kept",),
    ),
    Mutant(
        "contact: shown to a stand-in",
        "companies.views.contacts:own_contact",
        "if not is_member(request.user, company):",
        "if False:",
        rows("companies:contact-edit"),
    ),
    Mutant(
        "contact: shown without a look",
        "companies.views.finding:what_one_may",
        '"is_member": is_member(user, company),',
        '"is_member": True,',
        (f"{READ}::test_nobody_reads_what_is_not_theirs[companies:contact-list]",),
    ),
    # Matches, near misses, runs
    Mutant(
        "match: of hidden companies, for readers",
        "matching.models.matches:seen_by_readers",
        "need__company__is_hidden=False, capacity__company__is_hidden=False",
        "",
        SEEN,
    ),
    Mutant(
        "match: told to everybody", "matching.models.matches:MatchQuerySet.told_to", "told_to(companies), ", "", SEEN
    ),
    Mutant(
        "match: told of hidden companies",
        "matching.models.matches:trading",
        ', (f"{company}is_hidden", False)',
        "",
        SEEN,
    ),
    Mutant(
        "match: business users read all",
        "matching.models.matches:MatchQuerySet.visible_to",
        "may_see_every_company(user)",
        "user.is_authenticated",
        SEEN,
    ),
    Mutant(
        "near miss: told to everybody",
        "matching.models.matches:NearMissQuerySet.told_to",
        "told_to(companies), ",
        "",
        SEEN,
    ),
    Mutant(
        "near miss: business users read all",
        "matching.models.matches:NearMissQuerySet.visible_to",
        "may_see_every_company(user)",
        "user.is_authenticated",
        SEEN,
    ),
    Mutant(
        "results: business users read both sides",
        "matching.models.listed:ListedQuerySet.visible_to",
        "self.filter(is_seen=True) if may_see_every_company(user) else self.none()",
        "self",
        SEEN,
    ),
    Mutant(
        "run: everybody sees runs",
        "matching.models.runs:RunQuerySet.visible_to",
        "self if may_see_every_company(user) else self.none()",
        "self",
        SEEN,
    ),
    Mutant(
        "partners: of any company",
        "matching.told.partners:viewpoint_of",
        "Company.objects.acted_for_by(user).filter(pk=company)",
        "Company.objects.filter(pk=company)",
        rows("matching:partner-list of-company"),
    ),
    Constant("partners: described without a crowd", "matching.told.crowds:ENOUGH", 0, CROWD),
    # Notices, sessions
    Mutant("notice: everybody's", "notices.models:NoticeQuerySet.visible_to", "self.filter(user=user)", "self", SEEN),
    Mutant("notice: closed accounts read", "notices.models:NoticeQuerySet.visible_to", " and user.is_active", "", SEEN),
    Mutant(
        "session: anybody's is ended",
        "accounts.sessions:end_session",
        "user=request.user, pk=pk",
        "pk=pk",
        rows("accounts:session-end"),
    ),
    # Questions about the role
    Mutant("role: of closed accounts", f"{PERMISSIONS}:_has_role", " and user.is_active", "", SEEN),
    Mutant("role: any will do", f"{PERMISSIONS}:_has_role", " and user.role in roles", "", SEEN),
    *[
        Mutant(f"role: {question} of everybody", f"{PERMISSIONS}:{question}", "return ", "return True or ", SEEN)
        for question in (
            "may_see_every_company",
            "may_run_matching",
            "may_decide_on_matches",
            "may_export",
            "may_stand_in",
            "may_look_at_contacts",
            "may_read_all_history",
            "may_manage_people",
        )
    ],
    Mutant(
        "role: nobody needs a second factor", f"{PERMISSIONS}:needs_second_factor", "return ", "return False and ", SEEN
    ),
    Mutant(
        "role: pages for everybody",
        "accounts.access:only_for",
        "if not question(request.user):",
        "if False:",
        rows("matching:run-start", "desk:balance"),
        is_read_once=True,
    ),
    Mutant(
        "role: pages for strangers",
        "accounts.access:only_for",
        "return login_required(never_cache(asked))",
        "return never_cache(asked)",
        rows("desk:balance"),
        is_read_once=True,
    ),
    Mutant(
        "role: browsers keep pages",
        "accounts.access:only_for",
        "return login_required(never_cache(asked))",
        "return login_required(asked)",
        AROUND,
        is_read_once=True,
    ),
    # Verifying, acting, standing in
    Mutant(
        "verify: of any country",
        "companies.permissions:may_verify",
        " and user.role in VERIFIERS[company.country]",
        "",
        rows("companies:fact-record@KZ", "companies:fact-record"),
    ),
    Mutant(
        "verify: by whoever sees",
        "companies.views.finding:company_to_verify",
        "if not may_verify(request.user, company):",
        "if False:",
        rows("companies:company-let-in"),
    ),
    Mutant(
        "member: everybody is one",
        "companies.permissions:is_member",
        "return ",
        "return True or ",
        rows("companies:contact-withdraw"),
    ),
    Mutant(
        "act: for what one only sees",
        "companies.views.finding:own_company",
        "acted_for_by(request.user)",
        "visible_to(request.user)",
        rows("companies:company-edit"),
    ),
    Mutant(
        "act: on listings one only sees",
        "companies.views.listing_acts:acted_on",
        ", company__in=Company.objects.acted_for_by(request.user)",
        "",
        rows("companies:need-close", "companies:capacity-close"),
    ),
    Mutant(
        "see: any company",
        "companies.views.finding:seen_company",
        "Company.objects.visible_to(request.user)",
        "Company.objects",
        rows("companies:company-detail"),
    ),
    Mutant(
        "stand-in: ended by any colleague",
        "companies.views.stand_ins:stand_in_end",
        "and found.user_id != request.user.pk",
        "and False",
        rows("companies:stand-in-end"),
    ),
    Mutant(
        "stand-in: the list for all who see",
        "companies.views.stand_ins:stand_ins_page",
        'if not own["is_member"] and not own["may_stand_in"]:',
        "if False:",
        rows("companies:stand-in-list"),
    ),
    # Second factor, forms, history
    WithoutMiddleware(
        "second factor: not asked for", "accounts.second_factor.SecondFactorMiddleware", rows("desk:home")
    ),
    Mutant(
        "second factor: recovery codes are one",
        "accounts.models:SecondFactorQuerySet.proving",
        "self.exclude(type=Authenticator.Type.RECOVERY_CODES)",
        "self.all()",
        rows("desk:home"),
    ),
    WithoutMiddleware("forms: of other sites", "django.middleware.csrf.CsrfViewMiddleware", AROUND),
    WithoutMiddleware("history: nobody is named", "accounts.history.HistoryMiddleware", HISTORY),
    Mutant(
        "history: requests are not told apart",
        "accounts.history:HistoryMiddleware.__call__",
        "user=request.user.pk",
        "user=None",
        KEPT,
    ),
    Mutant(
        "history: companies read names of officials",
        "desk.history.people:People.name",
        "not self.is_company or number in self._fellows",
        "True",
        HISTORY,
    ),
    Mutant("history: erased people are named", "desk.history.people:People.name", " or person.erased_at", "", HISTORY),
    Mutant(
        "history: companies read what officials note",
        "desk.history.words:Words._is_silent",
        "self.people.is_company and",
        "False and",
        HISTORY,
    ),
    Mutant(
        "history: decisions for companies",
        "desk.history.kinds:matches_seen",
        "Match.objects.visible_to(user) if may_see_every_company(user) else Match.objects.none()",
        "Match.objects.all()",
        HISTORY,
    ),
    Mutant("history: roles for everybody", "desk.history.kinds:people_seen", "if is_admin", "if True", HISTORY),
    Mutant("history: of what one does not see", "desk.history.kinds:Kind.changes", ".filter(seen)", "", HISTORY),
    Mutant(
        "history: roles in everybody's list",
        "desk.history.kinds:kinds_of_page",
        'if kind.key != "person" or user.role == Role.ADMIN',
        "",
        HISTORY,
    ),
]
