import django.db.models.deletion
from django.db import migrations, models

# Child, its column, parent. A statement that inserts a million children asks once for their parents, not row by row.
KEYS = (
    ("matching_match", "first_run_id", "matching_run"),
    ("matching_matchresult", "run_id", "matching_run"),
    ("matching_matchresult", "match_id", "matching_match"),
    ("matching_allocation", "run_id", "matching_run"),
    ("matching_allocation", "match_id", "matching_match"),
    ("matching_nearmiss", "run_id", "matching_run"),
)

# The parents are held as a foreign key holds them: who deletes one waits for us, and for whom we wait, is gone for us.
# What this transaction has just inserted nobody else can see, so nobody has to be kept from it.
FUNCTIONS = """
CREATE FUNCTION matching_hold_parents() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    missing bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM (SELECT id FROM %I WHERE id IN (SELECT %I FROM added)'
        || ' AND xmin <> pg_current_xact_id()::xid ORDER BY id FOR KEY SHARE) held', TG_ARGV[1], TG_ARGV[0]);
    EXECUTE format('SELECT %1$I FROM added WHERE NOT EXISTS (SELECT FROM %2$I parent WHERE parent.id = added.%1$I)'
        || ' LIMIT 1', TG_ARGV[0], TG_ARGV[1]) INTO missing;
    IF missing IS NOT NULL THEN
        RAISE foreign_key_violation USING MESSAGE = format('%s names no row of %s: %s.%s', missing, TG_ARGV[1],
            TG_TABLE_NAME, TG_ARGV[0]), TABLE = TG_TABLE_NAME, COLUMN = TG_ARGV[0];
    END IF;
    RETURN NULL;
END $function$;
CREATE FUNCTION matching_hold_parent() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    found_id bigint;
    named bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    EXECUTE format('SELECT id FROM %I WHERE id = $1 FOR KEY SHARE', TG_ARGV[1]) INTO found_id USING named;
    IF found_id IS NULL THEN
        RAISE foreign_key_violation USING MESSAGE = format('%s names no row of %s: %s.%s', named, TG_ARGV[1],
            TG_TABLE_NAME, TG_ARGV[0]), TABLE = TG_TABLE_NAME, COLUMN = TG_ARGV[0];
    END IF;
    RETURN NULL;
END $function$;
CREATE FUNCTION matching_keep_parents() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    named bigint;
BEGIN
    EXECUTE format('SELECT gone.id FROM gone WHERE EXISTS (SELECT FROM %I WHERE %I = gone.id) LIMIT 1',
        TG_ARGV[0], TG_ARGV[1]) INTO named;
    IF named IS NOT NULL THEN
        RAISE foreign_key_violation USING MESSAGE = format('%s of %s is still named by %s.%s', named, TG_TABLE_NAME,
            TG_ARGV[0], TG_ARGV[1]), TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $function$;
"""
TRIGGERS = "".join(
    f"""
CREATE TRIGGER {child}_{column}_added AFTER INSERT ON {child}
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION matching_hold_parents('{column}', '{parent}');
CREATE TRIGGER {child}_{column}_changed AFTER UPDATE OF {column} ON {child}
    FOR EACH ROW WHEN (OLD.{column} IS DISTINCT FROM NEW.{column})
    EXECUTE FUNCTION matching_hold_parent('{column}', '{parent}');
CREATE TRIGGER {child}_{column}_named AFTER DELETE ON {parent}
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION matching_keep_parents('{child}', '{column}');
"""
    for child, column, parent in KEYS
)
NONE = (
    "".join(
        f"DROP TRIGGER {child}_{column}_added ON {child}; DROP TRIGGER {child}_{column}_changed ON {child};"
        f"DROP TRIGGER {child}_{column}_named ON {parent};"
        for child, column, parent in KEYS
    )
    + "DROP FUNCTION matching_hold_parents(); DROP FUNCTION matching_hold_parent();"
    + "DROP FUNCTION matching_keep_parents();"
)


class Migration(migrations.Migration):
    """Keys of rows that runs write by the million are checked once a statement. The guard is the same: adr/0009."""

    dependencies = [
        ("matching", "0022_saving_lists_itself"),
    ]

    operations = [
        migrations.AlterField(
            model_name="match",
            name="first_run",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="matching.run",
            ),
        ),
        migrations.AlterField(
            model_name="match",
            name="need",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matches",
                to="companies.need",
            ),
        ),
        migrations.AlterField(
            model_name="matchresult",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="results",
                to="matching.run",
            ),
        ),
        migrations.AlterField(
            model_name="matchresult",
            name="match",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="results",
                to="matching.match",
            ),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="allocations",
                to="matching.run",
            ),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="match",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="allocations",
                to="matching.match",
            ),
        ),
        migrations.AlterField(
            model_name="nearmiss",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="near_misses",
                to="matching.run",
            ),
        ),
        # A list of one: Django would take a text apart at every semicolon, those inside functions among them.
        migrations.RunSQL([FUNCTIONS + TRIGGERS], [NONE]),
    ]
