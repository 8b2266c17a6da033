import django.db.models.functions.datetime
from django.db import migrations, models

NOTED = """
CREATE FUNCTION matching_note_plan_gone() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF EXISTS (SELECT FROM gone) THEN
        INSERT INTO matching_planchange DEFAULT VALUES;
    END IF;
    RETURN NULL;
END $function$;
CREATE TRIGGER matching_note_gone AFTER DELETE ON matching_planflow
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION matching_note_plan_gone();
CREATE TRIGGER matching_note_gone AFTER DELETE ON matching_planline
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION matching_note_plan_gone();
CREATE FUNCTION matching_note_hidden() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF EXISTS (SELECT FROM was JOIN now_is USING (id) WHERE was.is_hidden <> now_is.is_hidden) THEN
        INSERT INTO matching_planchange DEFAULT VALUES;
    END IF;
    RETURN NULL;
END $function$;
CREATE TRIGGER matching_note_hidden AFTER UPDATE ON companies_company
    REFERENCING OLD TABLE AS was NEW TABLE AS now_is FOR EACH STATEMENT EXECUTE FUNCTION matching_note_hidden();
"""
NOT_NOTED = """
DROP TRIGGER matching_note_hidden ON companies_company;
DROP FUNCTION matching_note_hidden();
DROP TRIGGER matching_note_gone ON matching_planline;
DROP TRIGGER matching_note_gone ON matching_planflow;
DROP FUNCTION matching_note_plan_gone();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0019_fill_the_list"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        # A list of one: Django would take a text apart at every semicolon, those inside functions among them.
        migrations.RunSQL([NOTED], [NOT_NOTED]),
    ]
