"""Until now the near misses of the newest official run were those that hold: say so of each."""

from django.db import migrations


def mark_newest(apps, schema_editor):
    newest = apps.get_model("matching", "Run").objects.filter(kind="official", state="finished").order_by("-pk").first()
    apps.get_model("matching", "NearMiss").objects.filter(run=newest).update(is_current=True)


class Migration(migrations.Migration):
    dependencies = [("matching", "0009_near_misses_of_now")]

    operations = [migrations.RunPython(mark_newest, migrations.RunPython.noop)]
