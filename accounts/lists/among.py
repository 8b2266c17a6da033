"""Rows by thousands of keys: one array is read and planned much quicker than as many parameters as there are keys."""

from collections.abc import Collection

from django.db.models import BigAutoField, Lookup, QuerySet


@BigAutoField.register_lookup
class Among(Lookup):
    """`pk__among=keys`: as `pk__in`, the keys being whole numbers."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s)", [*params, list(self.rhs)]


def among(rows: QuerySet, keys: Collection[int], *, of: str = "pk") -> QuerySet:
    """Those of the rows that have one of the keys; `of` another row that they name, such as `need__id`."""
    return rows.filter((f"{of}__among", keys))
