from django.urls import path

from corridor.views import overview, quote_sheets, quotes, rates

app_name = "corridor"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("quotes/", quotes.quote_list, name="quote-list"),
    path("quotes/new/", quotes.quote_new, name="quote-new"),
    path("quotes/import/", quote_sheets.quote_import, name="quote-import"),
    path("quotes/import/confirm/", quote_sheets.quote_import_confirm, name="quote-import-confirm"),
    path("quotes/export.<str:kind>", quote_sheets.quote_export, name="quote-export"),
    path("quotes/<int:pk>/", quotes.quote_detail, name="quote-detail"),
    path("quotes/<int:pk>/change/", quotes.quote_change, name="quote-change"),
    path("quotes/<int:pk>/end/", quotes.quote_end, name="quote-end"),
    path("quotes/<int:pk>/withdraw/", quotes.quote_withdraw, name="quote-withdraw"),
    path("rates/", rates.rate_list, name="rate-list"),
    path("rates/new/", rates.rate_enter, name="rate-enter"),
    path("rates/<int:pk>/change/", rates.rate_correct, name="rate-correct"),
    path("premiums/new/", rates.premium_enter, name="premium-enter"),
    path("premiums/<int:pk>/end/", rates.premium_end, name="premium-end"),
]
