from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0017_changes_of_the_list"),
    ]

    operations = [
        migrations.AlterField(
            model_name="listeddoubt",
            name="source",
            field=models.CharField(
                choices=[
                    ("company", "company"),
                    ("need", "need"),
                    ("capacity", "capacity"),
                    ("commodity", "commodity"),
                    ("book", "all of them"),
                ],
                max_length=9,
            ),
        ),
    ]
