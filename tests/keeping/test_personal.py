"""Whoever adds a field says whether it holds data about people, for what and until when."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test.utils import isolate_apps

from tradematch.keeping import personal
from tradematch.keeping.export import SECTIONS


def test_every_field_that_may_hold_data_about_people_is_declared():
    assert personal.undeclared() == []


def test_nothing_is_declared_that_is_not_there():
    assert personal.stale() == []


@isolate_apps("desk")
def test_a_new_field_that_may_hold_data_about_people_is_found():
    class Diary(models.Model):
        day = models.DateField()
        kind = models.CharField(max_length=3, choices=[("a", "A")])
        kinds = ArrayField(models.CharField(max_length=3, choices=[("a", "A")]))
        words = models.TextField()
        many_words = ArrayField(models.CharField(max_length=3))
        facts = models.JSONField()
        mailbox = models.EmailField()
        address = models.GenericIPAddressField()
        paper = models.FileField()
        written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
        about = models.OneToOneField("companies.ContactPerson", on_delete=models.CASCADE)

        class Meta:
            app_label = "desk"

        def __str__(self):
            return ""

    for name, model in (("written_by", "accounts.User"), ("about", "companies.ContactPerson")):
        field = Diary._meta.get_field(name)
        field.remote_field.model = personal.apps.get_model(model)  # the isolated registry knows neither

    found = personal.undeclared([Diary])

    asked = ("words", "many_words", "facts", "mailbox", "address", "paper", "written_by", "about")
    assert found == [f"desk.Diary.{name}" for name in asked]


def test_reference_data_are_excused_but_not_a_person_or_an_address_in_them(monkeypatch):
    place = personal.apps.get_model("corridor", "Place")
    mailbox = models.EmailField(name="mailbox")
    mailbox.set_attributes_from_name("mailbox")

    assert personal.is_excused(place, place._meta.get_field("note"))
    assert not personal.is_excused(place, mailbox)


def test_an_export_holds_every_row_that_names_the_person():
    exported = {f"{section.model}.{section.path}" for section in SECTIONS}
    people = [
        f"{model._meta.label}.{field.name}"
        for model in personal.kept_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in personal.people()
    ]

    assert [name for name in people if name not in exported] == []
    assert len(people) > 10
