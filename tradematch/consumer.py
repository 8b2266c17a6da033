"""The part of a Celery worker that listens to its broker: as Celery's own, but it outlives a broker that goes away."""

from celery.worker.consumer import Consumer as CeleryConsumer


class Consumer(CeleryConsumer):
    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Give nothing back on the way out: there is nobody to give it to, and kombu 5.7 ends the worker over the try.

        What the worker had in hand is found by the sweepers, or delivered again after the visibility timeout.
        """
        if self.task_consumer:
            self.task_consumer.channel.do_restore = False
        super().on_connection_error_after_connected(exc)
