from django.urls import path, register_converter

from matching.views import (
    batches,
    coaching,
    comparisons,
    decisions,
    differences,
    fits,
    goods,
    match,
    matches,
    partners,
    plan,
    plan_loads,
    proposing,
    runs,
    steering,
    what_if,
    what_if_runs,
)

app_name = "matching"


class Listings:
    """The kind of a listing, as the addresses of companies/ say it: `needs` and `capacities`."""

    regex = "needs|capacities"

    def to_python(self, value: str) -> str:
        return {"needs": "need", "capacities": "capacity"}[value]

    def to_url(self, kind: str) -> str:
        return {"need": "needs", "capacity": "capacities"}[kind]


register_converter(Listings, "listings")

urlpatterns = [
    path("matches/", matches.match_list, name="match-list"),
    path("matches/<int:pk>/", match.match_detail, name="match-detail"),
    path("matches/<int:pk>/what-if/", what_if.match_what_if, name="match-what-if"),
    path("matches/<int:pk>/decide/", decisions.match_decide, name="match-decide"),
    path("matches/decide/", batches.bulk_decide, name="bulk-decide"),
    path("matches/propose/", proposing.propose, name="propose"),
    path("matches/batches/<int:pk>/", batches.batch_detail, name="batch-detail"),
    path("matches/batches/<int:pk>/undo/", batches.batch_undo, name="batch-undo"),
    path("comparisons/", comparisons.comparison_list, name="comparison-list"),
    path("comparisons/start/", comparisons.comparison_start, name="comparison-start"),
    path("comparisons/<int:pk>/", comparisons.comparison_detail, name="comparison-detail"),
    path("comparisons/<int:pk>/progress/", comparisons.comparison_progress, name="comparison-progress"),
    path("near-misses/", matches.near_miss_list, name="near-miss-list"),
    path("coaching/", coaching.coaching, name="coaching"),
    path("coaching/companies/<int:pk>/", coaching.coaching_letter, name="coaching-letter"),
    path("coaching/companies/<int:pk>/send/", coaching.coaching_send, name="coaching-send"),
    path("commodities/", goods.commodity_list, name="commodity-list"),
    path("commodities/<slug:code>/", goods.commodity_detail, name="commodity-detail"),
    path("plan/", plan.plan, name="plan"),
    path("plan/loads/", plan_loads.plan_loads, name="plan-loads"),
    path("plan/flows/", plan.plan_flow_list, name="plan-flow-list"),
    path("plan/unmet/", plan.plan_unmet_list, name="plan-unmet-list"),
    path("plan/unused/", plan.plan_unused_list, name="plan-unused-list"),
    path("plan/solve/", steering.plan_solve, name="plan-solve"),
    path("plan/matches/<int:pk>/", steering.plan_instruct, name="plan-instruct"),
    path("plan/instructions/<int:pk>/lift/", steering.plan_lift, name="plan-lift"),
    path("partners/", partners.partner_list, name="partner-list"),
    path("partners/<int:pk>/", partners.partner_detail, name="partner-detail"),
    path("<listings:kind>/<int:pk>/partners/", fits.listing_fits, name="listing-fits"),
    path("<listings:kind>/<int:pk>/partners/progress/", fits.listing_fits_progress, name="listing-fits-progress"),
    path("runs/", runs.run_list, name="run-list"),
    path("runs/start/", runs.run_start, name="run-start"),
    path("runs/what-if/", what_if_runs.run_what_if, name="run-what-if"),
    path("runs/<int:pk>/promote/", what_if_runs.run_promote, name="run-promote"),
    path("runs/weights/", what_if_runs.run_weights, name="run-weights"),
    path("runs/<int:pk>/", runs.run_detail, name="run-detail"),
    path("runs/<int:pk>/progress/", runs.run_progress, name="run-progress"),
    path("runs/<int:pk>/since/", differences.difference_start, name="difference-start"),
    path("run-differences/<int:pk>/", differences.difference_detail, name="difference-detail"),
    path("run-differences/<int:pk>/progress/", differences.difference_progress, name="difference-progress"),
]
