from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("harmful", "0003_column_that_must_be_given")]
    operations = [migrations.RemoveField("thing", "name")]
