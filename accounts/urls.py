"""The pages of accounts. Names without an app are allauth's own, which it looks for."""

from django.urls import include, path, re_path
from django.views.decorators.http import require_http_methods

from accounts.views import entrance, own, people, saved_views, second_factor

own_pages = [
    path("me/", own.own_account, name="own-account"),
    path("sessions/<int:pk>/end/", own.session_end, name="session-end"),
    path("confirm-email/again/", entrance.letter_again, name="letter-again"),
    path("people/", people.person_list, name="person-list"),
    path("people/<int:pk>/", people.person_detail, name="person-detail"),
    path("people/<int:pk>/role/", people.person_role, name="person-role"),
    path("people/<int:pk>/close/", people.person_close, name="person-close"),
    path("people/<int:pk>/reopen/", people.person_reopen, name="person-reopen"),
    path("people/<int:pk>/sessions/", people.person_sessions, name="person-sessions"),
    path("people/<int:pk>/second-factor/", people.person_second_factor, name="person-second-factor"),
    path("views/save/", saved_views.saved_view_save, name="saved-view-save"),
    path("views/<int:pk>/", saved_views.saved_view_edit, name="saved-view-edit"),
    path("views/<int:pk>/share/", saved_views.saved_view_share, name="saved-view-share"),
    path("views/<int:pk>/remove/", saved_views.saved_view_remove, name="saved-view-remove"),
]

second_factors = [
    path("", second_factor.overview, name="mfa_index"),
    path("sign-in/", second_factor.step_two, name="mfa_authenticate"),
    path("again/", second_factor.code_again, name="mfa_reauthenticate"),
    path("app/", second_factor.app, name="mfa_activate_totp"),
    path("app/remove/", second_factor.app_remove, name="mfa_deactivate_totp"),
    path("recovery-codes/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/anew/", second_factor.recovery_codes_anew, name="mfa_generate_recovery_codes"),
    path("recovery-codes/file/", second_factor.recovery_codes_file, name="mfa_download_recovery_codes"),
    path("passkeys/", second_factor.passkeys, name="mfa_list_webauthn"),
    path("passkeys/add/", second_factor.passkey_add, name="mfa_add_webauthn"),
    path("passkeys/sign-in/", second_factor.passkey_sign_in, name="mfa_login_webauthn"),
    path("passkeys/again/", second_factor.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/remove/", second_factor.passkey_remove, name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/edit/", second_factor.passkey_rename, name="mfa_edit_webauthn"),
]

urlpatterns = [
    path("login/", entrance.sign_in, name="account_login"),
    path("logout/", entrance.sign_out, name="account_logout"),
    path("signup/", entrance.sign_up, name="account_signup"),
    path("inactive/", entrance.closed, name="account_inactive"),
    path("", include((own_pages, "accounts"))),
    path("confirm-email/", entrance.letter_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", entrance.confirm_address, name="account_confirm_email"),
    path("email/", own.address, name="account_email"),
    path("reauthenticate/", own.password_again, name="account_reauthenticate"),
    path("sessions/", own.own_sessions, name="usersessions_list"),
    path("second-factor/", include(second_factors)),
    path("password/change/", own.password, name="account_change_password"),
    path("password/reset/", entrance.forgotten_password, name="account_reset_password"),
    path("password/reset/done/", entrance.forgotten_password_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        entrance.new_password,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", entrance.new_password_done, name="account_reset_password_from_key_done"),
]

# Django's and allauth's forms would take a PUT for a form that is sent, and some of them a DELETE.
for pattern in [*urlpatterns, *second_factors]:
    if getattr(pattern, "name", "").startswith(("account_", "mfa_")):
        pattern.callback = require_http_methods(["GET", "HEAD", "POST"])(pattern.callback)
