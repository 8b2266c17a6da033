from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("matching", "0020_changes_of_the_plan"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="planflow",
            index=models.Index(fields=["run", "-quantity_kg", "id"], name="plan_flow_by_quantity"),
        ),
        AddIndexConcurrently(
            model_name="planflow",
            index=models.Index(fields=["run", "-score_ppm", "id"], name="plan_flow_by_score"),
        ),
        AddIndexConcurrently(
            model_name="planline",
            index=models.Index(
                condition=models.Q(("left_kg__gt", 0)), fields=["run", "-left_kg", "id"], name="plan_line_by_rest"
            ),
        ),
        RemoveIndexConcurrently(model_name="planflow", name="plan_flow_large"),
        RemoveIndexConcurrently(model_name="planline", name="plan_line_left"),
    ]
