"""The form of a need and the form of a capacity: few fields first, the rest folded away."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.alphabet import by_alphabet
from accounts.reading import DayField, LineField, NumberField
from commodities.models import CertificateKind
from companies.enums import CertificateState, PriceBasis
from companies.facts import StatedCertificate
from companies.forms.fields import NamedField
from companies.forms.listings.base import NOT_STATED, ListingForm
from companies.forms.listings.telling import Group
from companies.own_words.prefill import Source
from companies.own_words.prefill_certificates import fill_certificates
from companies.weights import MAX_QUANTITY_KG
from corridor.enums import Country

QUALITY = Group("quality", _("Quality"), ())
PAYMENT = Group("payment", _("Payment"), ("payment_terms",))
OTHERS = Group("others", _("How long it holds, and your number"), ("valid_until", "reference"), counts=False)


class WithCertificates(ListingForm):
    """Boxes for the kinds of certificates: those of the goods first, those of other goods folded away."""

    def _fill_from_goods(self) -> None:
        super()._fill_from_goods()
        sectors = {getattr(node, "sector", "") for node in self.nodes} - {""}
        near, others = [], []
        for kind in by_alphabet(CertificateKind.objects.all(), lambda kind: kind.name):
            (near if not kind.sectors or sectors & set(kind.sectors) else others).append(kind)
        self.kinds = {str(kind.pk): kind for kind in [*near, *others]}
        self.fields["certificates"].choices = [(str(kind.pk), kind.name) for kind in [*near, *others]]
        self._near = len(near)
        fill_certificates(self.filled, {kind.code: (str(kind.pk), kind.name) for kind in self.kinds.values()})

    @property
    def near_certificates(self) -> list:
        return self["certificates"].subwidgets[: self._near]

    @property
    def other_certificates(self) -> list:
        return self["certificates"].subwidgets[self._near :]

    @property
    def certificates_source(self) -> Source | None:
        return self.source_of("certificates")

    def chosen_kinds(self) -> Iterable[CertificateKind]:
        return (self.kinds[pk] for pk in self.cleaned_data["certificates"])


def certificates_field(label: str, help_text: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=label, help_text=help_text
    )


class NeedForm(WithCertificates):
    """What one importer wants."""

    kind = "need"
    goods_field = "commodities"
    place_field = "destination"
    window_fields = ("window_from", "window_until")
    groups = (
        Group("price", _("Price"), ("price", "currency", "price_unit", "price_basis")),
        Group("terms", _("Incoterm"), ("incoterm", "named_place")),
        QUALITY,
        Group("certificates", _("Certificates"), ("certificates",), counts=False),
        PAYMENT,
        Group(
            "delivery",
            _("Suppliers and origins"),
            ("smallest_share", "accepted_origins", "excluded_origins"),
            counts=False,
        ),
        OTHERS,
    )

    commodities = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label=_("Which goods do you need?"),
        help_text=_("Tick all that would do. The first one counts most."),
    )
    destination = NamedField(label=_("Where shall it arrive?"))
    window_from = DayField(label=_("Delivery from"))
    window_until = DayField(label=_("Delivery until"), help_text=_("The last day on which it may arrive."))
    price_basis = forms.ChoiceField(
        choices=[("", NOT_STATED), *PriceBasis.choices],
        required=False,
        label=_("What does the limit price cover?"),
        help_text=_("At the Incoterm needs the Incoterm and its named place below."),
    )
    named_place = NamedField(label=_("Named place of the Incoterm"))
    smallest_share = NumberField(
        decimals=3,
        most=MAX_QUANTITY_KG,
        required=False,
        label=_("Smallest share of one supplier"),
        help_text=_("In the unit of the quantity. Empty: any share. As much as the quantity: one supplier only."),
    )
    certificates = certificates_field(
        _("Which certificates must the supplier hold?"), _("Each one you ask for leaves out those who lack it.")
    )
    accepted_origins = forms.MultipleChoiceField(
        choices=Country.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Only from these countries"),
        help_text=_("None ticked: from any."),
    )
    excluded_origins = forms.MultipleChoiceField(
        choices=Country.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Not from these countries"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["destination"].required = True
        self.fields["price"].label = _("Limit price")
        self.fields["price"].help_text = _("The most you would pay.")
        self.fields["currency"].label, self.fields["price_unit"].label = _("Currency"), _("For each")

    @property
    def place_names(self) -> tuple[str, ...]:
        return ("destination", "named_place")

    def stated(self) -> dict[str, Any]:
        """The facts as `open_need` and `edit_need` take them."""
        cleaned = self.cleaned_data
        return super().stated() | {
            "accepted": tuple(choice.node for choice in self.chosen),
            "destination": self.place_of("destination"),
            "window_from": cleaned["window_from"],
            "window_until": cleaned["window_until"],
            "price_basis": cleaned["price_basis"],
            "named_place": self.place_of("named_place"),
            "smallest_share": cleaned["smallest_share"],
            "certificates": tuple(self.chosen_kinds()),
            "accepted_origins": tuple(cleaned["accepted_origins"]),
            "excluded_origins": tuple(cleaned["excluded_origins"]),
        }


class CapacityForm(WithCertificates):
    """What one exporter can supply."""

    kind = "capacity"
    goods_field = "commodity"
    place_field = "place"
    window_fields = ("available_from", "available_until")
    groups = (
        Group("price", _("Price"), ("price", "currency", "price_unit")),
        Group("terms", _("Incoterm"), ("incoterm",)),
        Group(
            "delivery", _("Shipping"), ("lot", "lot_multiple", "lead_days", "packaging", "net_kg_per_transport_unit")
        ),
        QUALITY,
        Group("certificates", _("Certificates"), ("certificates",)),
        PAYMENT,
        Group("origin", _("Origin"), ("origin_country",), counts=False),
        OTHERS,
    )

    commodity = forms.ChoiceField(widget=forms.RadioSelect, label=_("Which goods do you offer?"))
    place = NamedField(
        label=_("Where are the goods?"), help_text=_("Where they are loaded, or the named place of the Incoterm.")
    )
    available_from = DayField(label=_("Can be shipped from"))
    available_until = DayField(label=_("Can be shipped until"))
    lot = NumberField(decimals=3, most=MAX_QUANTITY_KG, required=False, label=_("Smallest shipment"))
    lot_multiple = NumberField(
        decimals=3,
        most=MAX_QUANTITY_KG,
        required=False,
        label=_("Shipments are multiples of"),
        help_text=_("In the unit of the quantity. Empty: any quantity from the smallest shipment up."),
    )
    lead_days = NumberField(
        most=730, required=False, label=_("Days from order to dispatch"), help_text=_("In whole days.")
    )
    packaging = LineField(most=120, required=False, label=_("Packing"), help_text=_("Such as 25 kg bags on pallets."))
    net_kg_per_transport_unit = NumberField(
        most=10_000_000,
        required=False,
        label=_("Net kilograms in one box or wagon"),
        help_text=_("How much goes into the box, wagon or truck you usually send."),
    )
    certificates = certificates_field(
        _("Which certificates do these goods hold?"),
        _("Those of the whole company are in its profile and count here too."),
    )
    origin_country = forms.ChoiceField(choices=Country.choices, label=_("Country of origin"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("origin_country", self.company.country)
        self.fields["place"].required = True
        self.fields["price"].label = _("Asking price")
        self.fields["price"].help_text = _("At the place and Incoterm named here.")
        self.fields["currency"].label, self.fields["price_unit"].label = _("Currency"), _("For each")
        node = self.nodes[0] if self.nodes else None
        note = getattr(node, "usual_lot_note", "")
        usual = _("Usual: %(lot)s.") % {"lot": note} if note else ""
        in_unit = _("In the unit of the quantity.")
        self.fields["lot"].help_text = f"{in_unit} {usual}".strip()

    def stated(self) -> dict[str, Any]:
        """The facts as `open_capacity` and `edit_capacity` take them."""
        cleaned = self.cleaned_data
        certificates = (StatedCertificate(kind, CertificateState.UNCHECKED) for kind in self.chosen_kinds())
        return super().stated() | {
            "commodity": self.nodes[0],
            "place": self.place_of("place"),
            "available_from": cleaned["available_from"],
            "available_until": cleaned["available_until"],
            "origin_country": cleaned["origin_country"],
            "lot": cleaned["lot"],
            "lot_multiple": cleaned["lot_multiple"],
            "lead_days": cleaned["lead_days"],
            "packaging": cleaned["packaging"],
            "net_kg_per_transport_unit": cleaned["net_kg_per_transport_unit"],
            "certificates": tuple(certificates),
        }


FORMS = {"need": NeedForm, "capacity": CapacityForm}
