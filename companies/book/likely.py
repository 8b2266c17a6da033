"""Says of a new company that one much like it is here already. It is for the sender to know whether it is the same."""

from companies.book.entries import CompanyEntry
from companies.book.sender import Sender
from companies.finding.finder import likely_among
from companies.models import Company

# A look costs thousandths of a second: delegations are looked through, whole registers are not.
MOST_LOOKED_UP = 100


def hint_at_likely(entries: list[CompanyEntry], sender: Sender) -> None:
    """Look for each new company among those that are here; nothing is refused for it, and nothing merged."""
    if sender.vouches:
        return
    new = [entry for entry in entries if entry.here is None and not entry.is_refused]
    known = Company.objects.filter(is_hidden=False, merged_into=None)
    for entry in new[:MOST_LOOKED_UP]:
        found = likely_among(known.filter(country=entry.company.country), entry.company.name_registered)
        if found:
            like = found[0].company
            params = {"code": like.code, "name": str(like)}
            entry.hints.append(entry.reader.message("name_registered", "likely_here", params))
