from django.urls import include, path

from tradematch.health import livez, readyz

urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("book/", include("companies.urls")),
    path("reports/", include("reports.urls")),
    path("", include("matching.urls")),
    path("", include("desk.urls")),
]
