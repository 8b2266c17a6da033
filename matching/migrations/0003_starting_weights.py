"""The score table that every installation starts with; `docs/matching.md` tells what each weight stands for."""

from django.db import migrations

VALUES = {
    "price": 0.30,
    "quantity": 0.15,
    "quality": 0.15,
    "time": 0.10,
    "certificates": 0.10,
    "logistics": 0.10,
    "trust": 0.10,
}


def add_starting_weights(apps, schema_editor):
    weights = apps.get_model("matching", "Weights")
    weights.objects.create(version=1, values=VALUES, reason="Starting values of the design.")


def remove_starting_weights(apps, schema_editor):
    apps.get_model("matching", "Weights").objects.filter(version=1).delete()


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_shard_progress_and_reasons")]

    operations = [migrations.RunPython(add_starting_weights, remove_starting_weights)]
