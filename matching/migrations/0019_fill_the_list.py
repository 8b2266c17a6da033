"""Rows for the matches that were there before the list was.

In a transaction of its own: it takes minutes for a million of them, and while the triggers are made nobody can write to
their tables. Carrying it out again does no harm.
"""

from importlib import import_module

from django.db import migrations

inserted = import_module("matching.migrations.0015_listed_matches").inserted

# A match that changes meanwhile does not see the row that is being written for it.
DOUBTED = """
    INSERT INTO matching_listeddoubt (source, source_id)
    SELECT 'book', 0 WHERE EXISTS (SELECT FROM matching_listedmatch)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0018_doubts_of_the_whole_book"),
    ]

    operations = [
        migrations.RunSQL([inserted("matching_match"), DOUBTED], migrations.RunSQL.noop),
    ]
