"""Owns the WSGI application that gunicorn, waitress and runserver start."""

import os

from qualityyear.waits import SERVING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualityyear.settings")
# Before settings are read: a page waits for less than a command.
os.environ.setdefault(SERVING, "1")

from django.core.wsgi import get_wsgi_application

from qualityyear.places import Places

application = Places(get_wsgi_application())
