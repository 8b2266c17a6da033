from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("matching", "0008_refreshes_of_a_listing")]

    operations = [
        AddIndexConcurrently(
            "nearmiss", models.Index(fields=["need"], condition=models.Q(is_current=True), name="near_miss_current")
        ),
    ]
