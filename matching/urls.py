from django.urls import path

from matching.views import comparisons, decisions, match, matches, partners, runs, what_if

app_name = "matching"

urlpatterns = [
    path("matches/", matches.match_list, name="match-list"),
    path("matches/<int:pk>/", match.match_detail, name="match-detail"),
    path("matches/<int:pk>/what-if/", what_if.match_what_if, name="match-what-if"),
    path("matches/<int:pk>/decide/", decisions.match_decide, name="match-decide"),
    path("comparisons/", comparisons.comparison_list, name="comparison-list"),
    path("comparisons/start/", comparisons.comparison_start, name="comparison-start"),
    path("comparisons/<int:pk>/", comparisons.comparison_detail, name="comparison-detail"),
    path("comparisons/<int:pk>/progress/", comparisons.comparison_progress, name="comparison-progress"),
    path("near-misses/", matches.near_miss_list, name="near-miss-list"),
    path("partners/", partners.partner_list, name="partner-list"),
    path("partners/<int:pk>/", partners.partner_detail, name="partner-detail"),
    path("runs/", runs.run_list, name="run-list"),
    path("runs/start/", runs.run_start, name="run-start"),
    path("runs/<int:pk>/", runs.run_detail, name="run-detail"),
    path("runs/<int:pk>/progress/", runs.run_progress, name="run-progress"),
]
