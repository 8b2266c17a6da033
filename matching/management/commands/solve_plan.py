"""`solve_plan FILE.json [--json]`: the planner alone, to be checked by hand or against another solver."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from matching.engine.plan import Plan, make_plan
from matching.engine.plan.within import Within, plan_within
from matching.management.commands._plan_file import PlanFile, answer_json, read_plan_file, used_pairs
from matching.management.commands._plan_numbers import PlanFileError, written_out

NO_PLAN = 2  # exit code: the file is in order, but asks for what cannot be


class Command(BaseCommand):
    help = "Solve a plan problem from a file: who ships how much to whom, with its value and a proven bound."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the problem, as docs/plan.md describes it")
        parser.add_argument("--json", action="store_true", help="answer in JSON, with exact numbers")

    def handle(self, *, file: Path, json: bool, **options):
        try:
            read = read_plan_file(file)
        except PlanFileError as error:
            raise CommandError(str(error)) from error
        within = planned(read)
        if within.plan.reason:
            raise CommandError(f"{file}: {_why_there_is_none(read, within.plan)}", returncode=NO_PLAN)
        self.stdout.write(answer_json(read, within) if json else _answer_text(read, within))


def planned(file: PlanFile) -> Within:
    """The plan of the file's problem, within its limits where it has some."""
    plan, limits = make_plan(file.problem), file.limits
    if limits.is_none:
        return Within(plan)
    return plan_within(
        file.problem,
        plan,
        company=limits.company,
        need=limits.need,
        cap_ppm=limits.cap_ppm,
        floor_kg=None if limits.floor_kg is None else lambda _capped: limits.floor_kg,
    )


def _answer_text(file: PlanFile, within: Within) -> str:
    """The plan for a reader at a terminal."""
    plan = within.plan
    facts = {
        "value": written_out(plan.value, file.decimals),
        "bound": written_out(plan.bound, file.decimals),
        "gap": f"{plan.gap:.3g}",
    }
    lines = [_("value %(value)s, bound %(bound)s, gap %(gap)s") % facts]
    if not file.limits.is_none:
        costs = {
            "cap": written_out(within.cost_of_cap, file.decimals),
            "floor": written_out(within.cost_of_floor, file.decimals),
            "kg": plan.group_kg,
            "missing": within.missing_kg,
        }
        lines += [
            _("cap costs %(cap)s, floor costs %(floor)s; the group ships %(kg)s kg, %(missing)s kg are missing") % costs
        ]
    lines += [_("%(supply)s to %(demand)s: %(kg)s kg") % {**pair, "kg": kg} for pair, kg in used_pairs(file, plan)]
    return "\n".join(lines)


def _why_there_is_none(file: PlanFile, plan: Plan) -> str:
    """The reason why there is no plan, with the names it speaks of."""
    match plan.reason:
        case "pin_is_banned":
            return _("Supply %(supply)s and demand %(demand)s are both pinned and banned.") % file.pair(plan.reason_row)
        case "pin_exceeds_arc":
            return _(
                "The pin of supply %(supply)s and demand %(demand)s needs more than the pair may carry."
            ) % file.pair(plan.reason_row)
        case "pins_exceed_supply":
            return _("The pins of supply %(name)s need more than it has.") % {"name": file.supplies[plan.reason_row]}
        case "pins_exceed_demand":
            return _("The pins of demand %(name)s bring more than it wants.") % {"name": file.demands[plan.reason_row]}
        case "not_found":
            return _("No plan that ships all was found within the budget, and none was ruled out.")
        case _reason:
            return _("No plan can ship all: the pairs cannot carry what the scarcer side has.")
