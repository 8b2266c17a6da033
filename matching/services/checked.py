"""What was checked about the companies behind listings, as the engine counts it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from companies.enums import CertificateState, FactKind, Screening
from companies.models import Certificate, VerificationFact
from matching.engine.market import FAR_FUTURE, FAR_PAST
from matching.services.vocabulary import Vocabulary

SCREENED = {Screening.CLEAR: 1, Screening.NOT_SCREENED: 0, Screening.REFUSED: -1}
HELD = {CertificateState.CHECKED: 1, CertificateState.UNCHECKED: 0, CertificateState.NOT_HELD: -1}
TRUST = {
    FactKind.NUMBER_CHECKED: 0.3,
    FactKind.DOCUMENTS_SEEN: 0.3,
    FactKind.VISITED: 0.2,
    FactKind.DEAL_COMPLETED: 0.2,
}


@dataclass
class Companies:
    """What was checked about the companies behind the listings."""

    trust: dict[int, float] = field(default_factory=dict)
    certificates: dict[int, list[tuple]] = field(default_factory=lambda: defaultdict(list))
    of_capacity: dict[int, list[tuple]] = field(default_factory=lambda: defaultdict(list))

    def held(self, rows: list[tuple[int, int | None]], words: Vocabulary) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """State, first and last day of each certificate of (company, capacity); shapes (rows, K).

        What is said of one capacity stands above what is said of the whole company.
        """
        shape = (len(rows), len(words.kinds))
        state = np.zeros(shape, dtype=np.int8)
        first = np.full(shape, FAR_PAST, dtype=np.int64)
        last = np.full(shape, FAR_FUTURE, dtype=np.int64)
        for row, (company, capacity) in enumerate(rows):
            own = self.of_capacity.get(capacity, []) if capacity else []
            for kind, held, valid_from, valid_until in [*self.certificates.get(company, []), *own]:
                column = words.kind_of[kind]
                state[row, column] = held
                first[row, column] = ordinal(valid_from, FAR_PAST)
                last[row, column] = ordinal(valid_until, FAR_FUTURE)
        return state, first, last


def ordinal(day: date | None, otherwise: int) -> int:
    return otherwise if day is None else day.toordinal()


def load_companies(company_ids: set[int]) -> Companies:
    companies = Companies()
    for company, kind in VerificationFact.objects.filter(company__in=company_ids).values_list("company_id", "kind"):
        companies.trust[company] = companies.trust.get(company, 0.0) + TRUST[kind]
    companies.trust = {company: round(trust, 6) for company, trust in companies.trust.items()}
    for company, capacity, kind, state, first, last in Certificate.objects.filter(company__in=company_ids).values_list(
        "company_id", "capacity_id", "kind_id", "state", "valid_from", "valid_until"
    ):
        held = companies.certificates[company] if capacity is None else companies.of_capacity[capacity]
        held.append((kind, HELD[state], first, last))
    return companies
