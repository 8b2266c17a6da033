"""The part of a Celery worker that listens to its broker: as Celery's own, but it outlives a broker that goes away."""

import logging

from celery.worker.consumer import Consumer as CeleryConsumer
from celery.worker.state import active_requests

log = logging.getLogger(__name__)


class Consumer(CeleryConsumer):
    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Give back what is in hand while the connection still knows its broker, or not at all.

        kombu 5.7 tries it once more over a connection that knows none any more, which ends the worker. What could not
        be given back is found by the sweepers, asked for again by the clock, or delivered after the visibility timeout.
        """
        in_hand = tuple(active_requests)
        if self.task_consumer:
            self._give_back(self.task_consumer.channel)
        super().on_connection_error_after_connected(exc)
        for request in in_hand:  # one that ends now would tell the broker over that same connection
            request.acknowledged = True

    def _give_back(self, channel) -> None:
        try:
            channel.qos.restore_unacked_once()
        except Exception as error:
            log.warning("what was in hand could not be given back: %s", type(error).__name__)
        channel.do_restore = False
