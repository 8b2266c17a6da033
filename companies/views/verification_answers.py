"""What a company answers to those who verify it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import only_for
from companies import services
from companies.forms.verification import AnswerForm
from companies.views.finding import own_company, signed_in
from companies.views.profile import company_page


@only_for(signed_in)
@require_POST
def company_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the open question. Where it is refused, what was typed stays, below what was asked meanwhile."""
    company = own_company(request, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer_question(company=company, answered_by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Sent. Those who verify companies have been told."))
            return redirect("companies:company-detail", company.pk)
    return company_page(request, company, answer_form=form, status=400)
