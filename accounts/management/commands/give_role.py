"""`give_role EMAIL ROLE`: at a terminal, for the first administrator above all."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.enums import Role
from accounts.models import User
from accounts.services import change_role


class Command(BaseCommand):
    help = "Give a person who has an account another role, at once: all their sessions end."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--reason", default="Given at a terminal.", help="kept with the change")

    def handle(self, *args, email, role, reason, **options):
        person = User.objects.filter(email=email.lower()).first()
        if person is None:
            raise CommandError(f"Nobody has an account with {email}: they make one on the sign-in page first.")
        try:
            change_role(person, role=role, reason=reason, by=None)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(f"{person.email} is {Role(role).label} now.")
