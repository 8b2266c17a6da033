from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

CURRENT = models.Q(is_current=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("matching", "0026_changes_of_near_misses")]

    operations = [
        AddIndexConcurrently(
            "nearmiss", models.Index(fields=["effort", "id"], condition=CURRENT, name="near_miss_by_effort")
        ),
        AddIndexConcurrently(
            "nearmiss", models.Index(fields=["rule", "effort", "id"], condition=CURRENT, name="near_miss_by_rule")
        ),
        AddIndexConcurrently(
            "nearmiss", models.Index(fields=["-score_ppm", "id"], condition=CURRENT, name="near_miss_by_score")
        ),
    ]
