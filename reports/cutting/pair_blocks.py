"""The brief of one pair as it is printed, block by block, in the language that is spoken: the page of the match."""

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import figures
from accounts.templatetags.figures import points
from corridor.law import Paper
from corridor.templatetags.corridor_words import bearer_name
from matching import texts
from matching.engine import RULE_CODES
from matching.models import Decision, MatchResult
from matching.one_match import explained
from matching.one_match.holdings import Holding
from matching.one_match.waterfall import Guess
from matching.texts.figures import day_range
from reports.cutting.listings import quantity, side_of_capacity, side_of_need
from reports.cutting.pair_cost import waterfall
from reports.cutting.pair_found import InWords, journey_in_words
from reports.cutting.telling import telling_questions
from reports.document import (
    Block,
    Facts,
    Line,
    Questions,
    Score,
    Sides,
    Signing,
    Verdict,
    Verdicts,
    Words,
)

ANSWERS = {1: "pass", 0: "unknown", -1: "fail"}


def blocks(said: InWords) -> tuple[Block, ...]:
    found = said.found
    return (
        score(found.result),
        *warnings(said),
        Sides(need=side_of_need(found.match.need), capacity=side_of_capacity(found.match.capacity)),
        verdicts(said),
        waterfall(said),
        way(said),
        papers(said),
        not_known(said),
        questions(said),
        decided(said),
        Signing(labels=(_("Notes of the meeting"), _("Prepared by, on"))),
    )


def score(result: MatchResult) -> Score:
    known = _("%(known)s of %(rules)s known") % {"known": result.known_rules, "rules": len(RULE_CODES)}
    return Score(points=points(result.score_ppm), could_reach=points(result.could_reach_ppm), known=known)


def warnings(said: InWords) -> tuple[Words, ...]:
    """What a reader has to know before they rely on the rest."""
    match, result = said.found.match, said.found.result
    words = explained.out_of_trade(match) + explained.edited_since(match)
    if result.failed_rules:
        count = len(result.failed_rules)
        words.append(ngettext("%(number)s rule fails now.", "%(number)s rules fail now.", count) % {"number": count})
    elif not match.is_current:
        words.append(
            _(
                "Not found again by the newest run: a listing was closed, or better partners took its place. "
                "What you see is of run %(number)s."
            )
            % {"number": result.run_id}
        )
    return tuple(Words(text=text, tone="warning") for text in words)


def verdicts(said: InWords) -> Verdicts:
    title = _("Why do they fit?")
    if said.found.result.failed_rules:
        title = _("What speaks for them, and what against?")
    rows = [
        Verdict(
            rule=verdict.title,
            asked=verdict.need_fact,
            offered=f"{verdict.capacity_fact}. {verdict.note}" if verdict.note else verdict.capacity_fact,
            answer=ANSWERS[verdict.answer],
            says=verdict.word,
        )
        for _rule, verdict in said.verdicts
    ]
    return Verdicts(title=title, heads=(_("Rule"), _("Asked"), _("Offered"), _("Answer")), rows=tuple(rows))


# --- the way, the papers


def way(said: InWords) -> Facts:
    found, result = said.found, said.found.result
    journey = journey_in_words(found)
    days = _("not known") if result.days_high is None else day_range(result.days_low, result.days_high)
    lines = [Line(_("Days on the way"), days)]
    if journey.way:
        route = [found.travel.names.places[code].name_without_remark for code in journey.way.route.places]
        lines.insert(0, Line(_("Route"), f" {figures.EN_DASH} ".join(route)))
        borders = ngettext("%(count)s border", "%(count)s borders", journey.way.borders)
        borders %= {"count": figures.decimal(journey.way.borders)}
        km = journey.way.route.distance_km
        km = _("not known") if km is None else figures.measured(figures.decimal(km), _("km"))
        countries = f" {figures.EN_DASH} ".join(journey.way.countries)
        lines.append(Line(_("Distance"), f"{km}, {borders}: {countries}"))
    else:
        lines.insert(0, Line(_("Route"), _("The way is not known")))
    return Facts(title=_("How do the goods travel?"), lines=tuple(lines))


def papers(said: InWords) -> Facts:
    """Certificates by who has to hold them, and what each consignment needs: what is missing comes first."""
    held = [holding for holding in said.holdings if holding.is_held]
    consignment = [paper for paper in said.papers if paper.section == "consignment" and paper.kind == "mandatory"]
    announced = [paper for paper in said.papers if paper.is_announced]
    lines = [
        Line(_("Missing or not checked"), named_holdings(said.missing) or _("none")),
        Line(_("Held and checked"), named_holdings(held) or _("none")),
        Line(capfirst(_("what each consignment needs")), named_papers(consignment) or _("not known")),
    ]
    if announced:
        lines.append(Line(capfirst(_("announced, not in force yet")), named_papers(announced)))
    return Facts(title=_("Which papers are needed?"), lines=tuple(lines))


def named_holdings(holdings: Iterable[Holding]) -> str:
    return "; ".join(f"{holding.name} ({holding.side.label})" for holding in holdings)


def named_papers(some: Iterable[Paper]) -> str:
    """Each by the name that its document has in the reader's language, with who brings it."""
    named = dict.fromkeys(f"{paper.title} ({bearer_name(paper.bearer)})" for paper in some)
    return "; ".join(named)


# --- what is open, and what became of it


def not_known(said: InWords) -> Facts:
    rules = [verdict.title for _rule, verdict in said.verdicts if verdict.answer == 0]
    lines = [row.words for row in said.landed.rows if row.guess == Guess.UNKNOWN]
    held = {holding.kind for holding in said.holdings if holding.is_held}
    unsettled = [paper for paper in said.papers if paper.is_open_gate and paper.certificate_kind not in held]
    return Facts(
        title=_("What is not known?"),
        lines=(
            Line(_("Rules"), ", ".join(rules) or _("every rule has its answer")),
            Line(_("Lines of the cost"), "; ".join(lines) or _("every line has its figure")),
            Line(_("Papers"), named_papers(unsettled) or _("every paper is settled")),
        ),
    )


def questions(said: InWords) -> Questions:
    """Three at most: those that open most of the score first, then the papers that are missing."""
    asked = explained.questions_of(said.found.match, said.found.result, said.names)
    asked += [texts.about_paper(one.name, one.side) for one in said.missing]
    items = [
        _("%(question)s To: %(whom)s.") % {"question": question.text, "whom": question.to_name}
        for question in telling_questions(asked, said.found.result)
    ]
    return Questions(title=_("Questions for the meeting"), items=tuple(items))


def decided(said: InWords) -> Facts:
    """By whom: their role alone. What officials noted for each other stays on the page."""
    found = said.found
    lines = [Line(figures.day(decision.decided_at), decision_words(decision)) for decision in found.decisions]
    if not lines:
        lines = [Line(_("Decisions"), _("none yet"))]
    plan = quantity(found.planned_kg) if found.planned_kg else _("nothing")
    return Facts(title=_("What has been decided?"), lines=(*lines, Line(_("The plan gives this pair"), plan)))


def decision_words(decision: Decision) -> str:
    words = capfirst(decision.get_state_display())
    if decision.reason:
        words = f"{words}: {decision.get_reason_display()}"
    return f"{words} ({decision.decided_by.get_role_display()})" if decision.decided_by else words
