"""People who sign in, one of each role."""

from accounts.enums import Role
from accounts.models import User
from companies.enums import MemberRole
from companies.models import Company, Membership

PASSWORD = "a-password-of-tests"


def person(role: Role, **facts) -> User:
    """Somebody with a role; the same person when asked twice."""
    email = facts.pop("email", f"{role}@example.test")
    return User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, role=role, **facts)


def member_of(company: Company) -> User:
    """A business user who acts for a company."""
    user = person(Role.BUSINESS, email=f"{company.code}@example.test")
    Membership.objects.get_or_create(company=company, user=user, defaults={"role": MemberRole.OWNER})
    return user
