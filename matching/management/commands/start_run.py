from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from matching import services
from matching.management.following import follow
from matching.models import Run
from matching.tasks import carry_out_run, queue


class Command(BaseCommand):
    help = "Start an official run of the matching."

    def add_arguments(self, parser):
        parser.add_argument("--if-none", action="store_true", help="only when there is no finished run yet")
        parser.add_argument("--wait", action="store_true", help="wait for its end")

    def handle(self, *, if_none: bool, wait: bool, **options):
        if if_none and Run.objects.official().finished().exists():
            return
        run = Run.objects.official().unfinished().first() if if_none else None
        if run is not None:
            # An earlier start left it behind. What somebody still works at is not begun twice.
            queue(services.next_steps(run))
        else:
            try:
                run = services.start_run()
            except ValidationError as refusal:
                raise CommandError(" ".join(refusal.messages)) from None
            carry_out_run.delay_on_commit(run_id=run.pk)
        if wait:
            follow(run)
