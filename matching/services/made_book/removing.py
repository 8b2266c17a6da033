"""Taking a made book away, with all that runs found of it and people decided upon it."""

from django.db import connection

from matching.services.made_book.marks import Told, made, without_history

# What may hang on a made listing, by the condition that names it, in the order in which it can go.
_NEEDS = "(SELECT id FROM companies_need WHERE company_id IN (SELECT id FROM made))"
_CAPACITIES = "(SELECT id FROM companies_capacity WHERE company_id IN (SELECT id FROM made))"
_MATCHES = f"(SELECT id FROM matching_match WHERE need_id IN {_NEEDS} OR capacity_id IN {_CAPACITIES})"
_OF_LISTING = f"need_id IN {_NEEDS} OR capacity_id IN {_CAPACITIES}"
_OF_COMPANY = "company_id IN (SELECT id FROM made)"
GOES = (
    ("matching_planflow", _OF_LISTING),
    ("matching_planline", _OF_LISTING),
    ("matching_planinstruction", f"match_id IN {_MATCHES}"),
    ("matching_decision", f"match_id IN {_MATCHES}"),
    ("matching_allocation", f"match_id IN {_MATCHES}"),
    ("matching_matchresult", f"match_id IN {_MATCHES}"),
    ("matching_match", _OF_LISTING),
    ("matching_nearmiss", _OF_LISTING),
    ("companies_commitment", _OF_LISTING),
    ("companies_needcommodity", f"need_id IN {_NEEDS}"),
    ("companies_needparameter", f"need_id IN {_NEEDS}"),
    ("companies_need_required_certificates", f"need_id IN {_NEEDS}"),
    ("companies_capacityparameter", f"capacity_id IN {_CAPACITIES}"),
    ("companies_certificate", _OF_COMPANY),
    ("companies_verificationfact", _OF_COMPANY),
    ("companies_need", _OF_COMPANY),
    ("companies_capacity", _OF_COMPANY),
    ("companies_company", "id IN (SELECT id FROM made)"),
)


def remove_book(tell: Told = lambda said: None) -> int:
    """Delete the made book with all that runs found of it and people decided upon it; how many companies went.

    Refuses where a person acts for one of them, or anything else hangs on them that is not made by chance.
    """
    number = made().count()
    with without_history(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.made")
        cursor.execute(
            "CREATE TEMP TABLE made ON COMMIT DROP AS SELECT id FROM companies_company WHERE id = ANY(%s)",
            [list(made().values_list("pk", flat=True))],
        )
        for side, listings in (("need", _NEEDS), ("capacity", _CAPACITIES)):
            cursor.execute(f"UPDATE matching_run SET {side}_id = NULL WHERE {side}_id IN {listings}")
        for table, condition in GOES:
            if table == "matching_matchresult":
                cursor.execute(f"UPDATE matching_match SET latest_id = NULL WHERE id IN {_MATCHES}")
            cursor.execute(f"DELETE FROM {table} WHERE {condition}")
            tell(f"{table}: {cursor.rowcount}")
    return number
