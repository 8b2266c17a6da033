from importlib import import_module

from django.db import migrations

OF_MATCHES = import_module("matching.migrations.0015_listed_matches").OF_MATCHES
FUNCTION = OF_MATCHES[: OF_MATCHES.index("CREATE FUNCTION matching_unlist_matches")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
STANDING_STILL = FUNCTION.replace(
    "BEGIN\n",
    "BEGIN\n    IF current_setting('tradematch.lists_itself', true) = 'on' THEN\n        RETURN NULL;\n    END IF;\n",
    1,
)


class Migration(migrations.Migration):
    """The saving of an official run writes its listed rows itself, set by set; for all others triggers do it."""

    dependencies = [
        ("matching", "0021_lists_of_the_plan"),
    ]

    operations = [
        # A list of one: Django would take a text apart at every semicolon, those inside functions among them.
        migrations.RunSQL([STANDING_STILL], [FUNCTION]),
    ]
