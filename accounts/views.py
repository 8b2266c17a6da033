"""allauth's views with our forms."""

from allauth.account import views

from accounts.forms import ForgottenPasswordForm, NewPasswordForm, SignInForm

sign_in = views.LoginView.as_view(form_class=SignInForm)
forgotten_password = views.PasswordResetView.as_view(form_class=ForgottenPasswordForm)
new_password = views.PasswordResetFromKeyView.as_view(form_class=NewPasswordForm)
