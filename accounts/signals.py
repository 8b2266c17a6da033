"""What accounts tell the apps above them, which they do not know."""

from django.dispatch import Signal

# A person lost the role or the account with which they acted: sent in the transaction of the change. Carries `person`.
post_ended = Signal()
