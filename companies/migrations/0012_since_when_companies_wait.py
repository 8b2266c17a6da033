"""Companies that asked to be verified before this was kept: since when, as their history tells."""

from django.db import migrations


def fill_submitted_at(apps, schema_editor):
    """The first event of the last unbroken row of "submitted"; what was corrected meanwhile is part of that row."""
    companies = apps.get_model("companies", "Company").objects
    events = apps.get_model("companies", "CompanyEvent").objects
    for company in companies.filter(status="submitted", submitted_at__isnull=True):
        of_company = events.filter(pgh_obj_id=company.pk).order_by("pgh_id")
        before = of_company.exclude(status="submitted").last()
        since = of_company.filter(pgh_id__gt=before.pgh_id).first() if before else of_company.first()
        at = since.pgh_created_at if since else company.changed_at
        companies.filter(pk=company.pk).update(submitted_at=at)


class Migration(migrations.Migration):
    dependencies = [("companies", "0011_units_that_a_person_weighs")]

    operations = [migrations.RunPython(fill_submitted_at, migrations.RunPython.noop)]
