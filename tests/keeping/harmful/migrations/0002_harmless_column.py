from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("harmful", "0001_initial")]
    operations = [
        migrations.AddField("thing", "note", models.TextField(null=True)),
        migrations.AddField("thing", "count", models.IntegerField(default=0, db_default=0)),
    ]
