"""What can be done with companies and what they state: one function for each action."""

from companies.services.capacities import close_capacity, open_capacity, withdraw_capacity
from companies.services.companies import add_member, register_company
from companies.services.contacts import (
    add_contact,
    edit_contact,
    give_consent,
    look_at_contacts,
    remove_contact,
    withdraw_consent,
)
from companies.services.files import add_certificate_file, remove_certificate_file
from companies.services.members import join_member, part_member
from companies.services.needs import close_need, open_need, withdraw_need
from companies.services.profiles import edit_profile, submit_company
from companies.services.registration import (
    add_contact_once,
    begin_registration,
    drop_registration,
    remove_certificate,
    save_step,
    send_registration,
    state_certificate,
)
from companies.services.stand_ins import begin_stand_in, end_stand_in
from companies.services.verification import check_certificate, let_in, record_fact, screen, send_back, suspend_company

__all__ = [
    "add_certificate_file",
    "add_contact",
    "add_contact_once",
    "add_member",
    "begin_registration",
    "begin_stand_in",
    "check_certificate",
    "close_capacity",
    "close_need",
    "drop_registration",
    "edit_contact",
    "edit_profile",
    "end_stand_in",
    "give_consent",
    "join_member",
    "let_in",
    "look_at_contacts",
    "open_capacity",
    "open_need",
    "part_member",
    "record_fact",
    "register_company",
    "remove_certificate",
    "remove_certificate_file",
    "remove_contact",
    "save_step",
    "screen",
    "send_back",
    "send_registration",
    "state_certificate",
    "submit_company",
    "suspend_company",
    "withdraw_capacity",
    "withdraw_consent",
    "withdraw_need",
]
