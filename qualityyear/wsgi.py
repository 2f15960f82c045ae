"""Owns the WSGI application that gunicorn, waitress and runserver start."""

import os

from qualityyear.waits import SERVING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualityyear.settings")
# Before settings are read: a page waits for less than a command.
os.environ.setdefault(SERVING, "1")

import gc
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from qualityyear.places import Places

application = Places(get_wsgi_application())
# Every page, before anybody asks: the first one would wait for them, and workers that are forked
# afterwards (gunicorn's --preload) share them as long as nothing walks over them.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
