"""What a plan leaves of needs and capacities: the rule that binds in codes for tables, and in sentences for people."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from types import SimpleNamespace

from django.conf import settings
from django.db.models import F, FilteredRelation, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext as _
from django.utils.translation import override

from commodities.models import CertificateKind, Commodity, CommodityGroup, Parameter
from commodities.texts import unit_label
from companies.enums import PaymentTerm
from companies.models import Capacity, Need
from matching.enums import Rest
from matching.models import PlanLine
from matching.names import reader_names
from matching.plan_page import told
from reports.cutting import cells, words
from reports.cutting.cells import Cells, Facts, Seen
from reports.cutting.rest_columns import SEVERAL, STAFF
from reports.document import Cell, Column, Row, Table, in_every_language

CHUNK = 2_000
MOST_SAID = 2_000  # rows with a sentence of their own, as many as are printed: a document carries the sentences
GROUP = "group:"  # before the code of a group of goods that a need asks for
KG_PER_T = 1000


# --- what is asked of the database


def rest_facts(lines: QuerySet[PlanLine], side: str) -> QuerySet[PlanLine]:
    """Lines of one side as plain facts, in one query however many there are.

    Goods are what a need names first, as its page says them; a group has its code and no goods.
    """
    place, company = f"{side}__{'destination' if side == 'need' else 'place'}", f"{side}__company"
    goods = {"goods": F("commodity__code"), "hs_code": F("commodity__hs_code"), "group": Value("")}
    if side == "need":
        first = FilteredRelation("need__accepted", condition=Q(need__accepted__position=0))
        lines = lines.alias(first=first)
        goods = {
            "goods": Coalesce("first__commodity__code", "commodity__code"),
            "hs_code": Coalesce("first__commodity__hs_code", "commodity__hs_code"),
            "group": Coalesce("first__group__code", Value("")),
        }
    # The table has columns of its own that are called so.
    named = {
        "listing_": F(f"{side}__reference"),
        "company_": F(f"{company}__name_registered"),
        "company_at": F(company),
        "kind": F(f"{company}__kind"),
        "where_": where_of(company),
        "place_at": F(place),
        "place_": F(f"{place}__code"),
        "country_": F(f"{place}__country"),
        "sector_": F("commodity__sector"),
    }
    found = lines.annotate(**named, **goods)
    return found.values(*named, *goods, "quantity_kg", "planned_kg", "left_kg", "rest", "why", "price_ppm")


def where_of(company: str) -> Concat:
    """`words.WHERE` of a company that a row leads to."""
    region, place = (Coalesce(F(f"{company}__{table}__code"), Value("")) for table in ("region", "place"))
    return Concat(region, Value("/"), place, Value("/"), F(f"{company}__city"))


# --- rows


class Rests:
    """The rows of one side, with the columns that an order chose.

    Args:
        sentences: whether each row says why in a sentence; only where they are as few as can be printed.
    """

    def __init__(self, side: str, columns: Iterable[Column], *, sentences: bool):
        self.side, self.sentences = side, sentences
        shown = [one for one in columns if sentences or one.key != "says"]
        self.cells = Cells(shown, READS, WORDS | {"says": self._sentences})
        self.said: dict[tuple[str, ...], str] = {}
        self.names = {}
        if sentences:
            for code, _name in settings.LANGUAGES:
                with override(code):
                    self.names[code] = reader_names()

    def of(self, lines: QuerySet[PlanLine], sorted_by: Sequence[str] = ()) -> Iterator[Row]:
        """Lines in their order, but sorted by something else first."""
        facts = rest_facts(lines, self.side).order_by(*sorted_by, *lines.query.order_by)
        found = iter(facts.iterator(chunk_size=CHUNK))
        while some := list(islice(found, CHUNK)):
            yield from self.cells.of(self._told(some))

    def _told(self, rows: list[Facts]) -> list[Facts]:
        """The same rows with who else has a part in each rest, and what is said of it."""
        other = "capacity" if self.side == "need" else "need"
        partners = partners_of(rows, other)
        for row in rows:
            row["partner"] = partners.get((row["why"] or {}).get(other))
            row["says"] = None
        if self.sentences:
            self._say(rows)
        return rows

    def _say(self, rows: list[Facts]) -> None:
        spoken = [SimpleNamespace(rest=row["rest"], why=row["why"], side=self.side) for row in rows]
        sentences = []
        for code, names in self.names.items():
            with override(code):
                partners = {
                    "need": told.partners_of(Need, (row.why for row in spoken), "need"),
                    "capacity": told.partners_of(Capacity, (row.why for row in spoken), "capacity"),
                }
                sentences.append([told.sentence_of(row, partners, names) for row in spoken])
        for row, said in zip(rows, zip(*sentences, strict=True), strict=True):
            row["says"] = self.said.setdefault(said, str(len(self.said) + 1)) if any(said) else None

    def _sentences(self, seen: Seen) -> words.Words:
        languages = [code for code, _name in settings.LANGUAGES]
        return {number: dict(zip(languages, said, strict=True)) for said, number in self.said.items()}


def partners_of(rows: Iterable[Facts], side: str) -> dict[int, str]:
    """The companies of the other side by their registered names; those that are hidden are not named."""
    model = Capacity if side == "capacity" else Need
    ids = {row["why"][side] for row in rows if row["why"] and side in row["why"]}
    found = model.objects.filter(pk__in=ids, company__is_hidden=False)
    return dict(found.values_list("pk", "company__name_registered"))


def rule_code(row: Facts) -> Cell:
    """The rule that binds, as `told.rule_of` names it."""
    if row["rest"] == Rest.NEAR:
        return row["why"]["rule"]
    if row["rest"] in (Rest.FAR, Rest.BANNED):
        return SEVERAL if row["rest"] == Rest.FAR else STAFF
    return told.RULE_OF.get(row["rest"], "")


def change_of(row: Facts) -> dict:
    return row["why"]["change"] if row["rest"] == Rest.NEAR else {}


def subject_of_change(row: Facts) -> Cell:
    """What is to be obtained, accepted or guaranteed, by its code."""
    change = change_of(row)
    if "parameter" in change:
        return f"{change['parameter']}/{change.get('unit') or ''}"
    return change.get("kind") or change.get("term") or ""


def how_much(row: Facts) -> tuple[Cell, Cell]:
    """An amount and its unit."""
    why, change = row["why"] or {}, change_of(row)
    if row["rest"] == Rest.SCARCE and "kg" in why:
        return cells.tonnes(why["kg"]), "t"
    if row["rest"] == Rest.LOTS and "smallest_kg" in why:
        return cells.tonnes(why["smallest_kg"]), "t"
    if "amount" not in change:
        return None, ""
    if why["rule"] == "quantity":
        return cells.tonnes(change["amount"]), "t"
    unit = {"price": "USD/t", "time": "days"}.get(why["rule"]) or change.get("unit") or ""
    return cells.plain(change["amount"]), unit


def goods_code(row: Facts) -> Cell:
    return f"{GROUP}{row['group']}" if row["group"] else row["goods"]


READS = {
    "listing": cells.fact("listing_"),
    "example": lambda row: cells.example(row["kind"]),
    "company": cells.fact("company_"),
    "where": cells.fact("where_"),
    "sector": cells.fact("sector_"),
    "goods": goods_code,
    "hs_code": lambda row: "" if row["group"] else row["hs_code"],
    "place": cells.fact("place_"),
    "country": cells.fact("country_"),
    "quantity_t": lambda row: cells.tonnes(row["quantity_kg"]),
    "planned_t": lambda row: cells.tonnes(row["planned_kg"]),
    "left_t": lambda row: cells.tonnes(row["left_kg"]),
    "rest": lambda row: row["rest"],
    "rule": rule_code,
    "partner": lambda row: row["partner"] or "",
    "change": lambda row: change_of(row).get("code", ""),
    "change_of": subject_of_change,
    "amount": lambda row: how_much(row)[0],
    "unit": lambda row: how_much(row)[1],
    "worth": lambda row: cells.points(row["price_ppm"]),
    "says": lambda row: row["says"] or "",
}


# --- words of the codes that occur


def goods_in_words(seen: Seen) -> words.Words:
    """Goods and groups of goods by the codes that rows have of them."""
    groups = [code.removeprefix(GROUP) for code in seen if code.startswith(GROUP)]
    found = words.of_named(Commodity.objects.filter(code__in=[code for code in seen if not code.startswith(GROUP)]))
    return found | words.of_named(CommodityGroup.objects.filter(code__in=groups), lambda group: f"{GROUP}{group.code}")


def subjects_in_words(seen: Seen) -> words.Words:
    """Papers, terms and parameters that a change is about."""
    found: words.Words = {code: code for code in seen}  # what has no name speaks for itself
    found |= words.of_named(CertificateKind.objects.filter(code__in=seen))
    found |= {code: said for code, said in words.of_choices(PaymentTerm.choices).items() if code in seen}
    return found | words.of_named(
        (one for one in Parameter.objects.all() if f"{one.key}/{one.unit}" in seen),
        lambda parameter: f"{parameter.key}/{parameter.unit}",
    )


def units_in_words(seen: Iterable[str]) -> words.Words:
    ours = {"t": lambda: _("t"), "USD/t": lambda: _("USD/t"), "days": lambda: _("days")}
    return {code: in_every_language(ours.get(code, lambda code=code: unit_label(code))) for code in seen}


WORDS: dict[str, Callable[[Seen], words.Words]] = {
    "where": lambda seen: words.wheres(row["company_at"] for row in seen.values()),
    "goods": goods_in_words,
    "place": lambda seen: words.places(row["place_at"] for row in seen.values()),
    "change_of": subjects_in_words,
    "unit": units_in_words,
}


def rest_table(key: str, title: Callable[[], str], rests: Rests, **more) -> Table:
    """The table once its rows are put."""
    return Table(key=key, title=in_every_language(title), columns=rests.cells.told(), **more)
