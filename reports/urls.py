from django.urls import re_path

from reports.views import lists

app_name = "reports"

urlpatterns = [
    re_path(r"^matches\.(?P<kind>xlsx|csv)$", lists.matches, name="matches"),
]
