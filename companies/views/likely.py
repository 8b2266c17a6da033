"""While somebody types the name of a company: the entries that are likely the same one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.limits import may_try_once_more
from accounts.permissions import may_see_every_company
from companies.finding.likely import LikelySame, likely_ones
from companies.models import Company
from companies.permissions import may_register
from corridor.enums import Country

LONGEST_NAME = 250
LONGEST_NUMBER = 40


@only_for(may_register)
@require_safe
def likely_list(request: HttpRequest) -> HttpResponse:
    """A part of the page alone, for the script that asks while one types. It finds nothing that sending would not."""
    if not may_try_once_more(request, "likely_asked"):
        return HttpResponse(status=429)
    likely = likely_for(
        request,
        name=request.GET.get("name", ""),
        number=request.GET.get("number", ""),
        country=request.GET.get("country", ""),
        leaving_out=own_one(request, request.GET.get("company", "")),
    )
    return render(request, "companies/_likely_typed.html", likely_context(request, likely))


def likely_for(
    request: HttpRequest, *, name: str, number: str = "", country: str = "", leaving_out: Company | None = None
) -> list[LikelySame]:
    """What typed words may mean. A number of somebody else's company is never looked for on behalf of a business."""
    return likely_ones(
        printable(name)[:LONGEST_NAME],
        number=printable(number)[:LONGEST_NUMBER],
        country=country if country in Country.values else "",
        for_whom=request.user,
        leaving_out=leaving_out,
    )


def likely_context(request: HttpRequest, likely: list[LikelySame]) -> dict:
    return {"likely": likely, "sees_all": may_see_every_company(request.user)}


def own_one(request: HttpRequest, number: str) -> Company | None:
    """The company whose profile is being filled in: it is not told to be like itself."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return Company.objects.acted_for_by(request.user).filter(pk=int(number)).first()


def printable(text: str) -> str:
    """Without letters that no database takes."""
    return "".join(letter for letter in text if letter.isprintable())
