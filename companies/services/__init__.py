"""What can be done with companies and what they state: one function for each action."""

from companies.services.asking import answer_question, ask_company
from companies.services.capacities import edit_capacity, open_capacity
from companies.services.claims import accept_claim, make_claim, refuse_claim, withdraw_claim
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
from companies.services.invitations import (
    accept_invitation,
    invite_member,
    make_handover,
    take_over,
    withdraw_invitation,
)
from companies.services.listings import close_listing, pause_listing, resume_listing, withdraw_listing
from companies.services.members import change_role, join_member, leave_company, part_member
from companies.services.needs import edit_need, open_need
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
from companies.services.renewing import renew_listing
from companies.services.stand_ins import begin_stand_in, end_stand_in
from companies.services.verification import (
    check_certificate,
    let_in,
    mark_line,
    record_fact,
    screen,
    send_back,
    suspend_company,
)

__all__ = [
    "accept_claim",
    "accept_invitation",
    "add_certificate_file",
    "add_contact",
    "add_contact_once",
    "add_member",
    "answer_question",
    "ask_company",
    "begin_registration",
    "begin_stand_in",
    "change_role",
    "check_certificate",
    "close_listing",
    "drop_registration",
    "edit_capacity",
    "edit_contact",
    "edit_need",
    "edit_profile",
    "end_stand_in",
    "give_consent",
    "invite_member",
    "join_member",
    "leave_company",
    "let_in",
    "look_at_contacts",
    "make_claim",
    "make_handover",
    "mark_line",
    "open_capacity",
    "open_need",
    "part_member",
    "pause_listing",
    "record_fact",
    "refuse_claim",
    "register_company",
    "remove_certificate",
    "remove_certificate_file",
    "remove_contact",
    "renew_listing",
    "resume_listing",
    "save_step",
    "screen",
    "send_back",
    "send_registration",
    "state_certificate",
    "submit_company",
    "suspend_company",
    "take_over",
    "withdraw_claim",
    "withdraw_consent",
    "withdraw_invitation",
    "withdraw_listing",
]
