"""People who sign in, one of each role. Those of the city and the embassy have a second factor, as the rules ask."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from accounts.enums import Role
from accounts.models import SecondFactor, User
from accounts.sealing import seal
from companies.enums import MemberRole
from companies.models import Company, Membership

PASSWORD = "a-password-of-tests"
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # what the app on the person's telephone keeps


def person(role: Role, *, second_factor: bool | None = None, **facts) -> User:
    """Somebody with a role; the same person when asked twice. Unless told, all but business users have two factors."""
    email = facts.pop("email", f"{role}@example.test")
    if user := User.objects.filter(email=email).first():
        return user
    user = User.objects.create_user(email, PASSWORD, role=role, **facts)
    if role != Role.BUSINESS if second_factor is None else second_factor:
        SecondFactor.objects.create(user=user, type=SecondFactor.Type.TOTP, data={"secret": seal(APP_SECRET)})
    return user


def code_for(user: User) -> str:
    """A code that opens the second step of signing in; another one each time, as each holds once."""
    return RecoveryCodes.activate(user).get_unused_codes()[0]


def sign_in_at(page, base: str, user: User) -> None:
    """Sign in with a browser, on the page that asks for it or on none yet; with both steps where there are two."""
    if "/accounts/login/" not in page.url:
        page.goto(f"{base}/accounts/login/")
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    page.click("main form .primary")
    if SecondFactor.objects.filter(user=user).proving().exists():
        page.fill("#id_code", code_for(user))
        page.click("main form .primary")


def member_of(company: Company) -> User:
    """A business user who acts for a company."""
    user = person(Role.BUSINESS, email=f"{company.code}@example.test")
    Membership.objects.get_or_create(company=company, user=user, defaults={"role": MemberRole.OWNER})
    return user
