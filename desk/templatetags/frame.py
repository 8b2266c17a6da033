"""What the frame of a page needs: languages, navigation, the run its figures rest on."""

from django import template
from django.conf import settings
from django.db import DatabaseError
from django.templatetags.static import static

from accounts.themes import Theme, theme_of
from companies.enums import CompanyKind
from companies.models import Company
from desk.navigation import navigation_for
from matching.models import Run
from matching.one_match.grounds import rests_on_example_rates
from notices.models import Notice

register = template.Library()

SHORT_NAMES = {"id": "ID", "en": "EN", "ru": "RU", "kk": "ҚАЗ"}


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.simple_tag
def stylesheet(name: str) -> str:
    return static(f"css/{name}.css")


@register.filter
def languages(_nothing: str) -> list[tuple[str, str, str]]:
    """Code, short name and own name of each language."""
    return [(code, SHORT_NAMES[code], name) for code, name in settings.LANGUAGES]


@register.simple_tag(takes_context=True)
def theme(context) -> str:
    """What the page is told of its theme; nothing where the system decides. Pages of errors know no request."""
    chosen = context["theme"] if "theme" in context else theme_of(context.get("request"))
    return "" if chosen == Theme.SYSTEM else str(chosen)


@register.simple_tag(takes_context=True)
def themes(context) -> list[tuple[str, str, bool]]:
    """Each theme with its name, and whether it is chosen."""
    chosen = theme_of(context.get("request"))
    return [(value, label, value == chosen) for value, label in Theme.choices]


@register.simple_tag(takes_context=True)
def navigation(context) -> list[dict]:
    request = context.get("request")
    return navigation_for(request) if request and hasattr(request, "user") else []


@register.simple_tag(takes_context=True)
def unread_notices(context) -> int:
    """How many notices the person has not read; none where nobody can tell."""
    user = context.get("user")
    if not user or not user.is_authenticated:
        return 0
    try:
        return Notice.objects.visible_to(user).unread().count()
    except DatabaseError:
        return 0


@register.simple_tag
def footing() -> dict:
    """The newest finished official run, and what is invented: companies, or the freight and the rates they trade at."""
    return {
        "run": Run.objects.official().finished().only("book_cut_at", "rules_version").first(),
        "has_examples": Company.objects.filter(kind=CompanyKind.EXAMPLE).exists(),
        "has_example_rates": rests_on_example_rates(),
    }
