from django.urls import path

from desk import views, views_history

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("sectors/", views.sectors, name="sectors"),
    path("balance/", views.balance, name="balance"),
    path("needs/unmet/", views.unmet, name="unmet-needs"),
    path("needs/ending/", views.ending_needs, name="ending-needs"),
    path("capacities/ending/", views.ending_capacities, name="ending-capacities"),
    path("capacities/unused/", views.unused, name="unused-capacities"),
    path("ui/", views.ui, name="ui"),
    path("history/", views_history.history_list, name="history-list"),
    path("history/<slug:kind>/<int:pk>/", views_history.history, name="history"),
]
