from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

NAME = "company_by_change"


class Migration(migrations.Migration):
    """Every refresh of a large book asks which companies have changed since.

    Building beside who writes waits for every transaction that is older: a large run may be saved for minutes.
    """

    atomic = False

    dependencies = [("companies", "0019_companies_that_wait")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        # What an attempt that was broken off has left of it goes first.
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}", migrations.RunSQL.noop),
        AddIndexConcurrently("company", models.Index(fields=["changed_at"], name=NAME)),
        migrations.RunSQL("RESET lock_timeout", migrations.RunSQL.noop),
    ]
