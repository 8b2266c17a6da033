"""The door for web servers: gunicorn asks for `application`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from tradematch.encoding import only_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradematch.settings")
os.environ.setdefault("TM_PROCESS", "web")

application = only_utf8(get_wsgi_application())
# Read every page's code now, once for all processes of the server, instead of while its first visitor waits.
_ = get_resolver().url_patterns
