from django.db import migrations

# What the pages of a plan are grouped, narrowed and hidden by, of a listing as it is now.
WATCHED = {
    "capacity": ("company_id", "commodity_id", "origin_country", "place_id"),
    "need": ("company_id", "destination_id"),
}
# A trigger that names columns is given no tables of what was and is: so all updates are looked at, and few are noted.
ON = """
CREATE FUNCTION matching_note_{0}() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF EXISTS (SELECT FROM was JOIN now_is USING (id) WHERE ({1}) IS DISTINCT FROM ({2})) THEN
        INSERT INTO matching_planchange DEFAULT VALUES;
    END IF;
    RETURN NULL;
END $function$;
CREATE TRIGGER matching_note_plan AFTER UPDATE ON companies_{0}
    REFERENCING OLD TABLE AS was NEW TABLE AS now_is FOR EACH STATEMENT EXECUTE FUNCTION matching_note_{0}();
"""
OFF = """
DROP TRIGGER matching_note_plan ON companies_{0};
DROP FUNCTION matching_note_{0}();
"""


def of(table: str, columns: tuple[str, ...]) -> str:
    return ON.format(table, *(", ".join(f"{side}.{column}" for column in columns) for side in ("was", "now_is")))


NOTED = "".join(of(table, columns) for table, columns in WATCHED.items())
NOTED += "INSERT INTO matching_planchange DEFAULT VALUES;"  # what was summed before is forgotten
NOT_NOTED = "".join(OFF.format(table) for table in WATCHED)


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0023_keys_held_set_by_set"),
    ]

    operations = [
        # A list of one: Django would take a text apart at every semicolon, those inside functions among them.
        migrations.RunSQL([NOTED], [NOT_NOTED]),
    ]
