"""gunicorn's own few lines (started, stopped, a process that died), in the form of all others.

Read before the settings are, so the form comes from the environment alone.
"""

import os

from gunicorn import glogging

from tradematch.logs import FORMATTERS


class Logger(glogging.Logger):
    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        formatter = FORMATTERS[os.environ.get("LOG_FORMAT") or "json"]()
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            handler.setFormatter(formatter)
