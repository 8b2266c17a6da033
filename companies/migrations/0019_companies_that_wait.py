from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("companies", "0018_lists_read_off_an_index"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="company",
            index=models.Index(
                condition=models.Q(("status__in", ["submitted", "suspended"])),
                fields=["country"],
                name="company_waiting",
            ),
        ),
    ]
