"""Long lists to choose from: regions under their province, certificates of one's own goods first."""

import pytest
from django.utils import translation

from companies.forms.choosing import certificate_choices, flat, region_choices
from tests.companies.registration.pages import begun
from tests.factories import CertificateKindFactory, RegionFactory

pytestmark = pytest.mark.django_db


def headings(choices) -> list[tuple]:
    """Headings with the names below them."""
    return [(str(title), [name for _key, name in rows]) for title, rows in choices if isinstance(rows, list)]


def test_regions_of_indonesia_stand_under_their_province_those_of_the_town_first():
    east = RegionFactory(name_en="East Kalimantan", level="province")
    town = RegionFactory(name_en="Balikpapan", level="city", parent=east)
    RegionFactory(name_en="Paser", level="kabupaten", parent=east)
    ward = RegionFactory(name_en="Balikpapan Timur", level="kecamatan", parent=town)
    RegionFactory(name_en="Manggar", level="kelurahan", parent=ward)
    RegionFactory(name_en="Aceh", level="province")

    assert headings(region_choices("ID", None)) == [
        ("Balikpapan", ["Balikpapan Timur"]),
        ("East Kalimantan", ["Paser"]),
        ("Other provinces", ["Aceh"]),
    ]


def test_region_that_was_chosen_is_offered_whatever_it_is():
    ward = RegionFactory(name_en="Balikpapan Timur", level="kecamatan", parent=RegionFactory(level="city"))
    inside = RegionFactory(name_en="Manggar", level="kelurahan", parent=ward)

    assert (inside.pk, "Manggar") in flat(region_choices("ID", inside.pk))


def test_regions_of_kazakhstan_are_in_the_order_of_the_kazakh_alphabet():
    for name in ("Атырау", "Ақмола", "Абай"):
        RegionFactory(country="KZ", level="oblast", name_kk=name)

    with translation.override("kk"):
        ((_title, names),) = headings(region_choices("KZ", None))

    assert names == ["Абай", "Ақмола", "Атырау"]


def test_certificates_of_ones_own_goods_come_first_and_stated_ones_are_gone():
    company = begun(sectors=["fisheries"])
    fish = CertificateKindFactory(name_en="Fish", sectors=["fisheries"])
    CertificateKindFactory(name_en="ISO")
    CertificateKindFactory(name_en="Palm", sectors=["palm_oil"])

    before = headings(certificate_choices(company))
    company.certificates.create(kind=fish, state="unchecked")
    after = headings(certificate_choices(company))

    assert before == [("For your goods", ["Fish"]), ("For all goods", ["ISO"]), ("Others", ["Palm"])]
    assert after == before[1:]
