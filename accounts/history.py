"""Who changed what, before and after: kept by triggers of the database, so that no path around our code escapes it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

import pghistory
import pgtrigger
from django.apps import apps
from django.core.management import BaseCommand
from django.db.models import Index
from django.http import UnreadablePostError

# They change whenever anything else does, or are worked out from it, and would only repeat it.
NOT_KEPT = ("changed_at",)
# It makes and changes the tables themselves; what it moves is nobody's decision.
UNNAMED_COMMANDS = ("migrate",)


def kept(*, exclude: tuple[str, ...] = (), has_object: bool = True) -> Callable[[type], type]:
    """Keep every insert, change and deletion of a model's rows, with who did it. What is kept is never changed.

    Excluded are what is nobody's decision (`changed_at`) and what must be forgotten when a person asks for it. The
    rows between two models (many to many) have no object of their own.
    """

    def decorated(model: type) -> type:
        names = {field.name for field in model._meta.concrete_fields}
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=sorted((set(NOT_KEPT) | set(exclude)) & names),
            level=pgtrigger.Statement,
            append_only=True,
            meta={"indexes": [Index(fields=["pgh_created_at"])]},
            **({} if has_object else {"obj_field": None}),
        )(model)

    return decorated


def forgetting() -> AbstractContextManager:
    """While a person is being erased, what is kept of them may be changed. At no other time may anything kept."""
    kept_of = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    protected = [model for model in kept_of if any(found.name == "append_only" for found in model._meta.triggers)]
    return pgtrigger.ignore(*[f"{model._meta.label}:append_only" for model in protected])


def changes_by(**facts: object) -> AbstractContextManager:
    """Every change made inside carries these facts: `changes_by(task=name)`, `changes_by(way="import_book")`.

    Inside a request or a command they are added to what that says of itself, to its end.
    """
    return pghistory.context(**facts)


def changes_by_the_way(**facts: object) -> None:
    """Add facts to what the request, command or task around says of its changes, to its end; alone it says nothing."""
    pghistory.context(**facts)


class HistoryMiddleware:
    """Every change that a request makes carries who made it. By number: a name can be forgotten."""

    def __init__(self, get_response: Callable):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            return self.get_response(request)
        read_whole(request)
        with changes_by(user=request.user.pk):
            return self.get_response(request)


def read_whole(request) -> None:
    """The whole form is here before it is asked who sends it: sent slowly, it counts for nobody they were before.

    One that is too big or no form at all is answered at once; one that breaks off is empty, and refused as a forgery.
    """
    with suppress(UnreadablePostError):
        request.POST  # noqa: B018


def name_commands() -> None:
    """Every change that a management command makes carries the command's name, ours and Django's alike.

    All commands pass `BaseCommand.execute`, from a terminal, from the launcher and from code; there is no other place.
    """
    carry_out = BaseCommand.execute
    if hasattr(carry_out, "carries_out"):
        return

    def execute(command: BaseCommand, /, *arguments, **options):
        name = type(command).__module__.rpartition(".")[2]
        if name in UNNAMED_COMMANDS:
            return carry_out(command, *arguments, **options)
        with changes_by(command=name):
            return carry_out(command, *arguments, **options)

    execute.carries_out = carry_out
    BaseCommand.execute = execute
