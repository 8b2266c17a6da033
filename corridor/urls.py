from django.urls import path

from corridor.views import duties, legs, overview, papers, preferences, quote_sheets, quotes, rates

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
    path("duties/", duties.duty_list, name="duty-list"),
    path("duties/goods/", duties.duty_goods, name="duty-goods"),
    path("duties/goods/<slug:code>/<slug:market>/", duties.duty_detail, name="duty-detail"),
    path("duties/goods/<slug:code>/<slug:market>/choose/", duties.duty_choose, name="duty-choose"),
    path("duties/goods/<slug:code>/<slug:market>/take-back/", duties.duty_take_back, name="duty-take-back"),
    path("papers/", papers.requirement_list, name="requirement-list"),
    path("preferences/", preferences.preference_list, name="preference-list"),
    path("preferences/<slug:slug>/", preferences.preference_detail, name="preference-detail"),
    path("preferences/<slug:slug>/switch/", preferences.preference_switch, name="preference-switch"),
    path("preferences/<slug:slug>/take-back/", preferences.preference_take_back, name="preference-take-back"),
    path("legs/", legs.leg_list, name="leg-list"),
    path("legs/<int:pk>/", legs.leg_detail, name="leg-detail"),
    path("legs/<int:pk>/switch/", legs.leg_switch, name="leg-switch"),
]
