import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0008_listings_claims_merges_and_imports"),
        ("matching", "0007_comparisons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="comparison",
            name="comparison_reason_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="run",
            name="run_reason_is_known",
        ),
        migrations.AddField(
            model_name="nearmiss",
            name="is_current",
            field=models.BooleanField(
                db_default=False, default=False, help_text="the newest official run or a refresh after it found it"
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="capacity",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="refreshes",
                to="companies.capacity",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="need",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="refreshes",
                to="companies.need",
            ),
        ),
        migrations.AlterField(
            model_name="comparison",
            name="reason_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("lost", "the worker was lost three times at the same step"),
                    ("error", "an error came back at every one of three attempts"),
                    ("too_long", "a step took longer than the time limit"),
                    (
                        "too_often",
                        "within a day partners were looked for as often as is allowed",
                    ),
                    ("plan_overflow", "the plan gave away more than there is; nothing was saved"),
                ],
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="run",
            name="options",
            field=models.JSONField(
                blank=True, default=dict, help_text="what a what-if changes or narrows; whose book a refresh reads"
            ),
        ),
        migrations.AlterField(
            model_name="run",
            name="reason_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("lost", "the worker was lost three times at the same step"),
                    ("error", "an error came back at every one of three attempts"),
                    ("too_long", "a step took longer than the time limit"),
                    (
                        "too_often",
                        "within a day partners were looked for as often as is allowed",
                    ),
                    ("plan_overflow", "the plan gave away more than there is; nothing was saved"),
                ],
                max_length=40,
            ),
        ),
        migrations.AddConstraint(
            model_name="comparison",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason_code__in", ["", "lost", "error", "too_long", "too_often", "plan_overflow"])
                ),
                name="comparison_reason_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason_code__in", ["", "lost", "error", "too_long", "too_often", "plan_overflow"])
                ),
                name="run_reason_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "refresh"), ("state", "queued")),
                fields=("need",),
                name="one_refresh_of_a_need_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "refresh"), ("state", "queued")),
                fields=("capacity",),
                name="one_refresh_of_a_capacity_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "refresh"), models.Q(("capacity__isnull", True), ("need__isnull", True)), _connector="OR"
                ),
                name="only_a_refresh_names_a_listing",
            ),
        ),
    ]
