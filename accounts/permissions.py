"""Permissions that hang on the role alone: one question each, asked by name."""

from django.conf import settings

from accounts.enums import Role

SAMPLE_DOMAIN = "@example.test"  # belongs to nobody, ever


def _has_role(user, *roles: Role) -> bool:
    return user.is_authenticated and user.is_active and user.role in roles


def may_see_every_company(user) -> bool:
    """City staff, embassy officers and administrators read every company, need, capacity and match."""
    return _has_role(user, Role.STAFF, Role.OFFICER, Role.ADMIN)


def may_run_matching(user) -> bool:
    """City staff run the matching."""
    return _has_role(user, Role.STAFF, Role.ADMIN)


def may_change_weights(user) -> bool:
    """City staff put other weights of the score in force, with a reason."""
    return _has_role(user, Role.STAFF, Role.ADMIN)


def may_decide_on_matches(user) -> bool:
    """City staff and embassy officers shortlist, dismiss and propose."""
    return _has_role(user, Role.STAFF, Role.OFFICER, Role.ADMIN)


def may_export(user) -> bool:
    """City staff and embassy officers carry tables away."""
    return _has_role(user, Role.STAFF, Role.OFFICER, Role.ADMIN)


def may_stand_in(user) -> bool:
    """City staff act for a company that asked for it or cannot do it itself, once they have said why."""
    return _has_role(user, Role.STAFF, Role.ADMIN)


def may_look_at_contacts(user) -> bool:
    """City staff and embassy officers see contact persons for a purpose that is kept."""
    return _has_role(user, Role.STAFF, Role.OFFICER, Role.ADMIN)


def may_read_all_history(user) -> bool:
    """City staff look through the changes of the whole product; officers through those of one thing at a time."""
    return _has_role(user, Role.STAFF, Role.ADMIN)


def may_keep_corridor(user) -> bool:
    """City staff and embassy officers keep quotes and rates, switch legs and pick lines of the tariff."""
    return _has_role(user, Role.STAFF, Role.OFFICER, Role.ADMIN)


def may_switch_preferences(user) -> bool:
    """Embassy officers say since when an agreement on duties is in force, and by which legal reference."""
    return _has_role(user, Role.OFFICER, Role.ADMIN)


def may_manage_people(user) -> bool:
    """Administrators give people their roles, close accounts and help whoever lost a second factor."""
    return _has_role(user, Role.ADMIN)


def may_see_parts(user) -> bool:
    """Administrators see the parts of which pages are made, as whoever builds them does."""
    return _has_role(user, Role.ADMIN)


def needs_second_factor(user) -> bool:
    """City staff, embassy officers and administrators sign in with two factors. Business users may."""
    return _has_role(user, Role.STAFF, Role.OFFICER, Role.ADMIN) and not is_let_off_as_sample(user)


def is_let_off_as_sample(user) -> bool:
    """The sample users of a trial on one machine, as long as they have their sample address; never behind TLS."""
    is_trial = settings.SAMPLE_USERS_WITHOUT_SECOND_FACTOR and not settings.HTTPS
    return is_trial and user.is_sample and user.email.endswith(SAMPLE_DOMAIN)
