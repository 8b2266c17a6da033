from django.urls import include, path, re_path

from reports.views import lists, verify

app_name = "reports"

of_reports = [
    re_path(r"^matches\.(?P<kind>xlsx|csv)$", lists.matches, name="matches"),
]
urlpatterns = [
    path("verify/", verify.verify, name="verify"),
    path("reports/", include(of_reports)),
]
