"""The kinds of certificate or status that a company, plant or product can hold."""

from commodities.enums import Sector
from commodities.loading import NAMES, SOURCE, Column, Loading, Table, columns
from commodities.loading.cells import one_of, words_or_all
from commodities.models import CertificateKind

KINDS = Table(
    "certificate_kinds.csv",
    key=("code",),
    columns=(
        *columns("code"),
        *NAMES,
        *columns("issuer_type", "holder", "typical_validity_months"),
        Column("sectors", read=words_or_all(one_of(Sector.values))),
        *columns("note"),
        *SOURCE,
    ),
    model=CertificateKind,
)


def load_certificate_kinds(loading: Loading) -> None:
    loading.load(KINDS)
