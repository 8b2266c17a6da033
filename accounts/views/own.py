"""One's own account: facts, address, password, where one is signed in."""

from allauth.account import views
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sessions
from accounts.forms.own import OtherAddressForm, OtherPasswordForm, OwnFactsForm, PasswordAgainForm
from accounts.languages import keep_language
from accounts.permissions import may_manage_people, needs_second_factor
from accounts.second_factor import has_second_factor


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one page, each part with its next step."""
    form = OwnFactsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with override(user.language):
            messages.success(request, _("Your account is changed."))
        response = redirect("accounts:own-account")
        keep_language(response, user.language)
        return response
    request.user.refresh_from_db()  # what was typed and refused is in the form, not in the frame of the page
    context = {
        "form": form,
        "has_second_factor": has_second_factor(request.user),
        "needs_second_factor": needs_second_factor(request.user),
        "may_manage_people": may_manage_people(request.user),
        "session_count": len(sessions.open_sessions(request.user)),
    }
    return render(request, "accounts/own_account.html", context)


@method_decorator(login_required, name="dispatch")
@method_decorator(never_cache, name="dispatch")
@method_decorator(reauthentication_required(app="allauth.account"), name="dispatch")
class AddressView(views.EmailView):
    """Change the e-mail address; whoever sits down at an open session is asked for the password first."""

    form_class = OtherAddressForm


@method_decorator(never_cache, name="dispatch")
class PasswordView(views.PasswordChangeView):
    form_class = OtherPasswordForm

    def dispatch(self, request: HttpRequest, *arguments, **named) -> HttpResponse:
        """Whoever has no password yet, only a passkey, chooses one through a letter."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return HttpResponseRedirect(reverse("account_reset_password"))
        return super().dispatch(request, *arguments, **named)

    def get_default_success_url(self) -> str:
        return reverse("accounts:own-account")


@method_decorator(never_cache, name="dispatch")
class PasswordAgainView(views.ReauthenticateView):
    form_class = PasswordAgainForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; the button ends all others."""
    if request.method == "POST":
        sessions.end_other_sessions(request)
        messages.success(request, _("Everywhere else you are signed out."))
        return redirect("usersessions_list")
    found = sessions.open_sessions(request.user, request.session.session_key)
    return render(request, "usersessions/usersession_list.html", {"sessions": found})


@login_required
@never_cache
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of one's own."""
    if not sessions.end_session(request, pk):
        raise Http404
    messages.success(request, _("That session is ended."))
    return redirect("usersessions_list")


address = AddressView.as_view()
password = PasswordView.as_view()
password_again = PasswordAgainView.as_view()
