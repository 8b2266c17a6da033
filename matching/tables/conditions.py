"""The choices that the list of matches offers, and which rows each of them holds."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.engine import RULE_CODES
from matching.models import ListedMatch, Run

PPM_PER_POINT = 10_000

# How much of a pair is not known: label, least and most rules that are known.
UNKNOWNS = {
    "none": (_("everything known"), len(RULE_CODES), len(RULE_CODES)),
    "few": (_("1 or 2 questions"), len(RULE_CODES) - 2, len(RULE_CODES) - 1),
    "many": (_("3 or more questions"), 0, len(RULE_CODES) - 3),
}
OBSTACLES = {"none": (_("nothing fails"), Q(failed_rules=[])), "some": (_("fails now"), ~Q(failed_rules=[]))}

# The score, from so many points up to fewer than so many.
BANDS = {
    "85": (_("85 and more"), 85, None),
    "70": (_("70 to 84"), 70, 85),
    "50": (_("50 to 69"), 50, 70),
    "0": (_("under 50"), 0, 50),
}
# Since when a match is before people: relative to the day on which somebody looks, so that a saved view stays true.
SINCE = {"run": _("since the newest run"), "yesterday": _("since yesterday")}

# What the newest plan gives a pair; one that does not hold any more keeps what an earlier plan gave it, and is out.
PLANS = {"in": _("in the plan"), "out": _("not in the plan")}


def within_band(key: str) -> Q:
    _label, low, high = BANDS[key]
    wanted = Q(score_ppm__gte=low * PPM_PER_POINT)
    return wanted if high is None else wanted & Q(score_ppm__lt=high * PPM_PER_POINT)


def new_since() -> dict[str, Q]:
    """First found by the newest official run or after it; or since yesterday began on the clock of Balikpapan."""
    newest = Run.objects.official().finished().values_list("finished_at", flat=True).first()
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    since = {"run": newest or timezone.now(), "yesterday": today - timedelta(days=1)}
    runs = list(Run.objects.filter(finished_at__gte=min(since.values())).values_list("pk", "finished_at"))
    return {
        key: Q(first_run__in=[pk for pk, finished_at in runs if finished_at >= moment]) for key, moment in since.items()
    }


def missing_in(rows: QuerySet, rule: str) -> Q:
    """A rule found too little to answer."""
    if rows.model is ListedMatch:
        return Q(unknown_rules__contains=[rule])
    return Q((f"verdicts__{rule}", 0))


def planned_in(rows: QuerySet) -> Q:
    """Which of some listed rows the newest plan holds; of the results of one run, which its own plan holds."""
    planned = Q(planned_kg__gt=0)
    return planned & Q(is_current=True) if rows.model is ListedMatch else planned
