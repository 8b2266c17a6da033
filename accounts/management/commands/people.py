"""`people`: who has an account, at a terminal."""

from django.core.management.base import BaseCommand

from accounts.enums import Role
from accounts.queries import people


class Command(BaseCommand):
    help = "List people: role, whether a second factor is set, whether the account is open, e-mail address, name."

    def add_arguments(self, parser):
        parser.add_argument("--role", choices=Role.values, help="only these")

    def handle(self, *args, role, **options):
        found = people().filter(role=role) if role else people()
        for person in found.order_by("role", "email"):
            factor = "second factor" if person.has_second_factor else "password only"
            state = "open" if person.is_active else "closed"
            self.stdout.write(f"{person.role:<8}  {factor:<13}  {state:<6}  {person.email}  {person.name}".rstrip())
