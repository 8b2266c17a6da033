from django.urls import re_path

from reports import views

app_name = "reports"

urlpatterns = [
    re_path(r"^matches\.(?P<kind>xlsx|csv)$", views.matches, name="matches"),
]
