from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

CURRENT = models.Q(is_current=True)
ORDERS = {
    "near_miss_by_effort": ["effort", "id"],
    "near_miss_by_rule": ["rule", "effort", "id"],
    "near_miss_by_score": ["-score_ppm", "id"],
}


def one(name: str, fields: list[str]) -> list:
    """An index; what an attempt that was broken off has left of it goes first."""
    left = migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop)
    return [left, AddIndexConcurrently("nearmiss", models.Index(fields=fields, condition=CURRENT, name=name))]


class Migration(migrations.Migration):
    """Building beside who writes waits for every transaction that is older: a large run may be saved for minutes."""

    atomic = False

    dependencies = [("matching", "0026_changes_of_near_misses")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        *(step for name, fields in ORDERS.items() for step in one(name, fields)),
        migrations.RunSQL("RESET lock_timeout", migrations.RunSQL.noop),
    ]
