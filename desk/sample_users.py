"""One sample user a role, for a first look. Their passwords are random in each data folder and kept only there.

They are marked as samples: a trial on one machine lets them in without a second factor (docs/accounts.md).
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from companies.enums import CompanyKind, CompanyStatus, MemberRole
from companies.models import Company, Membership

FILE_NAME = "sample_sign_ins.json"
# Who they are: role, e-mail, name, language. example.test belongs to nobody, ever.
PEOPLE = (
    (Role.BUSINESS, "business@example.test", "Business user (example)", "id"),
    (Role.OFFICER, "officer@example.test", "Embassy officer (example)", "ru"),
    (Role.STAFF, "staff@example.test", "City staff (example)", "id"),
    (Role.ADMIN, "admin@example.test", "Administrator (example)", "en"),
)


@dataclass(frozen=True)
class SignIn:
    role: str
    email: str
    password: str


@transaction.atomic
def ensure_sample_users(folder: Path, *, keep_passwords: bool = False) -> list[SignIn]:
    """Create them once; where the file with the passwords is lost, or is another's, give them new passwords.

    With `keep_passwords` a user who is there keeps the password that somebody gave, and is left out of the answer.
    """
    known = {sign_in.email: sign_in for sign_in in read(folder / FILE_NAME)}
    sign_ins = []
    for role, email, name, language in PEOPLE:
        sign_in = known.get(email) or SignIn(role, email, secrets.token_urlsafe(12))
        user = User.objects.filter(email=email).first()
        if user is None:
            facts = {"role": role, "name": name, "language": language, "is_sample": True}
            user = User.objects.create_user(email, sign_in.password, **facts)
        elif not user.check_password(sign_in.password):
            if keep_passwords:
                continue
            user.set_password(sign_in.password)
            user.save(update_fields=["password"])
        if not user.is_sample:  # made before samples were marked
            user.is_sample = True
            user.save(update_fields=["is_sample"])
        if role == Role.BUSINESS:
            join_example_company(user)
        sign_ins.append(sign_in)
    if {sign_in.email: sign_in for sign_in in sign_ins} != known:
        write(folder / FILE_NAME, sign_ins)
    return sign_ins


def join_example_company(user: User) -> None:
    """The business user acts for an example company that needs and supplies; without one, a later call joins it."""
    if user.memberships.exists():
        return
    examples = Company.objects.filter(kind=CompanyKind.EXAMPLE, status=CompanyStatus.ACTIVE)
    examples = examples.order_by("country", "code")  # one from Indonesia, whose language this user reads
    listed = [company for company in examples if company.needs.exists() and company.capacities.exists()]
    if company := next(iter(listed), examples.first()):
        Membership.objects.create(company=company, user=user, role=MemberRole.OWNER)


def read(path: Path) -> list[SignIn]:
    """What the file says; nothing where it is missing or not whole."""
    try:
        return [SignIn(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def write(path: Path, sign_ins: list[SignIn]) -> None:
    """For the owner's eyes only, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([asdict(sign_in) for sign_in in sign_ins], file, indent=2)
    draft.replace(path)
