"""Who may open a page. What one may not see is not found; who is not signed in is asked to."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponse]


def only_for(question: Callable[[object], bool]) -> Callable[[View], View]:
    """Only for people of whom a permission question is true; for others the page does not exist.

    No browser keeps such a page: after signing out, going back shows nothing.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *arguments, **named) -> HttpResponse:
            if not question(request.user):
                raise Http404
            return view(request, *arguments, **named)

        return login_required(never_cache(asked))

    return decorated
