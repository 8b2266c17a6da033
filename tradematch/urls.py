from django.urls import include, path

from accounts.languages import set_language
from accounts.themes import set_theme
from tradematch.health import livez, readyz

urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("accounts.urls")),
    path("i18n/setlang/", set_language, name="set_language"),
    path("theme/", set_theme, name="set_theme"),
    path("notices/", include("notices.urls")),
    path("", include("reports.urls")),
    path("corridor/", include("corridor.urls")),
    path("", include("companies.urls")),
    path("", include("matching.urls")),
    path("", include("desk.urls")),
]

handler400 = "tradematch.error_pages.bad_request"
handler403 = "tradematch.error_pages.permission_denied"
handler404 = "tradematch.error_pages.page_not_found"
handler429 = "tradematch.error_pages.too_many_requests"  # allauth asks for it
handler500 = "tradematch.outages.server_error"
