from django.urls import path

from desk import views

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("balance/", views.balance, name="balance"),
    path("needs/unmet/", views.unmet, name="unmet-needs"),
    path("capacities/unused/", views.unused, name="unused-capacities"),
]
