"""The door for web servers: gunicorn asks for `application`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradematch.settings")

application = get_wsgi_application()
# Read every page's code now, once for all processes of the server, instead of while its first visitor waits.
_ = get_resolver().url_patterns
