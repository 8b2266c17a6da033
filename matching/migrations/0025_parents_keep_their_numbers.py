from django.db import migrations

# A foreign key refuses another number of a parent that is named; the triggers of 0023 do not look. No other statement
# pays for it: the trigger is passed only where a statement sets the number.
ON = """
CREATE FUNCTION matching_keep_number() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    RAISE foreign_key_violation USING MESSAGE = format('%s of %s keeps its number', OLD.id, TG_TABLE_NAME),
        TABLE = TG_TABLE_NAME, COLUMN = 'id';
END $function$;
CREATE TRIGGER matching_keep_number BEFORE UPDATE OF id ON matching_run
    FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION matching_keep_number();
CREATE TRIGGER matching_keep_number BEFORE UPDATE OF id ON matching_match
    FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION matching_keep_number();
"""
OFF = """
DROP TRIGGER matching_keep_number ON matching_run;
DROP TRIGGER matching_keep_number ON matching_match;
DROP FUNCTION matching_keep_number();
"""


class Migration(migrations.Migration):
    """Runs and matches, which rows name that runs write by the million, keep their numbers for ever: adr/0009."""

    dependencies = [
        ("matching", "0024_plans_follow_goods_and_places"),
    ]

    operations = [
        # A list of one: Django would take a text apart at every semicolon, those inside functions among them.
        migrations.RunSQL([ON], [OFF]),
    ]
