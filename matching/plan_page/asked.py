"""What staff asked of the plan, and what became of it in a run."""

from django.utils.translation import gettext as _

from accounts import figures
from matching.engine import RULE_CODES
from matching.enums import LeftOut
from matching.models import PlanInstruction, Run
from matching.texts import RULE_NAMES

LIFTED_SHOWN = 50

OBEYED, LEFT_OUT, LATER, LIFTED = "obeyed", "left_out", "later", "lifted"


def asked_of(run: Run, user) -> list[PlanInstruction]:
    """All instructions in force, so that each can be lifted; then those the run took that were lifted since."""
    taken = run.counts.get("instructions", [])
    rows = PlanInstruction.objects.visible_to(user).select_related(
        *("set_by", "lifted_by", "match__need__company", "match__capacity__company", "match__capacity__commodity")
    )
    left_out = run.counts.get("instructions_left_out", {})
    rows = rows.order_by("-set_at", "-pk")
    found = [*rows.in_force(), *rows.filter(pk__in=taken, lifted_at__isnull=False)[:LIFTED_SHOWN]]
    for row in found:
        told = left_out.get(str(row.pk))
        row.became = LEFT_OUT if told else OBEYED if row.pk in taken else LATER
        row.why_left_out = why_words(told) if told else ""
    return found


def came_later(run: Run, user) -> int:
    """How many instructions the run did not know: in force and not taken, or taken and lifted since."""
    taken = run.counts.get("instructions", [])
    rows = PlanInstruction.objects.visible_to(user)
    return rows.in_force().exclude(pk__in=taken).count() + rows.filter(pk__in=taken, lifted_at__isnull=False).count()


def why_words(told: dict) -> str:
    """Why an instruction could not be followed."""
    why = told["why"]
    if why == LeftOut.FAILS:
        rules = ", ".join(str(RULE_NAMES[rule]) for rule in RULE_CODES if rule in told["rules"])
        return _("the pair fails: %(rules)s") % {"rules": rules}
    if why == LeftOut.TOO_MUCH:
        tonnes = {"can": figures.tonnes(told["can_kg"]), "asked": figures.tonnes(told["asked_kg"])}
        return _("%(can)s t can move beside the other pins, %(asked)s t were asked for") % tonnes
    return str(LeftOut(why).label)
