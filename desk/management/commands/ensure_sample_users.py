"""`ensure_sample_users`: one user a role for a first look, and how they sign in."""

import json
from dataclasses import asdict

from django.conf import settings
from django.core.management.base import BaseCommand

from desk.sample_users import ensure_sample_users


class Command(BaseCommand):
    help = "Create one sample user a role where they are missing; how each signs in is kept in the data folder."

    def add_arguments(self, parser):
        parser.add_argument(
            "--keep-passwords", action="store_true", help="leave the password of a user who is there already"
        )
        parser.add_argument("--json", action="store_true", help="print a list of role, email, password")

    def handle(self, *args, **options):
        sign_ins = ensure_sample_users(settings.DATA_DIR, keep_passwords=options["keep_passwords"])
        if options["json"]:
            self.stdout.write(json.dumps([asdict(sign_in) for sign_in in sign_ins], indent=2))
            return
        for sign_in in sign_ins:
            self.stdout.write(f"{sign_in.role:<10} {sign_in.email}")
