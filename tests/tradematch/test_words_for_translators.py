"""What is said to people can be found by whoever translates it."""

import ast
from pathlib import Path

from django.apps import apps

SAID = {"_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "ngettext_lazy", "pgettext_lazy"}


def said_inside_others(source: str) -> list[str]:
    """Calls inside a formatted string: the catalogues are made without looking in there."""
    return [
        ast.unparse(call)
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SAID
    ]


def test_words_inside_a_formatted_string_are_noticed():
    assert said_inside_others("""f"{name} ({_('as of %(day)s')})" + _("day")""") == ["_('as of %(day)s')"]


def test_no_words_are_hidden_from_translators():
    root = Path(apps.get_app_config("reports").path).parent
    ours = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == root]

    hidden = {
        str(file.relative_to(root)): found
        for app in ours
        for file in sorted(app.rglob("*.py"))
        if (found := said_inside_others(file.read_text(encoding="utf-8")))
    }

    assert (hidden, len(ours) > 7) == ({}, True)
