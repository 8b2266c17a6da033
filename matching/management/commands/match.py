import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.reading.arguments import day_argument
from companies.models import Capacity, Need
from corridor.customs import switched_on
from matching import services
from matching.enums import RunKind
from matching.management.following import OF_A_DIFFERENCE, follow
from matching.models import Run, RunDifference
from matching.run_pages.differing import match_lines, plan_lines
from matching.tasks import carry_out_run, differ

SHOWN = 20


class Command(BaseCommand):
    help = "Match the book: a run at the terminal, with a progress bar. A worker does the work."

    def add_arguments(self, parser):
        add = parser.add_argument
        add("--need", metavar="ID", help="show this need only: its number, or COMPANY/REFERENCE")
        add("--capacity", metavar="ID", help="show this capacity only, likewise")
        add("--weights", metavar="FILE", help="other weights, as JSON; always a what-if")
        add("--what-if", action="store_true", help="change no match; with a listing, match only its goods")
        add("--freight-percent", metavar="N", help="by how much every freight quote changes, such as -10; a what-if")
        add(
            *("--agreement", "--tariff"),
            metavar="SCHEME",
            action="append",
            default=[],
            help="a preferential tariff taken to be in force, beside those that are; a what-if, repeatable",
        )
        add(
            "--share-cap",
            metavar="PERCENT",
            help="the most of a need that one company may supply, such as 40; a what-if, and tells what it costs",
        )
        add(
            "--micro-floor",
            metavar="PERCENT",
            help="the least of the plan that micro companies supply, such as 10; a what-if, and tells what it costs",
        )
        add("--run", metavar="NUMBER", type=int, help="show a run that has ended instead of starting one")
        add("--against", metavar="NUMBER", type=int, help="tell what is otherwise than in that run, and what made it")
        add("--as-of", metavar="DAY", type=day_argument, help="the day taken as today, such as 2026-11-30")
        add("--json", action="store_true", help="all that was found, the same bytes for the same facts")
        add("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")

    def handle(self, *, language: str, **options):
        with translation.override(language):
            other = None if options["against"] is None else find_ended(options["against"])
            run, need, capacity = self.earlier(options) if options["run"] is not None else self.carried_out(options)
            report = services.run_report(
                run, need_id=need.pk if need else None, capacity_id=capacity.pk if capacity else None
            )
            difference = None if other is None else compared(other, run)
            if difference is not None:
                report["difference"] = services.difference_report(difference)
            if options["json"]:
                self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1, sort_keys=True))
                return
            self.show(run, report)
            if difference is not None:
                self.show_difference(difference)

    def carried_out(self, options) -> tuple[Run, Need | None, Capacity | None]:
        run, need, capacity = self.start(options)
        carry_out_run.delay_on_commit(run_id=run.pk)
        return follow(run), need, capacity

    def earlier(self, options) -> tuple[Run, Need | None, Capacity | None]:
        """A run that has ended; what only a new one could take to be otherwise is refused."""
        if options["what_if"] or options["as_of"] or read_otherwise(options):
            raise CommandError(_("A run that has ended is shown as it was: leave out what is to be otherwise."))
        return (
            find_ended(options["run"]),
            find_listing(Need, options["need"]),
            find_listing(Capacity, options["capacity"]),
        )

    def start(self, options) -> tuple[Run, Need | None, Capacity | None]:
        need = find_listing(Need, options["need"])
        capacity = find_listing(Capacity, options["capacity"])
        otherwise = read_otherwise(options)
        is_what_if = options["what_if"] or bool(otherwise)
        if is_what_if:
            otherwise |= {name: found.pk for name, found in (("need", need), ("capacity", capacity)) if found}
        kind = RunKind.WHAT_IF if is_what_if else RunKind.OFFICIAL
        try:
            run = services.start_run(kind=kind, as_of=options["as_of"], options=otherwise)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        return run, need, capacity

    def show(self, run: Run, report: dict) -> None:
        """The counts and the best matches, for a person at the terminal."""
        counts = report["counts"]
        self.stdout.write(
            _(
                "Run %(run)s. Needs: %(needs)s; capacities: %(capacities)s; "
                "matches: %(matches)s; near misses: %(misses)s."
            )
            % {
                "run": run.pk,
                "needs": counts["needs"],
                "capacities": counts["capacities"],
                "matches": len([row for row in report["matches"] if not row["failed_rules"]]),
                "misses": len(report["near_misses"]),
            }
        )
        for line in limit_lines(counts):
            self.stdout.write(line)
        best = sorted(report["matches"], key=lambda row: (-row["score_ppm"], services.by_names(row)))
        for row in best[:SHOWN]:
            self.stdout.write(
                _("%(score)s  %(capacity)s > %(need)s  planned %(planned)s kg, not known: %(unknown)s")
                % {
                    "score": f"{row['score_ppm'] / 1e6:.3f}",
                    "capacity": f"{row['capacity']['company']}/{row['capacity']['reference']}",
                    "need": f"{row['need']['company']}/{row['need']['reference']}",
                    "planned": row["planned_kg"],
                    "unknown": ", ".join(rule for rule, verdict in row["verdicts"].items() if verdict == 0) or "-",
                }
            )

    def show_difference(self, difference: RunDifference) -> None:
        """Each quantity that is another one, with the parts of its causes."""
        self.stdout.write(_("Since run %(before)s:") % {"before": difference.before_id})
        lines = [line for line in (*match_lines(difference), *plan_lines(difference)) if line.is_moved]
        for line in lines:
            parts = [f"{cell.label} {cell.text}" for cell in line.cells if not cell.is_nothing]
            self.stdout.write(f"{line.label}: {line.before} > {line.after} ({', '.join(parts)})")
        if not lines:
            self.stdout.write(_("Nothing is otherwise."))


def limit_lines(counts: dict) -> Iterator[str]:
    """What the plan gives up for the limits that a run kept to."""
    value = int(counts.get("plan_value", 0))
    costs = {name: int(counts[name]) for name in ("plan_cost_of_cap", "plan_cost_of_floor") if name in counts}
    without = value + sum(costs.values())

    def facts(cost: int) -> dict[str, str]:
        return {"points": f"{Decimal(cost) / 10**9:.1f}", "percent": f"{100 * Decimal(cost) / (without or 1):.2f}"}

    if costs:
        yield _("The cap on one supplier costs %(points)s full points x tonnes, %(percent)s %% of the plan.") % facts(
            costs["plan_cost_of_cap"]
        )
        yield _(
            "The floor for micro companies costs %(points)s full points x tonnes, %(percent)s %% of the plan."
        ) % facts(costs["plan_cost_of_floor"])
    if "micro_kg" in counts:
        yield _("Micro companies supply %(kg)s kg; %(floor)s kg were asked of them, %(missing)s kg are missing.") % {
            "kg": counts["micro_kg"],
            "floor": counts["micro_floor_kg"],
            "missing": counts["micro_floor_missing_kg"],
        }
    if "plan_parts_without_limits" in counts:
        yield ngettext(
            "%(parts)s part of the book has too many pairs for a cap or a floor: its plan is without them.",
            "%(parts)s parts of the book have too many pairs for a cap or a floor: their plans are without them.",
            int(counts["plan_parts_without_limits"]),
        ) % {"parts": counts["plan_parts_without_limits"]}


def find_ended(number: int) -> Run:
    """A run over the book that came to its end."""
    run = Run.objects.filter(pk=number).first() if 0 < number < 2**63 else None
    if run is None:
        raise CommandError(_("There is no run %(run)s.") % {"run": number})
    if not services.comparable().filter(pk=run.pk).exists():
        raise CommandError(_("Run %(run)s has not come to its end, or followed an edit.") % {"run": number})
    return run


def compared(before: Run, after: Run) -> RunDifference:
    """What changed between two runs: reckoned by a worker, unless it is known."""
    try:
        asked, is_new = services.ask_for_difference(before=before, after=after)
    except ValidationError as refusal:
        raise CommandError(" ".join(refusal.messages)) from None
    if is_new:
        differ.delay_on_commit(difference_id=asked.pk)
    return follow(asked, told=OF_A_DIFFERENCE)


def find_listing(listings, text: str | None):
    """A need or capacity by its number, or by its company's code and its own reference."""
    if text is None:
        return None
    company, slash, reference = text.partition("/")
    if slash:
        found = listings.objects.filter(company__code=company, reference=reference).first()
    else:
        found = listings.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    if found is None:
        raise CommandError(
            _("There is no %(listing)s %(text)s.") % {"listing": listings._meta.verbose_name, "text": text}
        )
    return found


def read_otherwise(options: dict) -> dict:
    """What a what-if takes to hold instead of what is in force."""
    otherwise = {}
    if options["weights"] is not None:
        otherwise["weights"] = read_weights(options["weights"])
    if options["freight_percent"] is not None:
        otherwise["freight_percent"] = options["freight_percent"]
    for name in ("share_cap", "micro_floor"):
        if options[name] is not None:
            otherwise[f"{name}_percent"] = options[name]
    if options["agreement"]:
        in_force = switched_on(options["as_of"] or timezone.localdate()).values_list("scheme", flat=True)
        otherwise["preferences"] = sorted({*in_force, *options["agreement"]})
    return otherwise


def read_weights(path: str) -> dict[str, float]:
    """The weights of a file: an object with a number for each component."""
    try:
        weights = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(_("%(path)s cannot be read: %(why)s.") % {"path": path, "why": error.strerror}) from None
    except ValueError:
        raise CommandError(_("%(path)s is not JSON.") % {"path": path}) from None
    if not isinstance(weights, dict) or not all(isinstance(weight, int | float) for weight in weights.values()):
        raise CommandError(_("%(path)s must hold an object with a number for each component.") % {"path": path})
    return weights
