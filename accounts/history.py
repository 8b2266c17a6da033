"""Who changed what, before and after: kept by triggers of the database, so that no path around our code escapes it."""

from collections.abc import Callable

import pghistory
import pgtrigger

# They change whenever anything else does, or are worked out from it, and would only repeat it.
NOT_KEPT = ("changed_at",)


def kept(*, exclude: tuple[str, ...] = ()) -> Callable[[type], type]:
    """Keep every insert, change and deletion of a model's rows, with who did it.

    Excluded are what is nobody's decision (`changed_at`) and what must be forgotten when a person asks for it.
    """

    def decorated(model: type) -> type:
        names = {field.name for field in model._meta.concrete_fields}
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=sorted((set(NOT_KEPT) | set(exclude)) & names),
            level=pgtrigger.Statement,
        )(model)

    return decorated


class HistoryMiddleware:
    """Every change that a request makes carries who made it. By number: a name can be forgotten."""

    def __init__(self, get_response: Callable):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            return self.get_response(request)
        with pghistory.context(user=request.user.pk):
            return self.get_response(request)
