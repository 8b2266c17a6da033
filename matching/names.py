"""What certificates and parameters are called in the reader's language, for the sentences of `matching/texts`."""

from commodities.models import CertificateKind, Parameter
from matching.texts import Names


def reader_names() -> Names:
    """Two small tables; the same two queries for one row as for a hundred."""
    return Names(
        certificates={kind.code: kind.name for kind in CertificateKind.objects.all()},
        parameters={(parameter.key, parameter.unit): parameter.name for parameter in Parameter.objects.all()},
    )
