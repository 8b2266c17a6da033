"""The words that a contact person agrees to. A version that was agreed to once is never changed, only followed."""

from django.utils.translation import gettext_lazy as _

CURRENT = "2026-11"
WORDINGS = {
    "2026-11": _(
        "My name, position, telephone number and e-mail address are kept here by the City Government of Balikpapan "
        "and the Embassy of Indonesia in Astana, to check my company and to introduce it to partners. Those who work "
        "for them in the countries named below may see them, for a purpose that they state and that my company can "
        "read. I can take this back at any time; from then on only my own company sees them."
    ),
}
