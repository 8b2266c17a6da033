from django.urls import path

from corridor.views import overview

app_name = "corridor"
urlpatterns = [
    path("", overview.overview, name="overview"),
]
