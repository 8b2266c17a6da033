from django.urls import include, path

from companies.views import (
    book,
    contacts,
    directory,
    listings,
    members,
    profile,
    registration,
    stand_ins,
    verification,
)

app_name = "companies"

of_company = [
    path("", profile.company_detail, name="company-detail"),
    path("edit/", profile.company_edit, name="company-edit"),
    path("submit/", profile.company_submit, name="company-submit"),
    path("registration/", registration.registration, name="registration"),
    path("registration/contact/", registration.registration_contact, name="registration-contact"),
    path("registration/check/", registration.registration_check, name="registration-check"),
    path("registration/drop/", registration.registration_drop, name="registration-drop"),
    path("registration/<slug:step>/", registration.registration_step, name="registration-step"),
    path("certificates/", registration.certificate_list, name="certificate-list"),
    path("certificates/add/", registration.certificate_add, name="certificate-add"),
    path("certificates/<int:certificate>/", registration.certificate_edit, name="certificate-edit"),
    path("certificates/<int:certificate>/remove/", registration.certificate_remove, name="certificate-remove"),
    path("contacts/", contacts.contact_list, name="contact-list"),
    path("contacts/look/", contacts.contact_look, name="contact-look"),
    path("contacts/add/", contacts.contact_add, name="contact-add"),
    path("contacts/<int:contact>/edit/", contacts.contact_edit, name="contact-edit"),
    path("contacts/<int:contact>/agree/", contacts.contact_agree, name="contact-agree"),
    path("contacts/<int:contact>/withdraw/", contacts.contact_withdraw, name="contact-withdraw"),
    path("contacts/<int:contact>/remove/", contacts.contact_remove, name="contact-remove"),
    path("stand-ins/", stand_ins.stand_in_list, name="stand-in-list"),
    path("stand-ins/begin/", stand_ins.stand_in_begin, name="stand-in-begin"),
    path("stand-ins/<int:stand_in>/end/", stand_ins.stand_in_end, name="stand-in-end"),
    path("members/", members.member_list, name="member-list"),
    path("members/join/", members.member_join, name="member-join"),
    path("members/<int:member>/part/", members.member_part, name="member-part"),
    path("verification/", verification.verification, name="verification"),
    path("verification/facts/", verification.fact_record, name="fact-record"),
    path("verification/let-in/", verification.company_let_in, name="company-let-in"),
    path("verification/send-back/", verification.company_send_back, name="company-send-back"),
    path("verification/suspend/", verification.company_suspend, name="company-suspend"),
    path("verification/screening/", verification.company_screen, name="company-screen"),
]

urlpatterns = [
    path("book/", book.book, name="book"),
    path("book/template-<str:language>.xlsx", book.book_template, name="book-template"),
    path("register/", registration.registration_start, name="registration-start"),
    path("companies/", directory.company_list, name="company-list"),
    path("companies/<int:pk>/", include(of_company)),
    path("needs/<int:pk>/", listings.need_detail, name="need-detail"),
    path("needs/<int:pk>/withdraw/", listings.need_withdraw, name="need-withdraw"),
    path("needs/<int:pk>/close/", listings.need_close, name="need-close"),
    path("capacities/<int:pk>/", listings.capacity_detail, name="capacity-detail"),
    path("capacities/<int:pk>/withdraw/", listings.capacity_withdraw, name="capacity-withdraw"),
    path("capacities/<int:pk>/close/", listings.capacity_close, name="capacity-close"),
]
