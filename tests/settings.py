"""The settings of the tests, however pytest is started: conftest.py would be too late to choose the environment."""

import os

os.environ.setdefault("DJANGO_ENV", "test")

from config.settings import *  # noqa: F403

# WhiteNoise warns where nothing was collected, and warnings are errors here; the tests serve files through the finders.
MIDDLEWARE = [name for name in MIDDLEWARE if name != "whitenoise.middleware.WhiteNoiseMiddleware"]  # noqa: F405
