"""The catalogues are whole, and the tools that keep them so can see what is missing."""

import gettext

import pytest
from django.utils import translation

from tradematch import borrowed, catalogues


@pytest.fixture
def project(tmp_path, settings, monkeypatch):
    """A project of one app and one template, with a Russian catalogue."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "shop").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "shop" / "texts.py").write_text(
        'from x import _, ngettext\nA = _("Need")\nB = ngettext("%(n)s match", "%(n)s matches", n)\n', encoding="utf-8"
    )
    (tmp_path / "templates" / "page.html").write_text(
        "{% load i18n %}<p>{% translate 'Who fits (whom)?' %}</p>"
        "{% blocktranslate with name=x.y %}Hello {{ name }}{% endblocktranslate %}"
        '{% if x == _("Near miss") %}{% endif %}{% translate "May" context "month" %}',
        encoding="utf-8",
    )
    monkeypatch.setattr(catalogues, "APPS", ("shop",))
    return tmp_path


def translate(language: str, **strings) -> None:
    kept = catalogues.read_catalogue(language)
    for message in kept:
        if message.id and catalogues._singular(message) in strings["by_id"]:
            message.string = strings["by_id"][catalogues._singular(message)]
    with catalogues.catalogue_path(language).open("wb") as file:
        catalogues.write_po(file, kept)


RUSSIAN = {
    "Need": "Потребность",
    "%(n)s match": ("%(n)s совпадение", "%(n)s совпадения", "%(n)s совпадений"),
    "Who fits (whom)?": "Кто кому подходит?",
    "Hello %(name)s": "Здравствуйте, %(name)s",
    "Near miss": "Почти подходит",
    "May": "Май",
}


def test_strings_in_code_finds_python_and_template_strings(project):
    found = {(message.id, message.context) for message in catalogues.strings_in_code() if message.id}

    assert found == {
        ("Need", None),
        (("%(n)s match", "%(n)s matches"), None),
        ("Who fits (whom)?", None),
        ("Hello %(name)s", None),
        ("Near miss", None),
        ("May", "month"),
    }


def test_faults_names_what_is_not_translated(project):
    catalogues.update_catalogue("ru")
    translate("ru", by_id=RUSSIAN | {"Need": "", "Hello %(name)s": "Здравствуйте, %(nam)s"})

    assert catalogues.faults("ru") == [
        "ru: not translated: 'Need'",
        "ru: placeholders differ: 'Hello %(name)s'",
    ]


def test_faults_names_what_is_left_over(project):
    catalogues.update_catalogue("ru")
    translate("ru", by_id=RUSSIAN)
    (project / "shop" / "texts.py").write_text('A = _("Need")\n', encoding="utf-8")

    assert catalogues.faults("ru") == ["ru: no longer in the code: '%(n)s match'"]


def test_update_catalogue_keeps_translations_and_is_repeatable(project):
    catalogues.update_catalogue("ru")
    translate("ru", by_id=RUSSIAN)
    catalogues.update_catalogue("ru")
    once = catalogues.catalogue_path("ru").read_text(encoding="utf-8")

    answer = catalogues.update_catalogue("ru")

    assert answer == (6, 0)
    assert catalogues.catalogue_path("ru").read_text(encoding="utf-8") == once
    assert catalogues.faults("ru") == []


def test_update_catalogue_writes_one_form_in_indonesian(project):
    catalogues.update_catalogue("id")
    translate("id", by_id={"%(n)s match": ("%(n)s kecocokan",)})
    catalogues.update_catalogue("id")

    kept = catalogues.read_catalogue("id").get("%(n)s match")

    assert kept.string == ("%(n)s kecocokan",)
    assert "msgstr[1]" not in catalogues.catalogue_path("id").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 совпадение"), (2, "2 совпадения"), (5, "5 совпадений"), (21, "21 совпадение")]
)
def test_compiled_catalogue_has_russian_plurals(project, number, text):
    catalogues.update_catalogue("ru")
    translate("ru", by_id=RUSSIAN)

    with catalogues.compile_catalogue("ru").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    assert compiled.ngettext("%(n)s match", "%(n)s matches", number) % {"n": number} == text


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_string_is_translated(language):
    assert catalogues.faults(language) == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_string_that_packages_lack_is_translated(language):
    assert borrowed.borrowed_faults(language) == []


def test_a_package_that_says_something_new_is_red(project, monkeypatch):
    said = project / "forms.py"
    said.write_text('_("Enter a barcode.")\n_("Need")\n', encoding="utf-8")
    monkeypatch.setattr(borrowed, "_sources", lambda: [("shop/forms.py", said)])

    assert borrowed.borrowed_faults("kk") == ["borrowed kk: not translated: 'Enter a barcode.'"]  # "Need" is ours


def test_a_string_that_a_package_says_itself_is_not_borrowed(project, monkeypatch):
    said = project / "fields.py"
    said.write_text('_("This field is required.")', encoding="utf-8")
    monkeypatch.setattr(borrowed, "_sources", lambda: [("django/forms/fields.py", said)])

    assert borrowed.borrowed_faults("kk") == []


def test_borrowed_strings_are_those_that_people_are_told():
    found = {message.id for message in borrowed.strings_borrowed() if message.id}

    assert {
        "This field is required.",
        "Null characters are not allowed.",
        "This password is too common.",
        "Incorrect password.",
        ("%(num)d day", "%(num)d days"),
    } <= found
    assert not {"log entry", "superuser status", "groups"} & found  # the words of the admin


def test_people_are_told_in_their_language_what_packages_say_in_english():
    with translation.override("kk"):
        told = [translation.gettext("Null characters are not allowed."), translation.gettext("Incorrect password.")]

    assert told == ["Нөлдік таңбаларға рұқсат жоқ.", "Құпиясөз қате."]
