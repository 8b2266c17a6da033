from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("harmful", "0002_harmless_column")]
    operations = [migrations.AddField("thing", "colour", models.CharField(max_length=9, default="red"))]
