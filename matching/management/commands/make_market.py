import time

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.reading.arguments import day_argument
from matching.services.made_book import Wanted, make_book, remove_book

MOST = 2_000_000


class Command(BaseCommand):
    help = "Write a book made by chance, of any size, marked as an example; or take it away again."

    def add_arguments(self, parser):
        add = parser.add_argument
        add("--needs", type=int, metavar="N", help="how many needs")
        add("--capacities", type=int, metavar="N", help="how many capacities")
        add("--seed", type=int, default=1, help="the same seed makes the same book of the same day and catalogue")
        add("--unknown", type=float, default=0.3, metavar="SHARE", help="of the facts that may be unknown: 0 to 1")
        add("--as-of", type=day_argument, metavar="DAY", help="the day it is made for; today, if none is given")
        add("--beside", action="store_true", help="even where the book holds listings of real companies")
        add("--remove", action="store_true", help="take the made book away, and all that was found of it")

    def handle(self, *, needs: int | None, capacities: int | None, seed: int, unknown: float, **options):
        began = time.perf_counter()

        def tell(said: str) -> None:
            self.stderr.write(f"{time.perf_counter() - began:6.1f} s  {said}", self.style.NOTICE)

        try:
            if options["remove"]:
                number = remove_book(tell)
                self.stdout.write(f"Taken away: {number} made companies with their listings.")
                return
            for name, number in (("--needs", needs), ("--capacities", capacities)):
                if number is None or not 1 <= number <= MOST:
                    raise CommandError(f"{name} is a number from 1 to {MOST}.")
            if not 0 <= unknown <= 1:
                raise CommandError("--unknown is a share from 0 to 1.")
            wanted = Wanted(needs, capacities, seed, unknown, options["as_of"] or timezone.localdate())
            make_book(wanted, beside=options["beside"], tell=tell)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(f"Made: {needs} needs and {capacities} capacities of example companies.")
