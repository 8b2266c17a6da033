"""Permissions that hang on the role alone: one question each, asked by name."""

from accounts.enums import Role


def _has_role(user, *roles: Role) -> bool:
    return user.is_authenticated and user.is_active and user.role in roles


def may_see_every_company(user) -> bool:
    """City staff, embassy officers and administrators read every company, need, capacity and match."""
    return _has_role(user, Role.STAFF, Role.OFFICER, Role.ADMIN)


def may_run_matching(user) -> bool:
    """City staff run the matching."""
    return _has_role(user, Role.STAFF, Role.ADMIN)


def may_decide_on_matches(user) -> bool:
    """City staff and embassy officers shortlist, dismiss and propose."""
    return _has_role(user, Role.STAFF, Role.OFFICER, Role.ADMIN)


def may_export(user) -> bool:
    """City staff and embassy officers carry tables away."""
    return _has_role(user, Role.STAFF, Role.OFFICER, Role.ADMIN)
