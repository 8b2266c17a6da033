from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0009_reminders_of_expiry"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="letter_taken_at",
            field=models.DateTimeField(blank=True, help_text="when a worker took it to be mailed", null=True),
        ),
        migrations.AddField(
            model_name="invitation",
            name="letter_sent_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="invitation",
            name="tries",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="how often its holder named another number than that of the company"
            ),
        ),
    ]
