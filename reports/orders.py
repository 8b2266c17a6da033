"""What somebody asks of a report, as it is kept: what, narrowed how, in which columns, under whose letterhead."""

from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime

from reports.enums import Grouping, Office, Subject


@dataclass(frozen=True, kw_only=True)
class Order:
    """The question of a report. What it answers is frozen once, for all files that are made of it.

    Args:
        query: filters and order of the list of that subject, as its address holds them.
        companies: keys of companies: a dossier is about them; other subjects are narrowed to those with one of them.
        match: key of the match whose brief it is.
        columns: keys in their order; empty: all of the subject.
        since, until: matches first found, or deliveries, within these days, both included.
        new_since: only what was first found after this moment; schedules set it.
        recipient: who gets it, in the maker's words.
        for_company: key of the company that gets it, a guest of a meeting; the other side of a pair stays unnamed to
            it. None: it is for officials.
        crosses_to: country in which the recipient works; decides which contact persons agreed to be seen there.
        contacts: whether contact persons are in it; then `purpose` (`ContactPurpose`) and the recipient are named.
    """

    subject: Subject
    query: str = ""
    companies: tuple[int, ...] = ()
    match: int | None = None
    columns: tuple[str, ...] = ()
    grouping: Grouping = Grouping.NONE
    since: date | None = None
    until: date | None = None
    new_since: datetime | None = None
    office: Office = Office.BOTH
    recipient: str = ""
    for_company: int | None = None
    crosses_to: str = ""
    contacts: bool = False
    purpose: str = ""
    purpose_words: str = ""

    def to_json(self) -> dict:
        plain = asdict(self)
        for name in ("since", "until", "new_since"):
            plain[name] = plain[name].isoformat() if plain[name] else None
        return plain | {"companies": list(self.companies), "columns": list(self.columns)}

    @classmethod
    def of_json(cls, plain: dict) -> "Order":
        known = {name.name: plain[name.name] for name in fields(cls) if name.name in plain}
        for name, read in (("since", date), ("until", date), ("new_since", datetime)):
            known[name] = read.fromisoformat(known[name]) if known.get(name) else None
        known |= {"companies": tuple(known.get("companies", ())), "columns": tuple(known.get("columns", ()))}
        enums = {"subject": Subject, "grouping": Grouping, "office": Office}
        return cls(**known | {name: enums[name](known[name]) for name in enums if name in known})

    def since_moment(self, moment: datetime) -> "Order":
        return replace(self, new_since=moment)
