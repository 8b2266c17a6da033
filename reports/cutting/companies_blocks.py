"""A dossier of one company as it is printed, block by block, in the language that is spoken."""

from collections.abc import Iterable, Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import figures
from accounts.templatetags.figures import points
from companies.models import Capacity, Certificate, Need
from companies.phones import shown_phone
from companies.templatetags.companies_words import activity_names, language_names, sector_names, stands
from matching import texts
from matching.enums import Side
from matching.models import MatchResult, NearMiss
from reports.cutting.companies_read import Known
from reports.cutting.listings import ask_of, checked, goods_wanted, limit_of, offered, quantity
from reports.document import Block, Facts, Heading, Line, Words

SHOWN = 5  # matches and near misses on paper; the tables hold more
LISTINGS_SHOWN = 10


def blocks(known: Known, names: texts.Names) -> tuple[Block, ...]:
    company = known.company
    return (
        Heading(text=company.name_registered),
        *marks(known),
        Facts(
            title=_("What is public of it?") if known.is_public_only else _("What does it say of itself?"),
            lines=tuple(own_facts(known)),
        ),
        Facts(title=_("What was checked?"), lines=tuple(checks(known))),
        *([] if known.is_public_only else trade(known, names)),
    )


def trade(known: Known, names: texts.Names) -> list[Block]:
    """What it holds, wants and offers, and who fits it: only companies that state something themselves have any."""
    return [
        Facts(
            title=_("Which certificates does it hold?"),
            lines=tuple(map(certificate_line, known.certificates)) or (nothing(_("No certificate is stated.")),),
        ),
        Facts(
            title=_("What does it need?"),
            lines=tuple(first_lines(map(need_line, known.needs))) or (nothing(_("No need is recorded.")),),
        ),
        Facts(
            title=_("What can it supply?"),
            lines=tuple(first_lines(map(capacity_line, known.capacities))) or (nothing(_("No capacity is recorded.")),),
        ),
        matches(known),
        Facts(title=_("What does the plan move?"), lines=tuple(shares(known))),
        openings(known, names),
    ]


def first_lines(listings: Iterable[Line]) -> list[Line]:
    """So many as paper has room for, and how many there are beside them."""
    lines = list(listings)
    return [*lines[:LISTINGS_SHOWN], *more_lines(len(lines) - LISTINGS_SHOWN)]


def more_lines(left: int) -> list[Line]:
    if left <= 0:
        return []
    return [nothing(ngettext("and %(number)s more", "and %(number)s more", left) % {"number": figures.decimal(left)})]


def nothing(words: str) -> Line:
    return Line("", words)


def marks(known: Known) -> Iterator[Words]:
    """How it came to be here, where a reader might take it for something else."""
    if known.company.is_example:
        yield Words(text=_("An example: this company, its figures and its matches are invented."), tone="note")
    if known.is_public_only:
        yield Words(
            text=_("A real company, by public sources alone. Nobody of it has claimed its profile here."), tone="note"
        )
    if known.company.is_suspended:
        yield Words(text=_("Suspended: it is matched with nobody now."), tone="warning")


def own_facts(known: Known) -> Iterator[Line]:
    company, unknown = known.company, _("not known")
    yield Line(_("Kind of entry"), capfirst(company.get_kind_display()))
    if company.name_latin:
        yield Line(_("Name in Latin letters"), company.name_latin)
    if company.name_short:
        yield Line(_("Short name"), company.name_short)
    yield Line(_("Country"), str(company.get_country_display()))
    yield Line(_("Registration number"), company.registration_number or unknown)
    if company.legal_form:
        yield Line(_("Legal form"), capfirst(company.get_legal_form_display()))
    yield Line(_("Region"), company.region.name if company.region else unknown)
    yield Line(_("Town"), company.city or unknown)
    yield Line(_("Nearest place"), nearest(known) or unknown)
    yield Line(_("Sectors"), sector_names(company.sectors) or unknown)
    yield Line(_("With goods"), activity_names(company.activities or []) or unknown)
    yield Line(_("Size of the company"), capfirst(company.get_size_display()) if company.size else unknown)
    yield Line(_("Languages"), language_names(company.languages) or unknown)
    yield Line(_("Website"), company.website or unknown)
    yield Line(_("Mailbox"), company.role_mailbox or unknown)
    yield Line(_("Telephone"), shown_phone(company.switchboard) or unknown)
    if company.description:
        yield Line(_("In own words"), company.description)
    yield Line(_("Source"), source_of(known))


def nearest(known: Known) -> str:
    company = known.company
    if company.place is None:
        return ""
    if company.first_mile_km is None:
        return company.place.name
    away = figures.measured(figures.decimal(company.first_mile_km), _("km"))
    return f"{company.place.name}, {away}"


def source_of(known: Known) -> str:
    """Where it is from and since when it stands so here: a public entry names its source."""
    company = known.company
    source = company.source or (_("not known") if known.is_public_only else _("as it was entered here"))
    since = _("as of %(day)s") % {"day": figures.day(company.changed_at)}
    return f"{source} ({since})"


def checks(known: Known) -> Iterator[Line]:
    company = known.company
    yield Line(_("State"), capfirst(company.get_status_display()))
    yield Line(_("Checked"), checked(company))
    yield Line(_("Screening"), capfirst(company.get_screening_display()))


def certificate_line(certificate: Certificate) -> Line:
    name = certificate.kind.name
    if certificate.capacity:
        name = f"{name} ({certificate.capacity.reference})"
    words = capfirst(certificate.get_state_display())
    if certificate.valid_until:
        until = _("until %(day)s") % {"day": figures.day(certificate.valid_until)}
        words = f"{words}, {until}"
    return Line(name, words)


def need_line(need: Need) -> Line:
    days = figures.days(need.window_from, need.window_until)
    wants, place = quantity(need.quantity_kg, need.is_monthly), need.destination.name
    limit = _("limit %(price)s") % {"price": limit_of(need)}
    return Line(f"{goods_wanted(need)} ({need.reference})", "; ".join((wants, f"{days}, {place}", limit, stands(need))))


def capacity_line(capacity: Capacity) -> Line:
    days = figures.days(capacity.available_from, capacity.available_until)
    asks = _("asks %(price)s") % {"price": ask_of(capacity)}
    goods = f"{capacity.commodity.name} ({capacity.reference})"
    return Line(goods, "; ".join((offered(capacity), f"{days}, {capacity.place.name}", asks, stands(capacity))))


def matches(known: Known) -> Facts:
    lines = [match_line(known, result) for result in known.matches[:SHOWN]]
    lines += more_lines(known.match_count - len(lines))
    return Facts(title=_("Who fits it best?"), lines=tuple(lines) or (nothing(_("No match now.")),))


def match_line(known: Known, result: MatchResult) -> Line:
    match = result.match
    partner = known.partner_in(match)
    words = [match.capacity.commodity.name, _("%(points)s points") % {"points": points(result.score_ppm)}]
    if result.movable_kg:
        words.append(_("%(quantity)s can move") % {"quantity": quantity(result.movable_kg)})
    if partner.is_example:
        words.append(_("example"))
    return Line(f"{partner.name_registered} (№{figures.NO_BREAK}{match.pk})", "; ".join(words))


def shares(known: Known) -> Iterator[Line]:
    labels = {Side.BUYER: _("Of what it needs"), Side.SELLER: _("Of what it can supply")}
    for share in known.shares:
        words = {"planned": quantity(share.planned_kg), "all": quantity(share.quantity_kg)}
        yield Line(labels[share.side], _("%(planned)s of %(all)s") % words)
    if not known.shares:
        yield nothing(_("No plan holds a need or a capacity of it."))


def openings(known: Known, names: texts.Names) -> Facts:
    """The smallest changes that would make somebody fit it, by itself or by the other side."""
    lines = [opening_line(known, miss, names) for miss in known.near_misses[:SHOWN]]
    lines += more_lines(known.near_miss_count - len(lines))
    none = nothing(_("No pair of it lacks one change alone."))
    return Facts(title=_("What would open more?"), lines=tuple(lines) or (none,))


def opening_line(known: Known, miss: NearMiss, names: texts.Names) -> Line:
    said = texts.near_miss(miss.rule, miss.side, miss.change, names)
    return Line(f"{known.partner_in(miss).name_registered}: {miss.capacity.commodity.name}", said.sentence)
