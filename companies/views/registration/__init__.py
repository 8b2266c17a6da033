"""A business registers its company: begins with its number, goes through the steps, sends it."""

from companies.views.registration.papers import (
    certificate_add,
    certificate_edit,
    certificate_file,
    certificate_file_add,
    certificate_file_remove,
    certificate_list,
    certificate_remove,
)
from companies.views.registration.people import registration_contact
from companies.views.registration.sending import registration_check, registration_drop
from companies.views.registration.start import registration_start
from companies.views.registration.steps import registration, registration_step

__all__ = [
    "certificate_add",
    "certificate_edit",
    "certificate_file",
    "certificate_file_add",
    "certificate_file_remove",
    "certificate_list",
    "certificate_remove",
    "registration",
    "registration_check",
    "registration_contact",
    "registration_drop",
    "registration_start",
    "registration_step",
]
