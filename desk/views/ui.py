"""The parts of which pages are made, each in its states, for whoever builds pages."""

import re
from types import SimpleNamespace

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import only_for
from accounts.forms.ours import OurForm
from accounts.lists.pages import listing
from accounts.permissions import may_see_parts
from accounts.reading import DayField, NumberField
from desk.tokens import SHEET, contrasts, themes
from matching.models import Run
from matching.run_pages.forms import RunFilter

ICONS = re.compile(r'id="i-([\w-]+)"')
LONG_NAME = "Kementerian-Perindustrian-dan-Perdagangan"  # one word that has to break
KG = {"nothing": None, "little": 640, "much": 120_500_000}


class PartsForm(OurForm):
    """A field of each kind; sent with what cannot be kept, so that what is wrong stands beside it."""

    name = forms.CharField(label=_("Name"), help_text=_("How a field says what it wants."))
    quantity = NumberField(decimals=3, label=_("Quantity"))
    day = DayField(label=_("Day"))
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), label=_("Note"))


@only_for(may_see_parts)
@require_safe
def ui(request: HttpRequest) -> HttpResponse:
    """Every part of templates/ui/, in both themes; the colours with their contrast as it is reckoned."""
    context = {
        "tokens": [
            {"theme": theme, "colours": themes()[theme].items(), "contrasts": contrasts(theme)}
            for theme in ("light", "dark")
        ],
        "parts": [parts_in(theme) for theme in ("light", "dark")],
        "icons": icons(),
        **list_parts(request),
    }
    return render(request, "desk/ui.html", context)


def parts_in(theme: str) -> dict:
    """What the parts are shown with. Each theme has forms of its own, for a page may name a field but once."""
    wrong = {"name": "", "quantity": "1.290", "day": "31.02.2027"}
    return {
        "theme": theme,
        "answers": (1, 0, -1),
        "scores": [
            SimpleNamespace(score_ppm=816_400, known_rules=8, failed_rules=[]),
            SimpleNamespace(score_ppm=1_000_000, known_rules=10, failed_rules=[]),
            SimpleNamespace(score_ppm=240_000, known_rules=3, failed_rules=["price"]),
        ],
        "tones": ("", "sky", "warn", "line"),
        "kilograms": KG.values(),
        "usd": ((None, None), (1150, 1150), (1030, 1208)),
        "ways": (("ID", "KZ"), ("KZ", "ID")),
        "messages": [
            Message(constants.SUCCESS, _("The view is saved as “%(name)s”.") % {"name": LONG_NAME}),
            Message(constants.WARNING, _("A run is under way already.")),
        ],
        "form": PartsForm(None, auto_id=f"{theme}-id_%s"),
        "wrong": PartsForm(
            {f"{theme}-{name}": text for name, text in wrong.items()}, prefix=theme, auto_id=f"{theme}-wrong-%s"
        ),
        "less": -12,
        "long_name": LONG_NAME,
    }


def list_parts(request: HttpRequest) -> dict:
    """What surrounds a list, shown with the newest runs."""
    asked = HttpRequest()
    asked.GET = QueryDict("kind=official&kind=what_if&size=10")
    shown = listing(asked, RunFilter(asked.GET, Run.objects.visible_to(request.user)))
    choices = [
        {"key": "number", "label": _("Run"), "is_fixed": True, "is_shown": True},
        {"key": "state", "label": _("State"), "is_fixed": False, "is_shown": True},
        {"key": "kind", "label": _("Kind"), "is_fixed": False, "is_shown": False},
    ]
    view = SimpleNamespace(pk=1, name=_("Strong and new"), is_shared=True, owner=request.user)
    other = SimpleNamespace(pk=2, name=LONG_NAME, is_shared=False, owner=request.user)
    kept = [SimpleNamespace(address="?kind=official", is_open=one is view, view=one) for one in (view, other)]
    return {
        "listing": shown,
        "page": shown.page,
        "links": [
            {"number": 1, "url": "?page=1", "is_current": True},
            {"number": 2, "url": "?page=2"},
            {"url": ""},
            {"number": 40, "url": "?page=40"},
        ],
        "sorts": shown.sort_links(),
        "facet": shown.facet("kind", shown.filters.counts("kind")),
        "understood": SimpleNamespace(said=[_("Strong and new"), LONG_NAME]),
        "table": SimpleNamespace(choices=choices, is_compact=False, is_usual=False, usual_address="?"),
        "views": SimpleNamespace(
            own=kept, shared=kept[:1], page="matching:run-list", query="kind=official", address="/runs/?kind=official"
        ),
    }


def icons() -> list[str]:
    """The names of all icons, as the file has them."""
    return ICONS.findall((SHEET.parent.parent / "icons.svg").read_text(encoding="utf-8"))
