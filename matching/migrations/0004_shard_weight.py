from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0003_starting_weights"),
    ]

    operations = [
        migrations.RemoveField(model_name="runshard", name="plan_value"),
        migrations.RemoveField(model_name="runshard", name="plan_bound"),
        migrations.AddField(
            model_name="runshard",
            name="weight",
            field=models.PositiveBigIntegerField(
                default=0, help_text="months of needs x months of capacities to compare"
            ),
        ),
    ]
