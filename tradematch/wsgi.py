"""The door for web servers: gunicorn asks for `application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from tradematch.encoding import only_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradematch.settings")
os.environ.setdefault("TM_PROCESS", "web")

application = only_utf8(get_wsgi_application())
# Read every page's code now, once for all processes of the server, instead of while its first visitor waits.
_ = get_resolver().url_patterns

# What has been read by now stays for good. Python's collector would go through all of it at every twentieth long page,
# for a sixth of a second in which that page waits; frozen, it is passed over. A long page makes thousands of objects
# and leaves few, so the rest is looked at less often too.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
