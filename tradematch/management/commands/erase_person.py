"""`erase_person EMAIL --reason WHY`: forget a person for good; the facts of the trade stay, without their name."""

import sys
from itertools import groupby

from django.core.management.base import BaseCommand, CommandError

from tradematch.keeping import erase
from tradematch.keeping.failures import told_in_a_sentence

SHOWN_ROWS = 20


class Command(BaseCommand):
    help = (
        "Forget a person: their account becomes nameless, contact persons with their address are deleted, and the "
        "facts of the trade stay. Cannot be undone. The register of erasures keeps the proof, and a restore repeats it."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        add = parser.add_argument
        add("email", metavar="EMAIL")
        add("--reason", required=True, metavar="WHY", help="kept as proof, so name nobody in it")
        add("--yes", action="store_true", help="do not ask")
        add("--leave-company", action="store_true", help="even if an active company is left without anybody")
        add("--also-named", metavar="NAME", action="append", default=[], help="look for this name, too")
        add(
            "--scrub-texts",
            action="store_true",
            help="replace the address and the names in notes and other texts as well, unread",
        )

    def handle(self, *args, email: str, reason: str, yes: bool, leave_company: bool, **options) -> None:
        person = erase.find_person(email)
        with told_in_a_sentence():
            erase.refuse_erasure(person, leave_company=leave_company)
            if not yes:
                self.ask(person)
            erased = erase.erase_person(
                person,
                reason=reason.strip(),
                also_named=options["also_named"],
                scrub_texts=options["scrub_texts"],
                leave_company=leave_company,
            )
        self.tell(erased)

    def ask(self, person: erase.Person) -> None:
        """Nothing is forgotten by a slip of the finger."""
        if not sys.stdin or not sys.stdin.isatty():
            raise CommandError("Nobody can be asked here whether that is meant: confirm with --yes.")
        account = "their account becomes nameless" if person.account else "there is no account"
        self.stdout.write(f"{person.email}: {account}; {len(person.contacts)} contact persons are deleted.")
        self.stdout.write("This cannot be undone. Type the address again to go on: ", ending="")
        self.stdout.flush()
        if sys.stdin.readline().strip().casefold() != person.email.casefold():
            raise CommandError("Nothing was erased.")

    def tell(self, erased: erase.Erased) -> None:
        say = self.stdout.write
        if erased.account:
            say(f"Erased: the account is now {erased.account.email}; {erased.sessions} sessions were ended.")
        if erased.contacts:
            say(f"Deleted: {erased.contacts} contact persons, with their consents.")
        if not erased.account and not erased.contacts:
            say("Nobody with this address is known here: no account, no contact person.")
        if erased.scrubbed:
            say(f"Replaced by [erased]: {erased.scrubbed} texts.")
        for place, traces in groupby(erased.to_read, lambda trace: (trace.table, trace.column)):
            rows = [trace.row for trace in traces]
            shown = ", ".join(rows[:SHOWN_ROWS]) + (f" and {len(rows) - SHOWN_ROWS} more" if rows[SHOWN_ROWS:] else "")
            say(f"Read and change, if it means this person: {'.'.join(place)}, rows {shown}")
        if erased.to_read:
            say("Or type the command again with --scrub-texts, and --also-named NAME for each name.")
        say("Still to do by hand: var/mail, mailboxes, printed lists. Logs and older backups end by their own term.")
