"""What has a history page, which tables its history is kept in, and who sees it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import figures
from accounts.enums import Role
from accounts.models import SecondFactor, User
from accounts.permissions import may_see_every_company
from companies import models as companies
from companies.queries import merges_verified_by
from corridor import models as corridor
from desk.history.internal import told_to_companies
from matching.models import Decision, Match, Weights


@dataclass(frozen=True)
class Source:
    """One table of kept rows: of the thing itself, or of a child that is shown on the page of its parent."""

    tracked: type
    parent: str = "id"  # what of a row names the thing
    only: Q = field(default_factory=Q)
    # Names the company of a thing, so that its history is found where the thing itself is gone.
    company: str = ""

    @property
    def events(self) -> type:
        return self.tracked.pgh_event_model

    def rows(self) -> QuerySet:
        """Every kept row, with the number of the thing on whose page it is shown."""
        # The number of a thing has an index among the kept rows only as that of the object they are kept of.
        is_indexed = self.parent == "id" and hasattr(self.events, "pgh_obj")
        return self.events.objects.filter(self.only).annotate(shown_on=F("pgh_obj_id" if is_indexed else self.parent))


@dataclass(frozen=True)
class Kind:
    """A thing with a history: a company, a need. `visible` are those that a person sees."""

    key: str
    label: Promise
    sources: tuple[Source, ...]
    visible: Callable[[object], QuerySet]
    title: Callable[[object], str] = str
    joins: tuple[str, ...] = ()  # what a title reads beside the thing itself
    page: str = ""  # of the thing itself

    def all_things(self) -> QuerySet:
        """Every thing of the kind, with what its title reads."""
        things = self.sources[0].tracked._default_manager if self.sources[0].parent == "id" else Match.objects
        return things.select_related(*self.joins)

    def changes(self, user, *, only: Q | None = None) -> list[QuerySet]:
        """When, in which context and of what: one query for each table, of the things that a person sees."""
        things, companies_seen = self.visible(user), companies.Company.objects.visible_to(user)
        found = []
        for source in self.sources:
            seen = Exists(things.filter(pk=OuterRef("shown_on")))
            if source.company:
                gone = ~Exists(things.model.objects.filter(pk=OuterRef("shown_on")))
                seen = Q(seen) | Q(gone, Exists(companies_seen.filter(pk=OuterRef(source.company))))
            rows = source.rows().filter(only or Q()).filter(seen)
            if not may_see_every_company(user):
                rows = rows.filter(told_to_companies(source.tracked))
            named = rows.annotate(kind_key=Value(self.key))
            found.append(named.order_by().values_list("pgh_created_at", "pgh_context_id", "kind_key", "shown_on"))
        return found


def readers_only(model: type) -> Callable[[object], QuerySet]:
    """Tables that staff and officers read whole."""
    return lambda user: model.objects.all() if may_see_every_company(user) else model.objects.none()


def people_seen(user) -> QuerySet:
    """Who has which role is for administrators."""
    is_admin = user.is_authenticated and user.is_active and user.role == Role.ADMIN
    return User.objects.all() if is_admin else User.objects.none()


def companies_seen(user) -> QuerySet:
    """The companies that somebody sees, and the entries merged into them: their histories are still told."""
    seen = companies.Company.objects.visible_to(user).order_by().values("pk")
    return companies.Company.objects.filter(Q(pk__in=seen) | Q(merged_into__in=seen))


def merges_seen(user) -> QuerySet:
    """For those who verify the companies: why two entries were held to be one is not told to the company."""
    return merges_verified_by(user) if may_see_every_company(user) else companies.Merge.objects.none()


def matches_seen(user) -> QuerySet:
    """Decisions carry notes of officials: a company reads their outcome on its own page, not who weighed what."""
    return Match.objects.visible_to(user) if may_see_every_company(user) else Match.objects.none()


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "company",
            _("company"),
            (
                Source(companies.Company),
                Source(companies.Membership, "company_id"),
                Source(companies.VerificationFact, "company_id"),
                Source(companies.Certificate, "company_id", Q(capacity__isnull=True)),
                Source(companies.Consent, "contact__company_id"),
                Source(companies.StandIn, "company_id"),
            ),
            companies_seen,
            page="companies:company-detail",
        ),
        Kind(
            "need",
            _("need"),
            (
                Source(companies.Need, company="company_id"),
                Source(companies.NeedCommodity, "need_id"),
                Source(companies.NeedParameter, "need_id"),
                Source(companies.NeedCertificate, "need_id"),
            ),
            companies.Need.objects.visible_to,
            joins=("company",),
            page="companies:need-detail",
        ),
        Kind(
            "capacity",
            _("capacity"),
            (
                Source(companies.Capacity, company="company_id"),
                Source(companies.CapacityParameter, "capacity_id"),
                Source(companies.Certificate, "capacity_id", Q(capacity__isnull=False)),
            ),
            companies.Capacity.objects.visible_to,
            joins=("company",),
            page="companies:capacity-detail",
        ),
        Kind(
            "merge",
            _("merge of two entries"),
            (Source(companies.Merge),),
            merges_seen,
            title=lambda merge: f"{merge.goes} – {merge.stays}",
            joins=("goes", "stays"),
            page="companies:merge-detail",
        ),
        Kind("match", _("match"), (Source(Decision, "match_id"),), matches_seen, page="matching:match-detail"),
        Kind("weights", _("weights of the score"), (Source(Weights),), readers_only(Weights)),
        Kind(
            "person",
            _("person"),
            (Source(User), Source(SecondFactor, "user_id")),
            people_seen,
            page="accounts:person-detail",
        ),
        Kind("corridor", _("corridor"), (Source(corridor.Corridor),), readers_only(corridor.Corridor)),
        Kind(
            "leg",
            _("leg of a route"),
            (Source(corridor.Leg), Source(corridor.LegSwitch, "leg_id")),
            readers_only(corridor.Leg),
            title=lambda leg: f"{leg.origin} – {leg.destination}, {leg.code}",
            joins=("origin", "destination"),
            page="corridor:leg-detail",
        ),
        Kind(
            "quote",
            _("quote"),
            (Source(corridor.FreightQuote),),
            readers_only(corridor.FreightQuote),
            title=lambda quote: f"{quote.origin} – {quote.destination}, {quote.code}",
            joins=("origin", "destination"),
            page="corridor:quote-detail",
        ),
        Kind(
            "rate",
            _("rate of exchange"),
            (Source(corridor.ExchangeRate),),
            readers_only(corridor.ExchangeRate),
            title=lambda rate: f"{rate.currency}, {figures.day(rate.on)}",
        ),
        Kind(
            "insurance",
            _("insurance premium"),
            (Source(corridor.InsurancePremium),),
            readers_only(corridor.InsurancePremium),
        ),
        Kind("preference", _("preference"), (Source(corridor.Preference),), readers_only(corridor.Preference)),
        Kind(
            "duty",
            _("duty"),
            (Source(corridor.Tariff),),
            readers_only(corridor.Tariff),
        ),
        Kind(
            "duty-choice",
            _("picked line of the tariff"),
            (Source(corridor.DutyChoice),),
            readers_only(corridor.DutyChoice),
            title=lambda choice: f"{choice.commodity}: {choice.tariff}",
            joins=("commodity", "tariff"),
        ),
    )
}


def kinds_of_page(user, chosen: list[str]) -> list[Kind]:
    """What the list of all changes tells of: what was asked for, as far as the person sees any."""
    found = [kind for key, kind in KINDS.items() if not chosen or key in chosen]
    return [kind for kind in found if kind.key != "person" or user.role == Role.ADMIN]
