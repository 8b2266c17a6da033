from django.db import migrations

# What near misses are counted by beside the book itself, whose changes are noted there (`BookChange`).
EVENTS = {"new": ("INSERT", "NEW"), "changed": ("UPDATE", "NEW"), "gone": ("DELETE", "OLD")}
WATCHED = {
    "matching_nearmiss": ("new", "changed", "gone"),
    "commodities_commodity": ("changed",),
    "corridor_place": ("changed",),
    "corridor_region": ("changed",),
}
ON = """
CREATE TRIGGER matching_note_{0} AFTER {2} ON {1}
    REFERENCING {3} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION matching_note_change();
"""
OFF = "DROP TRIGGER matching_note_{0} ON {1};"
NOTED = "".join(ON.format(event, table, *EVENTS[event]) for table, events in WATCHED.items() for event in events)
NOT_NOTED = "".join(OFF.format(event, table) for table, events in WATCHED.items() for event in events)


class Migration(migrations.Migration):
    dependencies = [
        ("commodities", "0008_more_units_of_quantity"),
        ("corridor", "0010_lanes_are_worked_out"),
        ("matching", "0025_parents_keep_their_numbers"),
    ]

    operations = [
        # A list of one: Django would take a text apart at every semicolon.
        migrations.RunSQL([NOTED], [NOT_NOTED]),
    ]
