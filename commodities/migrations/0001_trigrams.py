from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Names are searched by trigrams; the extension comes before the index that uses it."""

    initial = True
    dependencies = []
    operations = [TrigramExtension()]
